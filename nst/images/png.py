"""Parsing of PNG chunks that Pillow refuses or does not apply. See the W3C recommendation PNG, Third Edition."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from nst.images.color_space import Coding

GRAY, RGB, RGBA = 0, 2, 6  # color types
MOST_TEXT = 1_000_000  # bytes of one text; Pillow refuses a file with a longer one
ALL_TEXT = 32_000_000  # bytes of all texts
MOST_ICC = 32_000_000  # bytes of a color profile
# Gamma that writers store for sRGB, and the difference below which another one is the same (both as in libpng).
SRGB_GAMMA, SAME_GAMMA = 0.45455, 0.05

_SIGNATURE = 8  # bytes
_OWN = {b"iCCP", b"cICP", b"sRGB", b"gAMA", b"cHRM"}  # chunks read here instead of by Pillow


@dataclass(frozen=True)
class Png:
    """Parsed PNG file, with `data` for decoding by Pillow.

    `data` lacks the chunks that parse() reads itself (color and transparency), and optional chunks that are damaged or
    too large.
    """

    data: bytes
    depth: int  # bits per sample
    color_type: int
    key: tuple[int, ...] | None  # the sample or samples of transparent pixels, at `depth`
    icc: bytes | None
    coding: Coding | None

    @property
    def is_wide(self) -> bool:
        """True for RGB with 16 bits per sample, with or without alpha, of which Pillow reads only the high 8 bits."""
        return self.depth == 16 and self.color_type in {RGB, RGBA}

    def low_bytes(self) -> Image.Image:
        """Return an image of the low bytes of the samples, if `is_wide`; Pillow's default is the high bytes."""
        image = PngImageFile(BytesIO(self.data))
        image.tile = [tile._replace(args=f"{image.mode};16L") for tile in image.tile]
        return image

    def is_opaque(self, samples: NDArray[np.generic]) -> NDArray[np.bool_]:
        """Return True for each pixel whose samples differ from the transparent color `key`: bool (H, W).

        `samples` are (H, W) for gray or (H, W, 3) for RGB, as decoded by Pillow or with 16 bits.
        """
        key = np.array(self.key)
        if self.depth < 8:  # Pillow scales samples to 8 bits
            key = key * 255 // (2**self.depth - 1)
        if samples.dtype == bool:
            key = key > 0
        return np.asarray(samples != key[0]) if samples.ndim == 2 else (samples != key).any(-1)


def parse(data: bytes) -> Png:
    """Parse the bytes of a PNG file. Raises SyntaxError if the header is damaged."""
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise SyntaxError("the PNG header is damaged")
    depth, color_type = data[24], data[25]
    found: dict[bytes, bytes] = {}
    kept, texts = [data[:_SIGNATURE]], 0
    for name, chunk in _chunks(data):
        body = chunk[8:-4]
        is_ancillary = name[:1].islower()
        if is_ancillary and zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            continue
        if name in _OWN or (name == b"tRNS" and color_type in {GRAY, RGB}):
            found.setdefault(name, body)
            continue
        if name in {b"tEXt", b"zTXt", b"iTXt"}:
            size = _text_size(name, body)
            texts += size
            if size > MOST_TEXT or texts > ALL_TEXT:
                continue
        kept.append(chunk)
    key = _key(found.get(b"tRNS", b""), color_type)
    coding = _coding(found)
    icc = None if b"cICP" in found and coding is not None else _icc(found.get(b"iCCP"))
    return Png(b"".join(kept), depth, color_type, key, icc, coding)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and bytes of each chunk, up to IEND; the last chunk may be incomplete."""
    place, name = _SIGNATURE, b""
    while place < len(data) and name != b"IEND":
        length = int.from_bytes(data[place : place + 4], "big")
        chunk = data[place : place + 12 + length]
        name = chunk[4:8]
        yield name, chunk
        place += len(chunk)


def _text_size(name: bytes, body: bytes) -> int:
    """Return the size in bytes of a text chunk's text, decompressed up to just above the limit of 1,000,000 bytes.

    `name` is the chunk's type, `body` its data.
    """
    rest = body.partition(b"\0")[2]
    if name == b"tEXt" or (name == b"iTXt" and rest[:1] != b"\x01"):
        return len(rest)
    pack = rest[1:] if name == b"zTXt" else rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return len(_decompressed(pack, MOST_TEXT) or b"")


def _decompressed(pack: bytes, most: int) -> bytes | None:
    """Decompress zlib data and return at most `most` + 1 bytes, or None if the data are damaged."""
    try:
        return zlib.decompressobj().decompress(pack, most + 1)
    except zlib.error:
        return None


def _key(body: bytes, color_type: int) -> tuple[int, ...] | None:
    count = 3 if color_type == RGB else 1
    return struct.unpack(f">{count}H", body) if len(body) == 2 * count else None


def _icc(body: bytes | None) -> bytes | None:
    if body is None:
        return None
    profile = _decompressed(body.partition(b"\0")[2][1:], MOST_ICC)
    return profile if profile and len(profile) <= MOST_ICC else None


def _coding(chunks: dict[bytes, bytes]) -> Coding | None:
    """Return the color coding by the chunk of highest priority: cICP, iCCP, sRGB, then cHRM with gAMA.

    `chunks` are chunk data by name. Returns None for iCCP, whose profile applies instead, and for sRGB.
    """
    cicp = chunks.get(b"cICP", b"")
    if len(cicp) == 4 and (coding := Coding.of_codes(cicp[0], cicp[1])) is not None:
        return coding
    if b"iCCP" in chunks or b"sRGB" in chunks:
        return None
    gamma, points = _numbers(chunks.get(b"gAMA", b""), 1), _numbers(chunks.get(b"cHRM", b""), 8)
    primaries = Coding.primaries if points is None else (*points[2:], *points[:2])  # cHRM begins with the white
    coding = Coding(primaries)
    is_bt709 = not coding.is_valid or coding.is_srgb
    if gamma is not None and gamma[0] > 0 and not (is_bt709 and abs(gamma[0] / SRGB_GAMMA - 1) < SAME_GAMMA):
        coding = Coding(primaries, 1 / gamma[0])
    return coding if coding.is_valid else Coding(transfer=coding.transfer)


def _numbers(body: bytes, count: int) -> tuple[float, ...] | None:
    """Parse `count` numbers stored as integers, times 100,000; return None if the chunk has another length."""
    return tuple(n / 100_000 for n in struct.unpack(f">{count}I", body)) if len(body) == 4 * count else None
