"""Recipes in image metadata: an iTXt chunk in PNG, XMP in JPEG, WebP and AVIF.

The other writable formats have no metadata field that other programs reliably preserve.
"""

from __future__ import annotations

from os import PathLike
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from PIL.PngImagePlugin import PngInfo

from nst.errors import RecipeError
from nst.images import io as images
from nst.images.io import QUALITY, WRITABLE, Pixels
from nst.recipes.json import LARGEST, from_json, to_json
from nst.recipes.recipe import Recipe
from nst.system.files import check_suffix

CARRIERS = ("png", "jpeg", "webp", "avif")  # formats that can hold a recipe

SIZED = ("png", "jpeg", "tiff", "bmp")  # formats that can hold dots per inch

_KEY = "nst-recipe"  # keyword of the PNG chunk
_SPACE = "urn:nst-studio:recipe:1"  # namespace of the XMP property
_PROPERTY = f"{{{_SPACE}}}recipe"
_LARGEST_XMP = 2 * LARGEST  # bytes; an escaped quote takes six, and other programs may add their own metadata
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:nst="{space}">'
    "<xmp:CreatorTool>NST Studio {version}</xmp:CreatorTool><nst:recipe>{recipe}</nst:recipe>"
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def encode(pixels: Pixels, format: str, recipe: Recipe | None, quality: int = QUALITY, dpi: int | None = None) -> bytes:
    """Encode an image like images.encode(), with recipe and dots per inch if given and supported by the format."""
    return images.encode(pixels, format, quality, **_carried(format, recipe), **_resolution(format, dpi))


def write(pixels: Pixels, path: str | PathLike[str], recipe: Recipe | None, dpi: int | None = None) -> None:
    """Write an image like images.write(), with recipe and dots per inch if given and supported by the format."""
    format = WRITABLE[check_suffix(path, WRITABLE)]
    images.write(pixels, path, **_carried(format, recipe), **_resolution(format, dpi))


def read(source: str | PathLike[str] | bytes, name: str = "picture") -> Recipe:
    """Read the recipe of an image file.

    Raises ImageError if the file is not a readable image, RecipeError if its recipe is missing or invalid.
    """
    notes = images.notes(source, name)
    text = notes.get(_KEY)
    if not isinstance(text, str):
        text = _from_xmp(notes.get("xmp", b""))
    if text is None:
        raise RecipeError(
            f"{name} contains no settings. They may have been left out when saving, or removed by another program or a "
            "messenger. Use the file originally saved from NST Studio."
        )
    return from_json(text, f"the settings in {name}")


def _carried(format: str, recipe: Recipe | None) -> dict[str, Any]:
    """Return the arguments of Pillow's save() that embed the recipe; empty if there is none or no support for it."""
    if recipe is None or format not in CARRIERS:
        return {}
    text = to_json(recipe)
    if format == "png":
        info = PngInfo()
        info.add_text("Software", f"NST Studio {recipe.nst}")
        info.add_itxt(_KEY, text)
        return {"pnginfo": info}
    packet = _XMP.format(space=_SPACE, version=escape(recipe.nst), recipe=escape(text))
    return {"xmp": packet.encode()}


def _resolution(format: str, dpi: int | None) -> dict[str, Any]:
    """Return the arguments of Pillow's save() that store dots per inch; empty if there are none or no support."""
    return {"dpi": (dpi, dpi)} if dpi is not None and format in SIZED else {}


def _from_xmp(packet: object) -> str | None:
    """Return the recipe text in an XMP packet written by any program, or None."""
    if not isinstance(packet, bytes) or not 0 < len(packet) <= _LARGEST_XMP:
        return None
    try:
        text = packet.decode().strip("\ufeff\x00 \r\n\t")
        if "<!" in text:  # XMP has no declarations; entity declarations allow exponential expansion
            return None
        root = ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError):
        return None
    for element in root.iter():
        found = element.get(_PROPERTY) or (element.text if element.tag == _PROPERTY else None)
        if found is not None:
            return found
    return None
