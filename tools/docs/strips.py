"""Strips of captioned images, each a JPEG small enough for a page."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

from nst.images.io import Pixels

LIMIT = 81_000  # maximum bytes of a strip
QUALITIES = range(76, 35, -2)  # of JPEG; the best within the limit is used
TILE, GAP, CAPTION = 280, 8, 24  # pixels: width of a tile, gap between tiles, height of a caption
INK, PAPER = "#333333", "white"


class Tile(NamedTuple):
    """An image of a strip and its caption."""

    caption: str
    pixels: Pixels


def sheet(tiles: Sequence[Tile], columns: int) -> Image.Image:
    """Arrange tiles with captions in rows of `columns` tiles, all in the shape of the last tile.

    Tiles of another shape are center-cropped.
    """
    height, width = tiles[-1].pixels.shape[:2]
    size = TILE, round(TILE * height / width)
    rows = -(-len(tiles) // columns)
    font = ImageFont.load_default(CAPTION * 0.65)
    found = Image.new("RGB", (columns * (TILE + GAP) - GAP, rows * (size[1] + CAPTION + GAP) - GAP), PAPER)
    draw = ImageDraw.Draw(found)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        left, top = column * (TILE + GAP), row * (size[1] + CAPTION + GAP)
        found.paste(ImageOps.fit(Image.fromarray(tile.pixels), size, Image.Resampling.LANCZOS), (left, top))
        middle = left + TILE / 2, top + size[1] + CAPTION / 2
        draw.text(middle, tile.caption, fill=INK, font=font, anchor="mm")
    return found


def save(image: Image.Image, path: Path, limit: int = LIMIT) -> int:
    """Write a JPEG of at most `limit` bytes at the best possible quality, and return this quality.

    Raises AssertionError if the file is too large even at the lowest quality.
    """
    for quality in QUALITIES:
        stream = BytesIO()
        image.save(stream, "JPEG", quality=quality, optimize=True, progressive=True)
        if stream.tell() <= limit:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(stream.getvalue())
            return quality
    raise AssertionError(f"{path.name} takes {stream.tell()} bytes at quality {quality}: it needs fewer tiles")
