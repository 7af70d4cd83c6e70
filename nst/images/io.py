"""Image input and output: conversion of files, bytes and arrays to uint8 sRGB, and encoding to files."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from io import BytesIO
from os import PathLike, fspath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nst.errors import ImageError
from nst.images import decoding, formats
from nst.images.alpha import FAINTEST, bled, on_white, visible
from nst.images.color_space import apply_profile, convert
from nst.images.decoding import Decoded, decode, join, read_info
from nst.system.files import check_suffix, replacing

Source = decoding.Source
WRITABLE = formats.WRITABLE
Pixels = NDArray[np.uint8]  # RGB (H, W, 3) unless noted otherwise
QUALITY = 95  # of the lossy formats, 0..100


@dataclass(frozen=True)
class Picture:
    """Decoded image: `rgb` is uint8 sRGB (H, W, 3), composited on white.

    `alpha` is uint8 (H, W), 255 where opaque; `color` is uint8 (H, W, 3), the stored colors without compositing. Both
    are None for an opaque image.
    """

    rgb: NDArray[np.uint8] = field(repr=False)
    alpha: NDArray[np.uint8] | None = field(default=None, repr=False)
    color: NDArray[np.uint8] | None = field(default=None, repr=False)

    @cached_property
    def bled(self) -> NDArray[np.uint8]:
        """Input of the engines, uint8 (H, W, 3): the image with its transparent pixels filled with nearby colors.

        Filling avoids a white fringe when the result gets `alpha` again.
        """
        return self.rgb if self.alpha is None or self.color is None else bled(self.color, self.alpha)

    @property
    def is_invisible(self) -> bool:
        """True if all pixels are transparent (alpha below 16 of 255)."""
        return self.alpha is not None and int(self.alpha.max()) < FAINTEST

    @cached_property
    def visible(self) -> NDArray[np.uint8]:
        """Visible part of a style image, uint8 (h, w, 3): cropped, with gaps filled by mirrored pixels."""
        return self.rgb if self.alpha is None or self.color is None else visible(self.color, self.alpha)


def read(source: Source, name: str = "picture", *, at_least: int | None = None, any_shape: bool = False) -> Picture:
    """Decode a path, the bytes of a file, a PIL image, or a uint8 array (H, W), (H, W, 3) or (H, W, 4).

    Orientation and color profile are applied, 16 bits are reduced to 8, and of an animation only the first frame is
    read. With `at_least`, a JPEG file is decoded at 1/2, 1/4 or 1/8 of its size, several times as fast, as long as each
    side keeps at least that many pixels. Without `any_shape`, images with a side below 16 pixels or an aspect ratio
    above 20 are refused, because the engines cannot use them; masks and other secondary images may have any shape.
    Raises FileError if the file cannot be read, ImageError if the image cannot be decoded or used; the message contains
    `name` and the path.
    """
    label = f"{name} '{fspath(source)}'" if isinstance(source, str | PathLike) else name
    found = decode(source, label, at_least, any_shape=any_shape)
    color, mask = _eight_bits(found.image), found.alpha
    if color.has_transparency_data:
        layers = color.convert("RGBA")
        color, mask = layers.convert("L" if color.mode == "LA" else "RGB"), layers.getchannel("A")
    pixels = _in_srgb(color, found)
    if mask is None or mask.getextrema() == (255, 255):
        return Picture(pixels)
    alpha = np.array(mask)
    return Picture(on_white(np.dstack([pixels, alpha])), alpha, pixels)


def notes(source: str | PathLike[str] | bytes, label: str) -> dict[Any, Any]:
    """Return the metadata of an image file, by Pillow's keys; `label` names the file in error messages.

    Raises FileError if the file cannot be read, ImageError if its data are damaged or its format is unknown.
    """
    return read_info(source, label)


def fit(rgb: NDArray[np.uint8], long_side: int | None) -> NDArray[np.uint8]:
    """Scale uint8 RGB (H, W, 3) up or down to `long_side` pixels on its long side; None keeps the size."""
    height, width = rgb.shape[:2]
    if long_side is None:
        return rgb
    scale = long_side / max(height, width)
    return resize(rgb, (max(1, round(width * scale)), max(1, round(height * scale))))


def resize(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Resample uint8 RGB (H, W, 3) to (width, height) with a Lanczos filter."""
    if rgb.shape[1::-1] == size:
        return rgb
    return np.array(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))


