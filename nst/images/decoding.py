"""Decoding of image files and arrays to an upright Pillow image with its color coding.

Reading is strict because files are untrusted: only the formats of formats.READABLE are opened, the size is checked
before any pixel is decoded, and every failure becomes an ImageError or FileError with a readable message. Files are
opened with the classes of Pillow's plugins, because Image.open() depends on settings and formats that other code may
have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from nst.errors import FileError, ImageError
from nst.images import formats, heic, jpeg, png, tiff
from nst.images.color_space import Coding
from nst.images.formats import READABLE
from nst.system.files import reason

Source = str | PathLike[str] | bytes | Image.Image | NDArray[np.uint8]

MAX_PIXELS = 89_478_485  # Pillow's own limit for decompression bombs
MIN_SIDE = 16  # pixels; below, the networks' feature maps would be too small
MAX_ASPECT = 20
AGAIN = "Please download or save it again."

MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "I;16", "I;16L", "I;16B", "I;16N"}
# Parts of the decoders' messages about incomplete files.
_CUT_SHORT = ("truncated", "end of file", "insufficient input", "not enough data", "bytes missing")


@dataclass(frozen=True)
class Decoded:
    """Decoded image after its EXIF orientation was applied, with the data still needed to convert it to 8-bit sRGB."""

    image: Image.Image  # in one of MODES
    alpha: Image.Image | None = None  # mode L; transparency that is not in `image`
    coding: Coding | None = None  # color coding if not sRGB and without ICC profile
    low: Image.Image | None = None  # low bytes of samples of 16 bits, of which `image` holds the high ones
    icc: bytes | None = None


def decode(source: Source, label: str, at_least: int | None, *, any_shape: bool) -> Decoded:
    """Decode a path, the bytes of an image file, a PIL image or a uint8 array.

    `label` names the image in error messages. `at_least` permits a JPEG file to be decoded at a reduced size, see
    images.io.read(). With `any_shape`, small images and narrow strips are accepted. Raises FileError if the file cannot
    be read, ImageError if its content, size or shape is not acceptable.
    """
    if isinstance(source, np.ndarray):
        source = _from_array(source, label)
    check = _check_size if any_shape else _check_shape
    with _plain_errors(label):
        if isinstance(source, Image.Image):
            check(source, label)
            return _upright(_opened(source))
        data = _bytes(source, label)
        return _DECODERS[_format(data, label)](data, label, at_least, check)


def read_info(source: str | PathLike[str] | bytes, label: str) -> dict[Any, Any]:
    """Return the metadata of an image file, by Pillow's keys; `label` names the file in error messages.

    Raises FileError if the file cannot be read, ImageError if its data are damaged or its format is unknown.
    """
    with _plain_errors(label):
        data = _bytes(source, label)
        format = _format(data, label)
        if format == "HEIC":
            return heic.info(data)
        return dict(_CLASSES[format](BytesIO(png.parse(data).data if format == "PNG" else data)).info)


Check = Callable[[Any, str], None]  # of an image's size and mode


def _decode_any(format: str) -> Callable[[bytes, str, int | None, Check], Decoded]:
    def decode(data: bytes, label: str, _at_least: int | None, check: Check) -> Decoded:
        image = _CLASSES[format](BytesIO(data))
        check(image, label)
        return _upright(_opened(image))

    return decode


def _decode_jpeg(data: bytes, label: str, at_least: int | None, check: Check) -> Decoded:
    check(JpegImageFile(BytesIO(data)), label)
    return _upright(Decoded(jpeg.decode(data, at_least)))


def _decode_png(data: bytes, label: str, _at_least: int | None, check: Check) -> Decoded:
    file = png.parse(data)
    image = PngImageFile(BytesIO(file.data))
    check(image, label)
    needs_all_bits = file.is_wide and (file.key is not None or file.coding is not None)
    low = file.low_bytes() if needs_all_bits else None
    alpha = None
    if file.key is not None:
        samples = np.asarray(image)
        alpha = _mask(file.is_opaque(samples if low is None else join(samples, np.asarray(low))))
    return _upright(Decoded(image, alpha, file.coding, low, file.icc))


def _decode_tiff(data: bytes, label: str, _at_least: int | None, check: Check) -> Decoded:
    file = tiff.parse(data)
    if file.is_raw:
        raise _unreadable(label, *formats.RAW)
    image: Image.Image = TiffImageFile(BytesIO(file.data))
    check(image, label)
    upright = _upright(_opened(image))
    if not file.is_negative:
        return upright
    return Decoded(Image.fromarray(65535 - np.asarray(upright.image)), icc=upright.icc)


def _decode_avif(data: bytes, label: str, _at_least: int | None, check: Check) -> Decoded:
    image = AvifImageFile(BytesIO(data))
    check(image, label)
    coding = None if "icc_profile" in image.info else heic.coding(heic.info(data))
    return _upright(Decoded(image, coding=coding))


def _decode_heic(data: bytes, label: str, _at_least: int | None, check: Check) -> Decoded:
    try:
        image = heic.decode(data, lambda image: check(image, label))
    except heic.UnreadableError as error:
        name = f"a HEIC picture that is incomplete or of a kind that cannot be read here ({error})"
        way_out = "Download it again, or open it in a photo program and save it as JPEG."
        raise _unreadable(label, name, way_out) from error
    return _upright(Decoded(image, coding=None if "icc_profile" in image.info else heic.coding(image.info)))


_CLASSES: dict[str, type[ImageFile]] = {
    "JPEG": JpegImageFile, "PNG": PngImageFile, "WEBP": WebPImageFile, "AVIF": AvifImageFile, "GIF": GifImageFile,
    "BMP": BmpImageFile, "TIFF": TiffImageFile,
}  # fmt: skip
_DECODERS = {format: _decode_any(format) for format in READABLE} | {
    "JPEG": _decode_jpeg, "PNG": _decode_png, "TIFF": _decode_tiff, "AVIF": _decode_avif, "HEIC": _decode_heic,
}  # fmt: skip


def join(high: NDArray[np.uint8], low: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Combine the high and low bytes of 16-bit samples, two arrays of equal shape, to uint16."""
    return np.asarray(high.astype(np.uint16) << 8 | low, np.uint16)


