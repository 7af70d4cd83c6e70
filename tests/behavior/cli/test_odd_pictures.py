"""Tiny photos and narrow results on the command line."""

from __future__ import annotations

import pytest

from nst.images import io as images
from tests.support.cli_runs import run
from tests.support.pictures import gradient

pytestmark = pytest.mark.usefixtures("folder")


def test_blend_and_init_image_take_our_own_narrow_result():
    images.write(gradient(2900, 145), "pano.png")
    assert run("stylize pano.png red.png -o out.png --size 290 --engine fast") == 0
    assert size_of("out.png") == (290, 14)
    assert run("blend pano.png out.png -o mixed.png --amount 50") == 0
    assert size_of("mixed.png") == (290, 14)
    assert run("stylize pano.png red.png -o again.png --size 290 --steps 1 --init-image out.png") == 0


def test_a_tiny_photo_is_named_before_it_is_painted(capsys):
    images.write(gradient(24, 28), "tiny.png")
    assert run("stylize tiny.png red.png -o out.png --steps 1 --size 64") == 0
    assert "24 x 28 pixels are too few to look good" in capsys.readouterr().err
    assert run("stylize photo.png red.png -o out.png --steps 1 --size 64") == 0
    assert "too few" not in capsys.readouterr().err


def size_of(path: str) -> tuple[int, int]:
    height, width = images.read(path, any_shape=True).rgb.shape[:2]
    return width, height