def resize_alpha(alpha: Pixels | None, size: tuple[int, int]) -> Pixels | None:
    """Resample an alpha channel, uint8 (H, W), to (width, height) with a Lanczos filter; None returns None."""
    return None if alpha is None else np.array(Image.fromarray(alpha).resize(size, Image.Resampling.LANCZOS))


def to_float(pixels: Pixels) -> NDArray[np.float32]:
    """Convert uint8 values 0..255 to float32 in [0, 1]."""
    return pixels.astype(np.float32) / np.float32(255)


def to_pixels(x: NDArray[np.float32]) -> Pixels:
    """Convert float32 in [0, 1] to uint8 values 0..255, rounded."""
    return (x * 255 + 0.5).astype(np.uint8)


def digest(pixels: NDArray[np.uint8]) -> bytes:
    """Return a 64-byte BLAKE2b digest of the shape and the values of a uint8 array."""
    shape = repr(pixels.shape).encode()
    return blake2b(np.ascontiguousarray(pixels).data, key=shape).digest()


def encode(pixels: NDArray[np.uint8], format: str, quality: int = QUALITY, **carried: Any) -> bytes:
    """Return the bytes of an image file; `format` is "png", "jpeg", "webp", "avif", "bmp" or "tiff".

    `pixels` are uint8, RGB (H, W, 3) or RGBA (H, W, 4); RGBA is composited on white for a format without alpha.
    `quality`, 0..100, applies to the lossy formats: jpeg, webp and avif. `carried` is metadata, as keyword arguments of
    Pillow's save().
    """
    options: dict[str, dict[str, Any]] = {
        "jpeg": {"quality": quality, "subsampling": 0},  # 0: full chroma, because results have saturated colors
        "webp": {"quality": quality},
        "avif": {"quality": quality},
        "tiff": {"compression": "tiff_lzw"},
    }
    buffer = BytesIO()
    kept = pixels if format in formats.TRANSPARENT else on_white(pixels)
    Image.fromarray(kept).save(buffer, format, **options.get(format, {}), **carried)
    return buffer.getvalue()


def write(pixels: NDArray[np.uint8], path: str | PathLike[str], **carried: Any) -> None:
    """Write uint8 RGB (H, W, 3) or RGBA (H, W, 4) atomically to a file, in the format of its suffix.

    RGBA is composited on white for a format without alpha. `carried` is metadata, as keyword arguments of Pillow's
    save(). Raises FileError if the suffix is unknown or the path cannot be written, ImageError if the format does not
    support the image's size.
    """
    format = WRITABLE[check_suffix(path, WRITABLE)]
    try:
        data = encode(pixels, format, **carried)
    except (OSError, ValueError) as error:  # a side longer than the format allows
        height, width = pixels.shape[:2]
        raise ImageError(f"Cannot write '{path}': {width}x{height} pixels as {format}: {error}. Try .png") from error
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def _in_srgb(image: Image.Image, found: Decoded) -> NDArray[np.uint8]:
    """Return the colors of a decoded image as uint8 sRGB (H, W, 3).

    `image` is the image with 8 bits and without alpha; `found` has its ICC profile or color coding, if any.
    """
    if image.mode in {"1", "P", "PA", "RGBX", "YCbCr"}:
        image = image.convert("RGB")
    if found.icc:
        return np.array(apply_profile(image, found.icc) or image.convert("RGB"))
    rgb = np.array(image.convert("RGB"))
    if found.coding is None or found.coding.is_srgb:
        return rgb
    return convert(rgb if found.low is None else join(rgb, np.asarray(found.low.convert("RGB"))), found.coding)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale a 16-bit grayscale image to 8 bits, because Pillow would clip its values; return other images unchanged."""
    if not image.mode.startswith("I;16"):
        return image
    return Image.fromarray(np.rint(np.array(image) / 257).astype(np.uint8))
