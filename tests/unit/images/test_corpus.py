"""Every format that is read, with every EXIF orientation, profile, alpha, depth and animation it can have, and cut off.

Each file shows four quarters of known colors. Profiles are sRGB with red and green exchanged, so that the color that a
file shows is known without any color arithmetic.
"""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from nst.errors import ImageError
from nst.images import io as images

SIZE = (96, 64)
COLORS = ((200, 40, 40), (40, 180, 60), (40, 70, 200), (220, 200, 40))  # top left, top right, bottom left, right
ALPHA = (255, 255, 255, 0)
LOSSY = {"JPEG", "WEBP", "AVIF", "HEIC"}
FORMATS = {  # modes that a format can hold
    "JPEG": ("L", "RGB", "CMYK"),
    "PNG": ("1", "L", "P", "LA", "RGB", "RGBA", "I;16"),
    "WEBP": ("RGB", "RGBA"),
    "AVIF": ("RGB", "RGBA"),
    "HEIC": ("L", "RGB", "RGBA"),
    "GIF": ("L", "P", "P with alpha"),
    "BMP": ("1", "L", "P", "RGB"),
    "TIFF": ("1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "I;16"),
}
WITH_EXIF = ("JPEG", "PNG", "WEBP", "AVIF", "HEIC", "TIFF")
WITH_ICC = {"JPEG": ("RGB",), "PNG": ("RGB", "RGBA", "P"), "WEBP": ("RGB", "RGBA"), "AVIF": ("RGB",),
            "HEIC": ("RGB", "RGBA"), "TIFF": ("RGB", "RGBA")}  # fmt: skip
ANIMATED = ("PNG", "WEBP", "AVIF", "GIF", "TIFF", "HEIC")


def swapped_srgb() -> bytes:
    """sRGB's profile in which red and green have exchanged their primaries."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    names = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}
    for place in range(132, 132 + 12 * struct.unpack(">I", profile[128:132])[0], 12):
        name = bytes(profile[place : place + 4])
        profile[place : place + 4] = names.get(name, name)
    return bytes(profile)


PROFILE = swapped_srgb()


def quarters(values) -> np.ndarray:
    """An array of SIZE with a value, or color, in each quarter."""
    rows = np.array(values, np.uint8).reshape(2, 2, -1)
    return rows.repeat(SIZE[1] // 2, 0).repeat(SIZE[0] // 2, 1)


def picture(mode: str) -> Image.Image:
    rgb, alpha = Image.fromarray(quarters(COLORS)), Image.fromarray(quarters(ALPHA)[..., 0])
    if mode in {"RGBA", "LA"}:
        image = rgb.convert(mode[:-1])
        image.putalpha(alpha)
        return image
    if mode == "I;16":
        return Image.fromarray(np.asarray(rgb.convert("L")).astype(np.uint16) * 257)
    if mode.startswith("P"):
        image = Image.frombytes("P", SIZE, quarters((0, 1, 2, 3)).tobytes())
        image.putpalette(sum(COLORS, ()))
        return image
    if mode == "1":
        return Image.fromarray(quarters((255, 0, 0, 255))[..., 0]).convert("1")
    if mode == "CMYK":
        cmyk = quarters(tuple((255 - r, 255 - g, 255 - b, 0) for r, g, b in COLORS))
        return Image.frombytes("CMYK", SIZE, cmyk.tobytes())
    return rgb.convert(mode)


def wanted(mode: str) -> tuple[np.ndarray, list[int]]:
    """Colors (4, 3) on white and alpha of the quarters, by ITU-R BT.601 for gray."""
    colors = np.array(COLORS, float)
    if mode in {"L", "LA", "I;16"}:
        colors = (colors @ (0.299, 0.587, 0.114))[:, None].repeat(3, 1)
    if mode == "1":
        colors = np.array([[255] * 3, [0] * 3, [0] * 3, [255] * 3], float)
    alpha = list(ALPHA) if mode.endswith("A") or "alpha" in mode else [255] * 4
    colors[np.array(alpha) == 0] = 255
    return colors, alpha


def file(image: Image.Image, format: str, mode: str, **options) -> bytes:
    buffer = BytesIO()
    if format in LOSSY:
        options |= {"quality": 95}
    options |= {"AVIF": {"subsampling": "4:4:4"}, "JPEG": {"subsampling": 0}, "HEIC": {"chroma": 444}}.get(format, {})
    if "alpha" in mode:
        options["transparency"] = 3
    if format == "HEIC":
        pillow_heif.from_pillow(image).save(buffer, **options)
    else:
        image.save(buffer, format, **options)
    return buffer.getvalue()


def check(data: bytes, mode: str, colors: np.ndarray | None = None) -> None:
    found, (usual, alpha) = images.read(data), wanted(mode)
    assert found.rgb.shape == (SIZE[1], SIZE[0], 3)
    places = [SIZE[1] // 4, SIZE[1] // 4, -SIZE[1] // 4, -SIZE[1] // 4], [SIZE[0] // 4, -SIZE[0] // 4] * 2
    assert np.abs(found.rgb[places] - (usual if colors is None else colors)).max() <= 5
    seen = [255] * 4 if found.alpha is None else found.alpha[places].tolist()
    assert np.abs(np.array(seen) - alpha).max() <= 2


ALL = [(format, mode) for format, modes in FORMATS.items() for mode in modes]


@pytest.mark.parametrize(("format", "mode"), ALL)
def test_plain(format, mode):
    check(file(picture(mode), format, mode), mode)


TURNS = {  # EXIF 2.3, 4.6.4: the stored picture that is upright once its orientation is applied
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}  # fmt: skip


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize(("format", "mode"), [(format, mode) for format, mode in ALL if format in WITH_EXIF])
def test_orientation(format, mode, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = picture(mode).transpose(TURNS[orientation])
    check(file(stored, format, mode, exif=exif.tobytes() if format in {"AVIF", "HEIC"} else exif), mode)


@pytest.mark.parametrize(("format", "mode"), [(format, mode) for format, modes in WITH_ICC.items() for mode in modes])
def test_profile(format, mode):
    usual, _ = wanted(mode)
    check(file(picture(mode), format, mode, icc_profile=PROFILE), mode, usual[:, [1, 0, 2]])


@pytest.mark.parametrize("format", ANIMATED)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_first_frame(format, mode):
    if format == "GIF":
        mode = "P"
    other = Image.new(picture(mode).mode, SIZE)
    buffer = BytesIO()
    if format == "HEIC":
        heif = pillow_heif.from_pillow(picture(mode))
        heif.add_from_pillow(other)
        heif.save(buffer, quality=95, chroma=444)
        data = buffer.getvalue()
    else:
        data = file(picture(mode), format, mode, save_all=True, append_images=[other])
    check(data, mode)


@pytest.mark.parametrize(("format", "mode"), ALL)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_cut_off(format, mode, share):
    """A file with noise, because one of plain colors can have all its pixels in its first half."""
    noise = np.random.default_rng(0).integers(0, 256, (*SIZE[::-1], 3), np.uint8)
    image = Image.fromarray(noise)
    if mode in {"RGBA", "LA"}:
        image.putalpha(Image.fromarray(noise[..., 0]))
    if mode == "I;16":
        image = Image.fromarray(noise[..., 0].astype(np.uint16) * 257 + noise[..., 1])
    else:
        image = image.convert(mode.partition(" ")[0])
    data = file(image, format, mode)
    with pytest.raises(
        ImageError, match=r"Cannot (open|use) photo: .*(incomplete|damaged).*\. \w+.* (again|JPEG|these)\b"
    ):
        images.read(data[: int(len(data) * share)], "photo")
