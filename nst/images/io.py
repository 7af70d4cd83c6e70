"""Image input and output: common files, bytes and arrays to uint8 RGB and back.

Reading is strict because files are untrusted: only the formats below are opened, the size is checked before any pixel
is decoded, and every failure becomes an ImageError with a readable message.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from os import PathLike, fspath
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from nst.errors import ImageError
from nst.images.alpha import bled, on_white
from nst.system.files import check_suffix, reason, replacing

Pixels = NDArray[np.uint8]  # RGB (H, W, 3) unless noted otherwise
Source = str | PathLike[str] | bytes | Image.Image | NDArray[np.uint8]

READABLE = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
WRITABLE = {
    ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".avif": "avif",
    ".bmp": "bmp", ".tif": "tiff", ".tiff": "tiff",
}  # fmt: skip
TRANSPARENT = ("png", "webp", "avif", "tiff")  # formats that can be written with an alpha channel
MAX_PIXELS = 89_478_485  # Pillow's own limit for decompression bombs
MIN_SIDE = 16  # pixels; below, the networks' feature maps would be too small
MAX_ASPECT = 20
QUALITY = 95  # of the lossy formats, 0..100

MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "I;16", "I;16L", "I;16B", "I;16N"}
# Exceptions of Pillow's decoders for damaged files, besides OSError.
DAMAGE = (
    SyntaxError, ValueError, TypeError, EOFError, RuntimeError, IndexError, KeyError, OverflowError, struct.error,
    zlib.error,
)  # fmt: skip

# By default Pillow only prints a warning and decodes the image.
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A decoded image: `rgb` is uint8 (H, W, 3) in sRGB, composited on white.

    `alpha` is uint8 (H, W), 255 where opaque; `color` is uint8 (H, W, 3), the stored colors without compositing. Both
    are None for an opaque image.
    """

    rgb: NDArray[np.uint8] = field(repr=False)
    alpha: NDArray[np.uint8] | None = field(default=None, repr=False)
    color: NDArray[np.uint8] | None = field(default=None, repr=False)

    @cached_property
    def bled(self) -> NDArray[np.uint8]:
        """Input of the engines, uint8 (H, W, 3): the image with its transparent pixels filled with nearby colors.

        Combined with `alpha`, the image has no white fringe on any background.
        """
        return self.rgb if self.alpha is None or self.color is None else bled(self.color, self.alpha)


def read(source: Source, name: str = "picture", *, at_least: int | None = None) -> Picture:
    """Decode a path, the bytes of a file, a PIL image, or a uint8 array (H, W), (H, W, 3) or (H, W, 4).

    Orientation and color profile are applied, 16 bits are reduced to 8, and of an animation only the first frame is
    read. With `at_least`, a JPEG file is decoded at 1/2, 1/4 or 1/8 of its size, several times as fast, as long as each
    side keeps at least that many pixels.
    Raises ImageError; the message contains `name` and the path.
    """
    label = f"{name} '{fspath(source)}'" if isinstance(source, str | PathLike) else name
    image = _load(source, label, at_least)
    color, mask = _eight_bits(image), None
    if color.has_transparency_data:
        layers = color.convert("RGBA")
        color, mask = layers.convert("L" if color.mode == "LA" else "RGB"), layers.getchannel("A")
    color = _to_srgb(color, image.info.get("icc_profile"))
    if mask is None or mask.getextrema() == (255, 255):
        return Picture(np.array(color))
    pixels, alpha = np.array(color), np.array(mask)
    return Picture(on_white(np.dstack([pixels, alpha])), alpha, pixels)


def notes(source: str | PathLike[str] | bytes, label: str) -> dict[Any, Any]:
    """Return the metadata of an image file, by Pillow's keys. Raises ImageError."""
    with _plain_errors(label), _open(source, label) as file, Image.open(file, formats=READABLE) as image:
        return image.info


def fit(rgb: NDArray[np.uint8], long_side: int | None) -> NDArray[np.uint8]:
    """Scale uint8 RGB (H, W, 3) up or down to a long side in pixels; None keeps the size."""
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
    """Resample alpha, uint8 (H, W), to (width, height) with a Lanczos filter; None stays None."""
    return None if alpha is None else np.array(Image.fromarray(alpha).resize(size, Image.Resampling.LANCZOS))


def to_float(pixels: Pixels) -> NDArray[np.float32]:
    """Convert uint8 to float32 in [0, 1]."""
    return pixels.astype(np.float32) / np.float32(255)


def to_pixels(x: NDArray[np.float32]) -> Pixels:
    """Convert float32 in [0, 1] to uint8, rounded."""
    return (x * 255 + 0.5).astype(np.uint8)


