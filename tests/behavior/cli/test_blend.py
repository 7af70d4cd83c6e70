"""nst blend: two files in, one out, and no engine."""

from __future__ import annotations

import numpy as np
import pytest

import nst
from nst.images import io as images
from tests.support.cli_runs import names, run, size
from tests.support.pictures import gradient

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture(autouse=True)
def painting(folder):
    """A possible result for photo.png, at half its size."""
    pixels = 255 - gradient(100, 50)
    images.write(pixels, "painting.png")
    return pixels


def test_the_photo_is_mixed_in_at_the_size_of_the_painting(painting, capsys):
    assert run("blend photo.png painting.png -o out.png --amount 70") == 0
    assert capsys.readouterr() == ("out.png\n", "")
    photo = images.resize(images.read("photo.png").rgb, (100, 50))
    assert np.array_equal(images.read("out.png").rgb, nst.blend(photo, painting, 70))


def test_all_of_the_painting_is_the_painting(painting):
    assert run("blend photo.png painting.png -o out.png --amount 100") == 0
    assert np.array_equal(images.read("out.png").rgb, painting)


def test_transparency_is_kept(painting):
    alpha = np.repeat(np.arange(50, dtype=np.uint8)[:, None] * 5, 100, 1)
    images.write(np.dstack([painting, alpha]), "cut.png")
    assert run("blend photo.png cut.png -o out.png --amount 30") == 0
    found = images.read("out.png")
    assert np.array_equal(found.alpha, alpha)
    photo = images.resize(images.read("photo.png").rgb, (100, 50))
    assert np.array_equal(found.color[alpha > 20], nst.blend(photo, painting, 30)[alpha > 20])  # no white is mixed in


def test_proportions_may_differ_by_a_rounded_pixel():
    images.write(gradient(101, 67), "odd.png")
    images.write(gradient(64, 42), "small.png")
    assert run("blend odd.png small.png -o out.png --amount 50") == 0
    assert size("out.png") == (64, 42)


def test_a_photo_of_another_picture_is_refused(capsys, folder):
    before = names(folder)
    assert run("blend red.png painting.png -o out.png --amount 50") == 1
    out, err = capsys.readouterr()
    assert not out
    assert err == (
        "nst: Cannot blend photo 'red.png': it has 50x50 pixels, the painting 100x50; their shapes differ. "
        "Give the photo of this painting.\n"
    )
    assert names(folder) == before


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("photo.png painting.png -o out.png --amount 101", 1, "amount must be between 0"),
        ("photo.png painting.png -o out.txt --amount 50", 1, "'.txt'"),
        ("lost.png painting.png -o out.png --amount 50", 1, "photo 'lost.png'"),
        ("photo.png lost.png -o out.png --amount 50", 1, "painting 'lost.png'"),
        ("photo.png painting.png -o out.png", 2, "--amount"),
    ],
)
def test_invalid_input_gives_an_error(line, code, said, capsys, folder):
    before = names(folder)
    assert run(f"blend {line}") == code
    assert said in capsys.readouterr().err
    assert names(folder) == before
