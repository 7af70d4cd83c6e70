"""Picture files that other programs read: color by number, odd formats, transparency by key, and incomplete files.

Expected colors are computed by hand from the standards, with scalar arithmetic.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from base64 import b64decode
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from nst.errors import ImageError
from nst.images import formats
from nst.images import io as images
from tests.support.pictures import saved

COLORS = ((200, 40, 40), (40, 180, 60), (40, 70, 200), (220, 200, 40))  # top left, top right, bottom left, right


def quarters(width: int = 96, height: int = 64, colors=COLORS, dtype=np.uint8) -> np.ndarray:
    pixels = np.zeros((height, width, 3), dtype)
    for number, color in enumerate(colors):
        top, left = number // 2 * height // 2, number % 2 * width // 2
        pixels[top : top + height // 2, left : left + width // 2] = color
    return pixels


def corners(rgb: np.ndarray) -> np.ndarray:
    y, x = rgb.shape[0] // 8, rgb.shape[1] // 8
    return rgb[[y, y, -y, -y], [x, -x, x, -x]].astype(int)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(samples: np.ndarray, depth: int, color_type: int, *extra: bytes) -> bytes:
    height, width = samples.shape[:2]
    width = width * 8 // depth if depth < 8 else width  # several samples a byte
    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def light(value: float) -> float:
    """Linear light of an sRGB value in 0..1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def value(light: float) -> float:
    light = min(max(light, 0.0), 1.0)
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


# Linear Display P3 to linear sRGB, as in CSS Color 4, rounded.
P3 = ((1.2249401, -0.2249404, 0.0), (-0.0420569, 1.0420571, 0.0), (-0.0196376, -0.0786361, 1.0982735))
P3_PNG, P3_CODES = chunk(b"cICP", bytes([12, 13, 0, 1])), {"color_primaries": 12, "transfer_characteristics": 13}


def from_p3(color: tuple[int, ...]) -> list[float]:
    linear = [light(c / 255) for c in color]
    return [255 * value(sum(m * c for m, c in zip(row, linear, strict=True))) for row in P3]


def heic(pixels: np.ndarray, **options) -> bytes:
    buffer = BytesIO()
    options = {"quality": 95, "chroma": 444, **options}
    pillow_heif.from_pillow(Image.fromarray(pixels)).save(buffer, **options)
    return buffer.getvalue()


def avif_p3(pixels: np.ndarray) -> bytes:
    data = bytearray(saved(Image.fromarray(pixels), "AVIF", quality=95, subsampling="4:4:4"))
    place = data.index(b"nclx") + 4
    data[place : place + 4] = struct.pack(">HH", 12, 13)
    return bytes(data)


# Color without an ICC profile


@pytest.mark.parametrize("kind", ["png", "png with cHRM", "avif", "heic"])
def test_display_p3_by_number_is_converted(kind):
    pixels = quarters()
    chrm = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
    data = {
        "png": lambda: png(pixels, 8, 2, P3_PNG),
        "png with cHRM": lambda: png(pixels, 8, 2, chunk(b"cHRM", chrm)),
        "avif": lambda: avif_p3(pixels),
        "heic": lambda: heic(pixels, **P3_CODES),
    }[kind]()
    assert np.abs(corners(images.read(data).rgb) - [from_p3(color) for color in COLORS]).max() <= 3


@pytest.mark.parametrize(("gamma", "exponent"), [(100_000, 1.0), (55_556, 1.8)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "gray", "palette"])
def test_gamma_is_converted(gamma, exponent, mode):
    extra = chunk(b"gAMA", struct.pack(">I", gamma))
    pixels = quarters()
    if mode == "RGB":
        data = png(pixels, 8, 2, extra)
    elif mode == "RGBA":
        data = png(np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)]), 8, 6, extra)
    elif mode == "gray":
        data, pixels = png(np.ascontiguousarray(pixels[..., 0]), 8, 0, extra), pixels[..., :1].repeat(3, 2)
    else:
        palette = chunk(b"PLTE", bytes(sum(COLORS, ())))
        numbers = quarters(colors=((0,) * 3, (1,) * 3, (2,) * 3, (3,) * 3))[..., 0]
        data = png(np.ascontiguousarray(numbers), 8, 3, extra, palette)
    wanted = [[255 * value((c / 255) ** exponent) for c in color] for color in corners(pixels)]
    assert np.abs(corners(images.read(data).rgb) - wanted).max() <= 1