def encode(pixels: NDArray[np.uint8], format: str, quality: int = QUALITY, **carried: Any) -> bytes:
    """Return the bytes of an image file; `format` is "png", "jpeg", "webp", "avif", "bmp" or "tiff".

    `pixels` are uint8, RGB (H, W, 3) or RGBA (H, W, 4). Formats without alpha are composited on white. `quality`,
    0..100, applies to the lossy formats: jpeg, webp and avif. `carried` is metadata, as keyword arguments of Pillow's
    save().
    """
    options: dict[str, dict[str, Any]] = {
        "jpeg": {"quality": quality, "subsampling": 0},  # 0: full chroma, because results have saturated colors
        "webp": {"quality": quality},
        "avif": {"quality": quality},
        "tiff": {"compression": "tiff_lzw"},
    }
    buffer = BytesIO()
    kept = pixels if format in TRANSPARENT else on_white(pixels)
    Image.fromarray(kept).save(buffer, format, **options.get(format, {}), **carried)
    return buffer.getvalue()


def write(pixels: NDArray[np.uint8], path: str | PathLike[str], **carried: Any) -> None:
    """Write uint8 RGB (H, W, 3) or RGBA (H, W, 4) atomically to a file, in the format of its suffix.

    See encode() for transparency and `carried`. Raises ImageError for an unknown suffix or a path that cannot be
    written.
    """
    format = WRITABLE[check_suffix(path, WRITABLE)]
    try:
        data = encode(pixels, format, **carried)
    except (OSError, ValueError) as error:  # a side longer than the format allows
        height, width = pixels.shape[:2]
        raise ImageError(f"Cannot write '{path}': {width}x{height} pixels as {format}: {error}. Try .png") from error
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def _load(source: Source, label: str, at_least: int | None) -> Image.Image:
    """Return the decoded image in one of MODES, with its EXIF orientation applied."""
    if isinstance(source, np.ndarray):
        source = _from_array(source, label)
    with _plain_errors(label):
        if isinstance(source, Image.Image):
            _check_shape(source, label)
            return ImageOps.exif_transpose(source)
        with _open(source, label) as file:
            if not file.read(1):
                raise ImageError(f"Cannot open {label}: the file is empty (0 bytes). Please download or save it again.")
            with Image.open(file, formats=READABLE) as image:
                _check_shape(image, label)
                if at_least is not None:
                    image.draft(None, (at_least, at_least))
                return ImageOps.exif_transpose(image)


@contextmanager
def _plain_errors(label: str) -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(label, "it is") from error
    except UnidentifiedImageError as error:
        known = f"{', '.join(READABLE[:-1])} and {READABLE[-1]}"
        raise ImageError(
            f"Cannot open {label}: the file is not a picture, or is damaged. Save it as one of {known}."
        ) from error
    except (OSError, *DAMAGE) as error:
        raise ImageError(
            f"Cannot open {label}: the file is damaged or incomplete. Please download or save it again."
        ) from error


def _open(source: str | PathLike[str] | bytes, label: str) -> BinaryIO:
    if isinstance(source, bytes):
        return BytesIO(source)
    if not isinstance(source, str | PathLike):
        expected = "a path, bytes, a PIL image or a uint8 array"
        raise ImageError(f"Cannot open {label}: expected {expected}, received {type(source).__name__}.")
    try:
        return Path(source).open("rb")
    except OSError as error:
        raise ImageError(f"Cannot open {label}: {reason(error)}") from error


def _from_array(array: NDArray[Any], label: str) -> Image.Image:
    color = array.ndim == 3 and array.shape[2] in {3, 4}
    if array.dtype != np.uint8 or not (array.ndim == 2 or color) or array.size == 0:
        raise ImageError(
            f"Cannot use {label}: expected a uint8 array of shape (H, W), (H, W, 3) or (H, W, 4), "
            f"received {array.dtype} {array.shape}."
        )
    return Image.fromarray(np.ascontiguousarray(array))


def _check_shape(image: Image.Image, label: str) -> None:
    width, height = image.size
    received = f"{width}x{height} pixels are"
    if width * height > MAX_PIXELS:
        raise _too_large(label, received)
    if min(width, height) < MIN_SIDE:
        raise ImageError(f"Cannot use {label}: {received} too few; use at least {MIN_SIDE} on each side.")
    if max(width, height) > MAX_ASPECT * min(width, height):
        limit = f"so that the long side is at most {MAX_ASPECT} times the short side"
        raise ImageError(f"Cannot use {label}: {received} too narrow a strip. Crop it {limit}.")
    if image.mode not in MODES:
        raise ImageError(
            f"Cannot use {label}: color mode {image.mode} is not supported. Save it as RGB with 8 or 16 bits."
        )


def _too_large(label: str, received: str) -> ImageError:
    limit = MAX_PIXELS // 1_000_000
    return ImageError(f"Cannot open {label}: {received} too large; the limit is {limit} megapixels. Scale it down.")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale 16-bit gray to 8 bits, because Pillow would clip it. Pillow itself reads 16-bit color as 8 bits."""
    if not image.mode.startswith("I;16"):
        return image
    return Image.fromarray(np.rint(np.array(image) / 257).astype(np.uint8))


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode in {"1", "P", "PA", "RGBX", "YCbCr"}:
        image = image.convert("RGB")
    if not profile:
        return image.convert("RGB")
    try:
        source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (OSError, ImageCms.PyCMSError):  # broken, or for another color mode: ignored, as browsers do
        return image.convert("RGB")
    assert converted is not None  # None only with inPlace=True
    return converted
