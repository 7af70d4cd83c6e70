"""nst enlarge: a result repainted for a print."""

from __future__ import annotations

import pytest
from PIL import Image

import nst
from tests.support.cli_runs import asked, run, size

pytestmark = pytest.mark.usefixtures("engine", "folder")


@pytest.fixture(autouse=True)
def small(folder, engine):
    """A result of 64x32 pixels with its settings."""
    assert run("stylize photo.png red.png blue.png -o small.png --size 64 --strength 55 --style-weights 1,2") == 0


def test_the_result_is_repainted_from_the_small_one_with_its_settings():
    assert run("enlarge small.png photo.png red.png blue.png -o large.png --size 160") == 0
    assert size("large.png") == (160, 80)
    settings = asked()["settings"]
    assert isinstance(settings, nst.OptimizeSettings)
    assert (settings.size, settings.strength, settings.init, settings.levels) == (160, 55, "image", 1)
    assert asked()["init_image"] == "small.png"
    assert asked()["style_weights"] == (1, 2)


def test_a_print_has_the_size_and_the_resolution_of_its_paper():
    assert run("enlarge small.png photo.png red.png blue.png -o print.png --paper postcard --dpi 150") == 0
    assert size("print.png") == (874, 620)  # 148 x 105 mm at 150 / 25.4 pixels per mm
    with Image.open("print.png") as image:
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    assert asked()["settings"].size == 1240  # twice as wide as high, so that the height is covered


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_other_formats_keep_the_resolution(suffix):
    assert run(f"enlarge small.png photo.png red.png blue.png -o print.{suffix} --paper postcard --dpi 150") == 0
    with Image.open(f"print.{suffix}") as image:
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)


def test_a_size_that_is_not_larger_is_refused(capsys):
    capsys.readouterr()
    assert run("enlarge small.png photo.png red.png blue.png -o large.png --size 64") == 1
    assert capsys.readouterr().err == (
        "nst: The picture has 64x32 pixels, and the new long side would be 64. "
        "Choose a larger --size, --paper or --dpi.\n"
    )


def test_a_picture_without_settings_is_refused(capsys):
    assert run("enlarge photo.png photo.png red.png -o large.png --size 400") == 1
    assert "'photo.png' contains no settings." in capsys.readouterr().err


def test_the_result_is_not_overwritten(capsys):
    assert run("enlarge small.png photo.png red.png blue.png -o small.png --size 160") == 1
    assert "'small.png' is an input and would be overwritten." in capsys.readouterr().err