def test_linear_light_of_16_bits_keeps_its_shadows():
    """8 bits would turn the darkest step, 1/255 of the light, into 13 of 255 levels."""
    colors = tuple(tuple(round(65535 * light(c / 255)) for c in color) for color in ((3, 2, 5), *COLORS[1:]))
    data = png(quarters(colors=colors, dtype=">u2"), 16, 2, chunk(b"gAMA", struct.pack(">I", 100_000)))
    assert np.abs(corners(images.read(data).rgb) - [(3, 2, 5), *COLORS[1:]]).max() <= 1


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"gAMA", struct.pack(">I", 45_455)),
        chunk(b"gAMA", struct.pack(">I", 0)),
        chunk(b"gAMA", b"?"),
        chunk(b"sRGB", b"\0") + chunk(b"gAMA", struct.pack(">I", 100_000)),
        chunk(b"cHRM", bytes(32)),
        chunk(b"cICP", bytes([1, 13, 0, 1])) + chunk(b"gAMA", struct.pack(">I", 100_000)),
        chunk(b"cICP", bytes([99, 99, 0, 1])),
    ],
)
def test_colors_that_are_srgb_or_nonsense_stay(extra):
    assert np.array_equal(images.read(png(quarters(), 8, 2, extra)).rgb, quarters())


def test_cicp_goes_before_icc_and_icc_before_gamma():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    icc = chunk(b"iCCP", b"icc\0\0" + zlib.compress(srgb))
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000))
    assert np.abs(images.read(png(quarters(), 8, 2, icc, gamma)).rgb.astype(int) - quarters()).max() <= 1
    found = corners(images.read(png(quarters(), 8, 2, P3_PNG, icc)).rgb)
    assert np.abs(found - [from_p3(color) for color in COLORS]).max() <= 1


def test_hdr_has_diffuse_white_where_the_standards_put_it():
    """BT.2408: 203 nits, at 58 % of PQ and 75 % of HLG; half that light is sRGB's value 188."""
    for codes, level in (((9, 16), 0.5807), ((9, 18), 0.75)):
        pixels = np.full((32, 32, 3), round(level * 255), np.uint8)
        rgb = images.read(png(pixels, 8, 2, chunk(b"cICP", bytes([*codes, 0, 1])))).rgb
        assert rgb.min() >= 250, codes
    half = np.full((32, 32, 3), round(0.5079 * 255), np.uint8)  # of PQ: 101.5 nits
    assert abs(int(images.read(png(half, 8, 2, chunk(b"cICP", bytes([9, 16, 0, 1])))).rgb[0, 0, 0]) - 188) <= 3


# Transparency


