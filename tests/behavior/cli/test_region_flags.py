"""--mask and --region of nst stylize; with the fake engine."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from nst import masks
from nst.cli.regions import regions
from nst.errors import SettingsError
from nst.images import io as images
from nst.run.regions import Region
from tests.support import fake_engine
from tests.support.cli_runs import asked, names, run
from tests.support.pictures import gradient

LINE = "stylize photo.png red.png blue.png -o out.png --steps 1"


@pytest.fixture(autouse=True)
def pictures(engine, folder):
    """mask.png, and a photo of a person under person.png."""
    images.write(gradient(200, 100), "mask.png")
    images.write(images.fit(data.astronaut(), 300), "person.png")
    return folder


def test_without_the_flags_there_are_no_regions():
    assert run(LINE) == 0
    assert not asked().get("regions")


def test_a_mask_leaves_the_rest_as_it_is():
    assert run(f"{LINE} --mask mask.png") == 0
    assert asked()["regions"] == [Region(None, strength=0), Region("mask.png")]


def test_a_region_of_a_file_with_all_that_can_be_said():
    assert run(f"{LINE} --region mask.png:strength=30.5,style=2,feather=0") == 0
    assert asked()["regions"] == [Region("mask.png", style=1, strength=30.5, feather=0)]


def test_regions_keep_their_order():
    line = "--region mask.png:strength=10 --region elsewhere:style=1,strength=0 --region blue.png"
    assert run(f"{LINE} {line}") == 0
    assert asked()["regions"] == [Region("mask.png", strength=10), Region(None, 0, 0), Region("blue.png")]


def test_a_mask_and_regions_go_together():
    assert run(f"{LINE} --mask mask.png --region blue.png:style=2") == 0
    assert asked()["regions"] == [Region(None, strength=0), Region("mask.png"), Region("blue.png", style=1)]


@pytest.mark.parametrize("place", ["subject", "background", "faces"])
def test_a_place_is_found_in_the_photo(place):
    (region,) = regions(None, [f"{place}:strength=20"], "person.png", 1)
    assert np.array_equal(region.mask, getattr(masks, place)(images.read("person.png").rgb))
    assert (region.style, region.strength) == (None, 20)


def test_a_files_name_may_have_colons():
    parsed = regions(None, ["C:/a:b.png", "C:/a.png:style=1", "sky.png"], "person.png", 1)
    assert [(each.mask, each.style) for each in parsed] == [("C:/a:b.png", None), ("C:/a.png", 0), ("sky.png", None)]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("--region faces", "No face was found in 'photo.png'"),
        (
            "--region mask.png:size=3",
            "expected strength=NUMBER, style=NUMBER, feather=NUMBER, separated by commas; received 'size=3'",
        ),
        ("--region sky:90", "--region 'sky:90': expected strength=NUMBER"),
        ("--region mask.png:strength=much", "strength must be a number, received 'much'"),
        ("--region mask.png:style=1.5", "style must be a whole number, received '1.5'"),
        ("--region mask.png:strength=120", "A region's strength must be between 0 and 100, received 120."),
        ("--region mask.png:feather=-1", "A feather must be between 0 and 25 percent, received -1."),
        ("--region mask.png:style=3", "A region's style must be 1 to 2, in the order of the STYLEs; received 3."),
        ("--region mask.png:style=0", "received 0."),
        ("--region elsewhere:feather=3", "elsewhere has no edge"),
        ("--region elsewhere:strength=3 --mask mask.png", "--mask keeps the photo elsewhere"),
    ],
)
def test_invalid_regions_are_refused_before_painting(said, message, folder, capsys):
    before = names(folder)
    assert run(f"{LINE} {said}") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert names(folder) == before
    assert fake_engine.script.calls == []


def test_one_style_is_number_one():
    with pytest.raises(SettingsError, match="A region's style must be 1, because there is one STYLE; received 2"):
        regions(None, ["mask.png:style=2"], "photo.png", 1)


@pytest.mark.parametrize(("flag", "recognizable"), [("--keep-faces", 50), ("--keep-faces 80", 80)])
def test_faces_are_kept_recognizable(flag, recognizable):
    assert run(f"{LINE.replace('photo', 'person')} {flag}") == 0
    protection = asked()["protection"]
    assert protection.recognizable == recognizable
    np.testing.assert_array_equal(protection.mask, masks.likeness(images.read("person.png").rgb))


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("--keep-faces", "No face was found in 'photo.png'"),
        ("--keep-faces 101", "recognizable must be between 0 and 100"),
    ],
)
def test_faces_that_cannot_be_kept_are_reported_before_the_run(capsys, flag, said):
    assert run(f"{LINE} {flag}") == 1
    assert said in capsys.readouterr().err


def test_without_the_flag_nothing_is_protected():
    assert run(LINE) == 0
    assert asked()["protection"] is None
