"""Valid and invalid values of a recipe."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nst.errors import RecipeError
from nst.recipes.recipe import LONGEST, MOST_STYLES, InputImage, Recipe
from nst.settings.engines import FastSettings, OptimizeSettings
from tests.support.made_recipes import NIGHT, PHOTO, WAVES


def test_a_picture_is_known_by_the_hash_of_its_file_and_its_name_without_folders(tmp_path: Path) -> None:
    file = tmp_path / "my photo.jpg"
    file.write_bytes(b"pixels")
    expected = InputImage("my photo.jpg", blake2b(b"pixels", digest_size=16).hexdigest())
    assert InputImage.of(file, str(file)) == expected
    assert InputImage.of(str(file), str(file)) == expected
    assert InputImage.of(b"pixels", "C:\\Users\\me\\my photo.jpg") == expected
    assert InputImage.of(np.zeros((4, 4, 3), np.uint8), "an array").digest != expected.digest


@pytest.mark.parametrize("name", ["", "a/..", "..", "/", "\n\t", "\u202egpj.exe", "x" * 1000, "folder/"])
def test_whatever_a_file_is_called_its_recipe_can_be_made(name: str) -> None:
    made = InputImage.of(b"", name).name
    assert made.isprintable() and 0 < len(made) <= LONGEST and "/" not in made and made.strip(".")


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/etc/passwd", "C:\\x", "a\nb", "a\x00", "x" * 81, 7, None])
def test_a_picture_with_a_path_or_an_unprintable_name_is_refused(name: Any) -> None:
    with pytest.raises(RecipeError, match="name of a picture"):
        InputImage(name, "0" * 32)


@pytest.mark.parametrize("digest", ["", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "0" * 32 + "\n", 0, None])
def test_a_hash_is_32_digits(digest: Any) -> None:
    with pytest.raises(RecipeError, match="32 hexadecimal digits"):
        InputImage("x.png", digest)


def test_the_file_of_weights_is_left_out() -> None:
    assert Recipe(settings=OptimizeSettings(weights="/home/me/vgg.h5")).settings == OptimizeSettings()
    magenta = FastSettings(network="magenta", weights="/home/me/magenta")
    assert Recipe(settings=magenta).settings == FastSettings(network="magenta")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"styles": (WAVES,) * (MOST_STYLES + 1)}, "at most .* styles"),
        ({"styles": (WAVES, NIGHT), "style_weights": (1.0,)}, "2 numbers"),
        ({"styles": (WAVES, NIGHT), "style_weights": (0.0, 0.0)}, "not all 0"),
        ({"styles": (WAVES,), "style_weights": (float("nan"),)}, "style_weights"),
        ({"styles": (WAVES,), "style_weights": (-1,)}, "of 0 or more"),
        ({"recognizable": 101}, "from 0 to 100"),
        ({"recognizable": float("inf")}, "'recognizable'"),
        ({"photo_share": -1}, "'photo_share'"),
        ({"photo_share": True}, "'photo_share'"),
        ({"network": "x" * 81}, "'network'"),
        ({"network": "a\nb"}, "'network'"),
        ({"nst": 1}, "'nst'"),
        ({"masked": "yes"}, "true or false"),
        ({"ended_at": -1}, "'ended_at'"),
        ({"ended_at": 1.5}, "whole number"),
    ],
)
def test_invalid_values_are_refused(entries: dict[str, Any], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        Recipe(settings=OptimizeSettings(), content=PHOTO, **entries)


def test_the_network_that_was_used_takes_the_place_of_auto() -> None:
    assert Recipe(settings=OptimizeSettings(), network="lite").resolved == OptimizeSettings(network="lite")
    chosen = OptimizeSettings(network="vgg19")
    assert Recipe(settings=chosen, network="lite").resolved == chosen
    assert Recipe(settings=OptimizeSettings(), network="palette").resolved == OptimizeSettings()
    assert Recipe(settings=FastSettings(), network="fast").resolved == FastSettings()


def test_recipes_of_earlier_versions_mean_the_network_fast() -> None:
    found = Recipe(settings=FastSettings(network="micro", strength=60), network="micro")
    assert found.settings.network == found.resolved.network == "fast"
    assert found.resolved == FastSettings(strength=60)