@pytest.mark.parametrize(("depth", "dtype"), [(8, np.uint8), (16, ">u2")])
def test_the_gray_that_is_transparent(depth, dtype):
    most = 2**depth - 1
    gray = np.full((32, 48), most // 2, dtype)
    gray[16:, 24:] = most // 2 + 1
    picture = images.read(png(gray, depth, 0, chunk(b"tRNS", struct.pack(">H", most // 2 + 1))))
    assert picture.alpha is not None
    assert corners(picture.alpha[..., None]).ravel().tolist() == [255, 255, 255, 0]
    assert picture.rgb[0, 0].tolist() == [127] * 3


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_the_gray_of_few_bits_that_is_transparent(depth):
    rows = np.full((32, 32 * depth // 8), 255, np.uint8)  # all white
    rows[16:] = 0
    picture = images.read(png(rows, depth, 0, chunk(b"tRNS", struct.pack(">H", 2**depth - 1))))
    assert picture.alpha is not None
    assert picture.alpha[0, 0] == 0
    assert picture.alpha[-1, -1] == 255
    assert picture.rgb[-1, -1].tolist() == [0, 0, 0]


def test_the_color_that_is_transparent_is_compared_at_16_bits():
    pixels = np.full((32, 48, 3), (30_000, 20_000, 10_000), ">u2")
    pixels[16:, 24:, 2] += 1  # the high bytes are the same
    picture = images.read(png(pixels, 16, 2, chunk(b"tRNS", struct.pack(">3H", 30_000, 20_000, 10_001))))
    assert picture.alpha is not None
    assert corners(picture.alpha[..., None]).ravel().tolist() == [255, 255, 255, 0]


def test_around_a_small_gif_frame_nothing_is_seen():
    data = bytearray(saved(Image.fromarray(quarters()[:32, :48]).convert("P"), "GIF"))
    data[6:10] = struct.pack("<HH", 96, 64)
    for source in (bytes(data), Image.open(BytesIO(data))):
        picture = images.read(source)
        assert picture.rgb.shape == (64, 96, 3)
        assert picture.alpha is not None
        assert corners(picture.alpha[..., None]).ravel().tolist() == [255, 0, 0, 0]
        assert (picture.alpha[:32, :48] == 255).all()


# Files that Pillow refuses or reads wrongly


@pytest.mark.parametrize("order", ["<", ">"])
def test_16_bit_tiff_with_white_as_zero(order):
    ramp = (65535 - np.linspace(0, 65535, 64)[None] * np.ones((32, 1))).astype(f"{order}u2")
    data = ramp.tobytes()

    def entry(tag: int, kind: int, number: int) -> bytes:
        pack = struct.pack(f"{order}HH", number, 0) if kind == 3 else struct.pack(f"{order}I", number)
        return struct.pack(f"{order}HHI", tag, kind, 1) + pack

    entries = [entry(*each) for each in (
        (256, 4, 64), (257, 4, 32), (258, 3, 16), (259, 3, 1), (262, 3, 0), (273, 4, 8), (277, 3, 1), (278, 4, 32),
        (279, 4, len(data)),
    )]  # fmt: skip
    head = b"II*\0" if order == "<" else b"MM\0*"
    file = head + struct.pack(f"{order}I", 8 + len(data)) + data
    file += struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4)
    assert np.abs(images.read(file).rgb[0, :, 0] - np.linspace(0, 255, 64)).max() <= 1


LONG_TEXT = zlib.compress(b" " * (1 << 21))
TEXTS = {
    "iTXt": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + LONG_TEXT),
    "plain iTXt": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b" " * (1 << 21)),
    "zTXt": chunk(b"zTXt", b"comment\0\0" + LONG_TEXT),
    "tEXt": chunk(b"tEXt", b"comment\0" + b" " * (1 << 21)) * 40,
    "bad checksum": chunk(b"tEXt", b"comment\0hello")[:-4] + b"oops",
    "bad checksum of time": chunk(b"tIME", bytes(7))[:-4] + b"oops",
    "large profile": chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(1 << 21))),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_png_with_much_or_damaged_text(kind):
    assert np.array_equal(images.read(png(quarters(), 8, 2, TEXTS[kind])).rgb, quarters())
    assert isinstance(images.notes(png(quarters(), 8, 2, TEXTS[kind]), "picture"), dict)


def test_a_short_text_beside_a_long_one_is_kept():
    short = chunk(b"iTXt", b"nst-recipe\0\0\0\0\0" + b"{}")
    assert images.notes(png(quarters(), 8, 2, TEXTS["iTXt"], short), "picture")["nst-recipe"] == "{}"


def jpeg(**options) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (97, 131, 3), np.uint8)
    return saved(Image.fromarray(noise), "JPEG", quality=80, **options)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}, {"subsampling": 0}])
def test_a_jpeg_may_lack_its_end_marker_but_no_pixels(options):
    data = jpeg(**options)
    whole = images.read(data).rgb
    assert np.array_equal(images.read(data[:-2]).rgb, whole)
    assert np.array_equal(images.read(data[:-1]).rgb, whole)
    for end in (b"", b"\xff\xd9", bytes(5000)):
        for share in (0.3, 0.5, 0.9):
            with pytest.raises(ImageError, match=r"is incomplete\. Please download or save it again"):
                images.read(data[: int(len(data) * share)] + end)