def _opened(image: Image.Image) -> Decoded:
    """Return the image with transparency that Pillow does not apply.

    Such transparency is a transparent value in 16-bit gray, or the area around the first frame of a GIF.
    """
    key = image.info.get("transparency")
    if image.mode.startswith("I;16") and isinstance(key, int):
        return Decoded(image, _mask(np.asarray(image) != key))
    box = image.dispose_extent if isinstance(image, GifImageFile) else None
    if box is None or box == (0, 0, *image.size):
        return Decoded(image)
    canvas = Image.new("RGBA", image.size)
    canvas.paste(image.convert("RGBA").crop(box), box[:2])
    return Decoded(canvas)


def _mask(opaque: NDArray[np.bool_]) -> Image.Image:
    return Image.fromarray(opaque.astype(np.uint8) * np.uint8(255))


def _upright(found: Decoded) -> Decoded:
    """Decode the pixels and apply the EXIF orientation to the image and its other layers."""
    found.image.load()
    turn = _TURNS.get(found.image.getexif().get(0x0112, 1))
    image, alpha, low = (
        layer if layer is None or turn is None else layer.transpose(turn)
        for layer in (found.image, found.alpha, found.low)
    )
    assert image is not None
    return Decoded(image, alpha, found.coding, low, found.icc or found.image.info.get("icc_profile"))


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


@contextmanager
def _plain_errors(label: str) -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(label, "it is") from error
    except (OSError, *formats.DAMAGE) as error:
        if _is_cut_short(error):
            raise ImageError(f"Cannot open {label}: it is incomplete. {AGAIN}") from error
        raise ImageError(f"Cannot open {label}: it is damaged or incomplete ({error}). {AGAIN}") from error


def _is_cut_short(error: Exception) -> bool:
    return isinstance(error, EOFError) or any(words in str(error).lower() for words in _CUT_SHORT)


def _bytes(source: object, label: str) -> bytes:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, str | PathLike):
        try:
            data = Path(source).read_bytes()
        except OSError as error:
            raise FileError(f"Cannot open {label}: {reason(error)}") from error
    else:
        expected = "a path, bytes, a PIL image or a uint8 array"
        raise ImageError(f"Cannot open {label}: expected {expected}, received {type(source).__name__}.")
    if not data:
        raise ImageError(f"Cannot open {label}: it is empty (0 bytes). {AGAIN}")
    return data


def _format(data: bytes, label: str) -> str:
    """Return the format of a file, a key of READABLE such as "JPEG". Raises ImageError if the format cannot be read."""
    head = data[: formats.HEAD]
    format = formats.recognize(head)
    if format is not None:
        return format
    other = formats.name_other(head)
    if other is not None:
        raise _unreadable(label, *other)
    known = f"{', '.join([*READABLE][:-1])} and {[*READABLE][-1]}"
    raise ImageError(
        f"Cannot open {label}: it is not a picture, or is damaged. Known are {known}; save it as one of these."
    )


def _unreadable(label: str, name: str, way_out: str) -> ImageError:
    return ImageError(f"Cannot open {label}: it is {name}. {way_out}")


def _from_array(array: NDArray[Any], label: str) -> Image.Image:
    color = array.ndim == 3 and array.shape[2] in {3, 4}
    if array.dtype != np.uint8 or not (array.ndim == 2 or color) or array.size == 0:
        raise ImageError(
            f"Cannot use {label}: expected a uint8 array of shape (H, W), (H, W, 3) or (H, W, 4), "
            f"received {array.dtype} {array.shape}."
        )
    return Image.fromarray(np.ascontiguousarray(array))


def _check_size(image: Any, label: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large(label, f"{width}x{height} pixels are")
    if image.mode not in MODES:
        raise ImageError(f"Cannot use {label}: its color mode is {image.mode}. Save it as RGB with 8 or 16 bits.")


def _check_shape(image: Any, label: str) -> None:
    _check_size(image, label)
    width, height = image.size
    received = f"{width}x{height} pixels are"
    if min(width, height) < MIN_SIDE:
        raise ImageError(f"Cannot use {label}: {received} too few; it needs at least {MIN_SIDE} on each side.")
    if max(width, height) > MAX_ASPECT * (min(width, height) + 0.5):  # 0.5: the scaled copy of an accepted image
        limit = f"so that one side is at most {MAX_ASPECT} times the other"
        raise ImageError(f"Cannot use {label}: {received} too narrow a strip. Crop it {limit}.")


def _too_large(label: str, received: str) -> ImageError:
    limit = MAX_PIXELS // 1_000_000
    return ImageError(f"Cannot open {label}: {received} too large; the limit is {limit} megapixels. Scale it down.")
