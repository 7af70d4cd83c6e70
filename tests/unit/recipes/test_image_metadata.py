"""Recipes inside picture files: there and back, past what strangers may have put there."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from nst.errors import FileError, ImageError, RecipeError
from nst.images import io as images
from nst.recipes import image_metadata
from nst.recipes.json import to_json
from nst.settings.engines import Settings
from tests.support.made_recipes import SETTINGS, recipe
from tests.support.pictures import gradient, saved

FORMATS = ["png", "jpeg", "webp", "avif"]


def with_xmp(packet: bytes, format: str = "WEBP") -> bytes:
    return saved(Image.fromarray(gradient()), format, xmp=packet)


def with_text(text: str) -> bytes:
    info = PngInfo()
    info.add_itxt("nst-recipe", text, zip=True)
    return saved(Image.fromarray(gradient()), "PNG", pnginfo=info)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("format", FORMATS)
def test_a_recipe_goes_there_and_back(format: str, settings: Settings) -> None:
    file = image_metadata.encode(gradient(), format, recipe(settings))
    assert image_metadata.read(file) == recipe(settings)


@pytest.mark.parametrize("format", [*FORMATS, "bmp", "tiff"])
def test_the_picture_is_the_same_with_and_without(format: str) -> None:
    bare = image_metadata.encode(gradient(), format, None)
    assert bare == images.encode(gradient(), format)
    np.testing.assert_array_equal(
        images.read(image_metadata.encode(gradient(), format, recipe())).rgb, images.read(bare).rgb
    )


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".avif"])
def test_files_have_it_too(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    image_metadata.write(gradient(), path, recipe())
    assert image_metadata.read(path) == recipe()


def test_a_transparent_picture_can_have_it() -> None:
    pixels = np.dstack([gradient(), np.full((40, 60), 77, np.uint8)])
    file = image_metadata.encode(pixels, "png", recipe())
    assert image_metadata.read(file) == recipe()
    alpha = images.read(file).alpha
    assert alpha is not None and (alpha == 77).all()


def test_other_programs_see_where_a_picture_is_from() -> None:
    with Image.open(BytesIO(image_metadata.encode(gradient(), "png", recipe()))) as file:
        assert file.info["Software"].startswith("NST Studio ")
        assert json.loads(file.info["nst-recipe"])["engine"] == "optimize"
    with Image.open(BytesIO(image_metadata.encode(gradient(), "jpeg", recipe()))) as file:
        packet = ElementTree.fromstring(file.info["xmp"].decode().lstrip("\ufeff"))
    creator = packet.find(".//{http://ns.adobe.com/xap/1.0/}CreatorTool")
    assert creator is not None and str(creator.text).startswith("NST Studio ")
    said = packet.find(".//{urn:nst-studio:recipe:1}recipe")
    assert said is not None and json.loads(str(said.text))["engine"] == "optimize"


def test_xmp_that_another_program_wrote_anew_is_read() -> None:
    """Many write properties as attributes, with a prefix of their own, and go from one format to another."""
    text = to_json(recipe()).replace("&", "&amp;").replace('"', "&quot;")
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<r:Description xmlns:q="urn:nst-studio:recipe:1" q:recipe="{text}"/></r:RDF></x:xmpmeta>'
    ).encode()
    assert image_metadata.read(with_xmp(packet)) == recipe()
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet.decode())
    assert image_metadata.read(saved(Image.fromarray(gradient()), "PNG", pnginfo=info)) == recipe()


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_picture_without_settings_says_so(format: str) -> None:
    with pytest.raises(RecipeError, match=r"'cat.jpg' contains no settings.*originally saved"):
        image_metadata.read(saved(Image.fromarray(gradient()), format), "'cat.jpg'")


def test_unreadable_picture_gives_an_error(tmp_path: Path) -> None:
    for data in (b"", b"nst-recipe", json.dumps({"nst-recipe": 1}).encode()):
        with pytest.raises(ImageError):
            image_metadata.read(data, "'x.png'")
    with pytest.raises(FileError, match="no such file"):
        image_metadata.read(tmp_path / "none.png", "'none.png'")


BOMB = '<!DOCTYPE x [<!ENTITY a "{}">]><x xmlns:n="urn:nst-studio:recipe:1"><n:recipe>&a;</n:recipe></x>'


@pytest.mark.parametrize(
    "packet",
    [
        b"<",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        BOMB.format("lol").encode(),
        BOMB.format("lol").encode("utf-16"),
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        b"<x>" * 9000 + b"</x>" * 9000,
        b"<x>" + b"y" * 200_000 + b"</x>",
        b'<x xmlns:n="urn:nst-studio:recipe:1"><n:recipe/></x>',
    ],
    ids=range(9),
)
def test_hostile_xmp_is_as_good_as_none(packet: bytes) -> None:
    with pytest.raises(RecipeError, match="picture contains no settings"):
        image_metadata.read(with_xmp(packet))


@pytest.mark.parametrize("text", ["{", "[" * 40_000, "9" * 50_000, '{"nst-recipe": 1, "engine": "<script>"}'])
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(RecipeError, match="Cannot use the settings in picture") as refusal:
        image_metadata.read(with_text(text))
    assert len(str(refusal.value)) < 300


def test_text_that_unfolds_to_gigabytes_is_refused_before_it_does() -> None:
    with pytest.raises((ImageError, RecipeError)):
        image_metadata.read(with_text("0" * 50_000_000))