def cut_jpeg(**options) -> tuple[bytes, int]:
    """A JPEG without its end marker, and where the data of its last scan begin."""
    pixels = np.random.default_rng(0).integers(0, 256, (97, 131, 3), np.uint8)
    pixels[50:, 40:] = (128, 128, 128) if options.pop("gray", False) else (90, 140, 220)
    data = saved(Image.fromarray(pixels).convert(options.pop("mode", "RGB")), "JPEG", **options)[:-2]
    return data, data.rindex(b"\xff\xda") + 16


@pytest.mark.parametrize(
    "options",
    [
        {}, {"gray": True}, {"mode": "CMYK"}, {"mode": "L"}, {"progressive": True}, {"subsampling": 0},
        {"restart_marker_rows": 1}, {"restart_marker_blocks": 3},
    ],
)  # fmt: skip
def test_a_jpeg_that_lost_its_last_pixels_is_refused_despite_its_end_marker(options):
    """At each place where it may be cut, also between two restart intervals, unless all pixels are there."""
    data, start = cut_jpeg(**options)
    whole = np.asarray(Image.open(BytesIO(data + b"\xff\xd9")))
    refused = 0
    for end in range(max(start, len(data) - 130), len(data)):
        cut = data[:end] + b"\xff\xd9"
        if np.array_equal(np.asarray(Image.open(BytesIO(cut))), whole):
            continue
        with pytest.raises(ImageError, match=r"incomplete"):
            images.read(cut)
        refused += 1
    assert refused > 40


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"mode": "CMYK"}, {"restart_marker_blocks": 3}])
@pytest.mark.parametrize("end", [b"", b"\xff", b"\xff\xff\xff\xd9", b"\xff\xd9" + bytes(3000), b"\xff\xd9more"])
def test_a_jpeg_with_all_its_pixels_is_read_whatever_follows(options, end):
    data, _ = cut_jpeg(**options)
    whole = np.asarray(Image.open(BytesIO(data + b"\xff\xd9")).convert("RGB"))
    assert np.array_equal(images.read(data + end).rgb, whole)


# 16x16 pixels of (0, 90, 200) in arithmetic coding, whose last bytes the encoder dropped as T.81, D.1.8 allows.
ARITHMETIC_JPEG = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBk"
    "eFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/yQARCAAQABADAS"
    "IAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/AEABMEnE/9k="
)


def test_a_jpeg_in_arithmetic_coding_is_complete():
    rgb = images.read(b64decode(ARITHMETIC_JPEG)).rgb
    assert np.abs(rgb.astype(int) - (0, 90, 200)).max() <= 4


def test_end_markers_within_segments_end_no_jpeg():
    """In a comment, and in the Exif thumbnail, which is a JPEG of its own."""
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    thumbnail = saved(Image.new("RGB", (16, 16)), "JPEG")
    data = saved(Image.fromarray(pixels), "JPEG", comment=b"\xff\xd9", exif=b"Exif\0\0" + thumbnail)
    assert np.array_equal(images.read(data).rgb, np.asarray(Image.open(BytesIO(data))))
    with pytest.raises(ImageError, match="incomplete"):
        images.read(data[:-200])


@pytest.mark.parametrize("gray", [127, 128, 255])
def test_a_gray_jpeg_is_complete(gray):
    data = saved(Image.new("RGB", (64, 48), (gray,) * 3), "JPEG")
    assert np.abs(images.read(data).rgb.astype(int) - gray).max() <= 1


OTHERS = {
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "SVG": b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ",
    "JPEG XL": b"\0\0\0\x0cJXL \r\n\x87\n",
    "HEIC": b"\0\0\0\x24ftypheic\0\0\0\0mif1heicmiafMiHB" + bytes(4000),
    "web page": b"<!DOCTYPE html><html><body>404</body></html>",
    "raw": b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom",
    "film": b"\0\0\0\x18ftypisom\0\0\0\x01isommp42",
    "Photoshop": b"8BPS\0\x01",
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_cannot_be_read_is_named_with_a_way_out(name):
    with pytest.raises(ImageError, match=rf"Cannot open photo: it is an? .*{name}.*\. .*(ave|xport)"):
        images.read(OTHERS[name], "photo")


def test_a_raw_file_is_not_taken_for_its_thumbnail():
    data = saved(Image.fromarray(quarters()), "TIFF", tiffinfo={50706: b"\1\4\0\0"})
    with pytest.raises(ImageError, match="raw file"):
        images.read(data)


# HEIC


def test_heic_is_read_upright_with_its_transparency_and_profile(tmp_path):
    pixels = quarters()
    assert np.abs(corners(images.read(heic(pixels)).rgb) - COLORS).max() <= 3
    (tmp_path / "IMG_0001.HEIC").write_bytes(heic(pixels))
    assert np.abs(corners(images.read(tmp_path / "IMG_0001.HEIC").rgb) - COLORS).max() <= 3
    alpha = np.repeat(np.array([[255, 0]], np.uint8), 64, 0).repeat(48, 1)
    picture = images.read(heic(np.dstack([pixels, alpha])))
    assert picture.alpha is not None
    assert corners(picture.alpha[..., None]).ravel().tolist() == [255, 0, 255, 0]


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_heic_orientation_is_applied_once(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    with_values = {3: quarters()[::-1, ::-1], 6: quarters().transpose(1, 0, 2)[::-1],
              8: quarters().transpose(1, 0, 2)[:, ::-1]}[orientation]  # fmt: skip
    data = heic(np.ascontiguousarray(with_values), exif=exif.tobytes())
    rgb = images.read(data).rgb
    assert rgb.shape == (64, 96, 3)
    assert np.abs(corners(rgb) - COLORS).max() <= 3


def test_a_heic_profile_is_converted():
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for number in range(struct.unpack(">I", swapped[128:132])[0]):  # red and green exchange their primaries
        place = 132 + 12 * number
        swapped[place : place + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(
            bytes(swapped[place : place + 4]), swapped[place : place + 4]
        )
    found = corners(images.read(heic(quarters(), icc_profile=bytes(swapped))).rgb)
    assert np.abs(found - [(g, r, b) for r, g, b in COLORS]).max() <= 5


def test_a_large_or_incomplete_heic_is_refused():
    data = heic(quarters())
    for end in (len(data) // 3, len(data) // 2, len(data) - 20):
        with pytest.raises(ImageError, match=r"HEIC picture that is incomplete.*Download it again"):
            images.read(data[:end])
    with pytest.raises(ImageError, match="64x2000 pixels are too narrow"):
        images.read(heic(np.zeros((2000, 64, 3), np.uint8)))


# Pillow stays as it was


def test_pillow_is_left_as_it_was(tmp_path):
    code = """
import sys, warnings
import numpy  # has warning filters of its own
from PIL import Image, ImageFile, PngImagePlugin, GifImagePlugin, TiffImagePlugin
Image.init()
def state():
    return (
        [dict(each) for each in (Image.OPEN, Image.SAVE, Image.SAVE_ALL, Image.EXTENSION, Image.MIME)],
        list(Image.ID), Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.MAX_TEXT_CHUNK,
        PngImagePlugin.MAX_TEXT_MEMORY, GifImagePlugin.LOADING_STRATEGY, dict(TiffImagePlugin.OPEN_INFO),
        list(warnings.filters),
    )
before = state()
import nst
from nst.images import io as images
for path in sys.argv[1:]:
    images.read(path)
assert state() == before
"""
    for suffix in (".png", ".avif", ".jpg", ".gif", ".tif", ".webp", ".bmp"):
        Image.fromarray(quarters()).save(tmp_path / f"a{suffix}")
    (tmp_path / "a.heic").write_bytes(heic(quarters()))
    subprocess.run([sys.executable, "-c", code, *map(str, tmp_path.iterdir())], check=True)


def test_readable_suffixes_are_listed_once():
    from nst.ui.inputs.image_picker import FILE_TYPES

    assert [suffix.removeprefix(".") for each in formats.READABLE.values() for suffix in each] == FILE_TYPES
    assert {"heic", "heif", "jpg", "png"} <= set(FILE_TYPES)
