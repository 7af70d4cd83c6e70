"""Pictures in and out. Files are made by Pillow and read by us, and the other way round."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from nst.errors import FileError, ImageError
from nst.images import io as images
from tests.support.pictures import gradient, png_header, saved
from tests.support.system_limits import ordinary_user, small_disk


def closeness(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(int) - b.astype(int)).mean())


# Reading: every format and mode


@pytest.mark.parametrize("format", ["png", "bmp", "tiff"])
def test_lossless_formats_come_back_as_they_went(format):
    rgb = gradient()
    picture = images.read(images.encode(rgb, format))
    assert np.array_equal(picture.rgb, rgb)
    assert picture.alpha is None


@pytest.mark.parametrize("format", ["jpeg", "webp", "avif"])
def test_lossy_formats_come_back_nearly_so(format):
    rgb = gradient()
    assert closeness(images.read(images.encode(rgb, format)).rgb, rgb) < 3


def test_saturated_edges_stay_sharp_in_jpeg():
    """Halved chroma would mix neighboring columns of red and blue, which are of similar lightness."""
    stripes = np.zeros((32, 32, 3), np.uint8)
    stripes[:, ::2, 0], stripes[:, 1::2, 2] = 255, 255
    assert closeness(images.read(images.encode(stripes, "jpeg")).rgb, stripes) < 15


@pytest.mark.parametrize("format", ["jpeg", "webp", "avif"])
def test_quality_makes_lossy_files_larger(format):
    rgb = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    assert len(images.encode(rgb, format, 95)) > 1.5 * len(images.encode(rgb, format, 30))


def test_palette_png():
    image = Image.fromarray(gradient()).quantize(64)
    assert np.array_equal(images.read(saved(image, "PNG")).rgb, np.array(image.convert("RGB")))


def test_palette_transparency_becomes_white_and_is_kept():
    image = Image.new("P", (20, 20), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (10, 0, 20, 20))
    picture = images.read(saved(image, "PNG", transparency=1))
    assert picture.rgb[0, 0].tolist() == [255, 0, 0]
    assert picture.rgb[0, 15].tolist() == [255, 255, 255]
    assert picture.alpha is not None
    assert picture.alpha[0, [0, 15]].tolist() == [255, 0]


def test_half_transparent_pixels_are_mixed_with_white():
    rgba = np.full((20, 20, 4), (200, 100, 0, 128), np.uint8)
    picture = images.read(saved(Image.fromarray(rgba), "PNG"))
    mixed = np.array([200, 100, 0]) * 128 / 255 + 255 * 127 / 255
    assert np.abs(picture.rgb[0, 0] - mixed).max() <= 1
    assert (picture.alpha == 128).all()


def test_opaque_alpha_is_none():
    rgba = np.dstack([gradient(), np.full((40, 60), 255, np.uint8)])
    picture = images.read(rgba)
    assert picture.alpha is None
    assert np.array_equal(picture.rgb, gradient())


def test_gray_with_alpha():
    image = Image.merge("LA", [Image.new("L", (20, 20), 100), Image.new("L", (20, 20), 0)])
    picture = images.read(saved(image, "PNG"))
    assert (picture.rgb == 255).all()
    assert (picture.alpha == 0).all()


def test_sixteen_bit_gray_is_scaled_not_clipped():
    ramp = np.linspace(0, 65535, 32 * 32).reshape(32, 32).astype(np.uint16)
    for format in ("PNG", "TIFF"):
        picture = images.read(saved(Image.fromarray(ramp), format))
        assert np.abs(picture.rgb[..., 0] - ramp / 257).max() <= 0.5
        assert (picture.rgb[..., 0] == picture.rgb[..., 2]).all()


def test_sixteen_bit_color_is_scaled_not_clipped():
    values = np.linspace(0, 65535, 32 * 32 * 3).reshape(32, 32, 3).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in values)
    header = png_header(32, 32).replace(struct.pack(">IIBB", 32, 32, 8, 2), struct.pack(">IIBB", 32, 32, 16, 2))
    data = zlib.compress(rows)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    file = header[:8] + chunk(b"IHDR", header[16:29]) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    assert np.abs(images.read(file).rgb - values / 257).max() <= 1


def test_grayscale_and_one_bit():
    gray = Image.fromarray(gradient()).convert("L")
    assert closeness(images.read(saved(gray, "JPEG")).rgb, np.dstack([np.array(gray)] * 3)) < 2
    assert set(np.unique(images.read(saved(gray.convert("1"), "PNG")).rgb)) == {0, 255}


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk(format):
    red = Image.new("CMYK", (20, 20), (0, 255, 255, 0))
    assert closeness(images.read(saved(red, format)).rgb[:1, :1], np.array([[[255, 0, 0]]])) < 3


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_an_animation_gives_its_first_frame(format):
    frames = [Image.new("RGB", (32, 32), color) for color in ("red", "lime", "blue")]
    data = saved(frames[0], format, save_all=True, append_images=frames[1:])
    with Image.open(BytesIO(data)) as check:
        assert check.n_frames == 3
    assert closeness(images.read(data).rgb, np.full((32, 32, 3), (255, 0, 0))) < 3


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(format, orientation):
    """EXIF 2.3, 4.6.4: what the stored first row and first column show."""
    upright = gradient(64, 32)
    stored = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1],
        5: upright.transpose(1, 0, 2), 6: upright.transpose(1, 0, 2)[::-1],
        7: upright[::-1, ::-1].transpose(1, 0, 2), 8: upright.transpose(1, 0, 2)[:, ::-1],
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(Image.fromarray(np.ascontiguousarray(stored)), format, exif=exif)
    rgb = images.read(data).rgb
    assert rgb.shape == upright.shape
    assert closeness(rgb, upright) < 4


def test_a_large_jpeg_file_may_come_smaller_but_never_too_small():
    data = saved(Image.fromarray(gradient(640, 400)), "JPEG", quality=95)
    for at_least, shape in [(401, (400, 640, 3)), (200, (200, 320, 3)), (120, (200, 320, 3)), (50, (50, 80, 3))]:
        rgb = images.read(data, at_least=at_least).rgb
        assert rgb.shape == shape
        assert closeness(rgb, np.asarray(Image.fromarray(gradient(640, 400)).resize(shape[1::-1]))) < 3
    other = saved(Image.fromarray(gradient(640, 400)), "PNG")
    assert images.read(other, at_least=50).rgb.shape == (400, 640, 3)


def linear_to_srgb(value: int) -> float:
    """IEC 61966-2-1, for 0..255."""
    return 255 * (1.055 * (value / 255) ** (1 / 2.4) - 0.055)


def test_color_profile_is_converted_to_srgb():
    """sRGB's colors with linear light: they must come out much lighter."""
    image = Image.new("RGB", (20, 20), (55, 55, 55))
    for data in (
        saved(image, "PNG", icc_profile=linear_profile()),
        saved(image.quantize(), "PNG", icc_profile=linear_profile()),
    ):
        assert np.abs(images.read(data).rgb - linear_to_srgb(55)).max() <= 2


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_gray_profile_is_converted_to_srgb(mode):
    profile = bytearray(linear_profile().replace(b"rTRC", b"kTRC"))
    profile[16:20] = b"GRAY"
    image = Image.new("L", (20, 20), 55)
    image = image if mode == "L" else Image.merge("LA", [image, Image.new("L", (20, 20), 255)])
    picture = images.read(saved(image, "PNG", icc_profile=bytes(profile)))
    assert np.abs(picture.rgb - linear_to_srgb(55)).max() <= 2


def linear_profile() -> bytes:
    """sRGB's own profile with the tone curves replaced by gamma 1 (ICC.1:2010, 10.5: curv of count 0)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    for number in range(count):
        name, offset, _ = struct.unpack(">4sII", profile[132 + 12 * number : 144 + 12 * number])
        if name in {b"rTRC", b"gTRC", b"bTRC"}:
            profile[offset : offset + 12] = b"curv" + bytes(8)
    return bytes(profile)


def test_a_broken_profile_is_passed_over():
    data = saved(Image.fromarray(gradient()), "PNG", icc_profile=b"no profile at all")
    assert np.array_equal(images.read(data).rgb, gradient())


def test_a_profile_of_another_kind_of_picture_is_passed_over():
    gray = Image.new("L", (20, 20), 99)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert (images.read(saved(gray, "PNG", icc_profile=srgb)).rgb == 99).all()


# Reading: where a picture may come from


def test_paths_bytes_images_and_arrays_are_the_same(tmp_path):
    rgb = gradient()
    path = tmp_path / "a.png"
    Image.fromarray(rgb).save(path)
    for source in (path, str(path), path.read_bytes(), Image.fromarray(rgb), rgb, rgb[::-1][::-1]):
        assert np.array_equal(images.read(source).rgb, rgb)


def test_the_name_on_a_file_does_not_matter(tmp_path):
    path = tmp_path / "really-a-png.jpg"
    path.write_bytes(images.encode(gradient(), "png"))
    assert np.array_equal(images.read(path).rgb, gradient())


def test_a_picture_that_was_given_is_left_alone():
    rgb = gradient()
    images.read(rgb).rgb[:] = 0
    assert np.array_equal(rgb, gradient())
    image = Image.fromarray(rgb)
    images.read(image).rgb[:] = 0
    assert np.array_equal(np.array(image), gradient())


def test_gray_arrays():
    gray = np.arange(400, dtype=np.uint16).astype(np.uint8).reshape(20, 20)
    assert np.array_equal(images.read(gray).rgb, np.dstack([gray] * 3))


# Reading: what is refused


@pytest.mark.parametrize(
    "array",
    [np.zeros((20, 20, 3)), np.zeros((20, 20, 2), np.uint8), np.zeros((1, 20, 20, 3), np.uint8), np.zeros(9, np.uint8)],
)
def test_other_arrays_are_refused(array):
    with pytest.raises(ImageError, match=rf"expected a uint8 array.*received {array.dtype}"):
        images.read(array)


def test_other_things_are_refused():
    with pytest.raises(ImageError, match=r"Cannot open content: expected a path.*received int"):
        images.read(3, "content")


BAD_BYTES = {
    "empty": (b"", "empty"),
    "text": (b"Dear diary, today I painted.", "not a picture"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is an SVG drawing"),
    "truncated png": (images.encode(gradient(), "png")[:-200], "it is incomplete. Please download or save it again."),
    "truncated jpeg": (images.encode(gradient(), "jpeg")[:-400], "it is incomplete. Please download or save it again."),
    "bomb": (png_header(20_000, 20_000), "too large; the limit is 89 megapixels"),
    "suspicious": (png_header(10_000, 9_000), "too large; the limit is 89 megapixels"),
    "one pixel": (images.encode(gradient(1, 1), "png"), "1x1 pixels are too few"),
    "thread": (images.encode(gradient(1, 4000), "png"), "1x4000 pixels are too few"),
    "strip": (images.encode(gradient(4000, 20), "png"), "4000x20 pixels are too narrow a strip"),
    "float tiff": (saved(Image.new("F", (20, 20)), "TIFF"), "its color mode is F"),
    "format that is not listed": (saved(Image.fromarray(gradient()), "PPM"), "not a picture"),
}


@pytest.mark.parametrize("kind", BAD_BYTES)
def test_bad_files_are_refused_in_words_that_name_them(kind, tmp_path):
    data, message = BAD_BYTES[kind]
    path = tmp_path / "holiday.png"
    path.write_bytes(data)
    with pytest.raises(ImageError) as caught:
        images.read(path, "content")
    assert message in str(caught.value)
    assert f"content '{path}'" in str(caught.value)
    with pytest.raises(ImageError, match="holiday upload"):
        images.read(data, "holiday upload")


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ImageError, match="10000x8948 pixels are too large"):
        images.read(Image.new("1", (10_000, 8_948)))


def test_the_limits_themselves_are_accepted():
    assert images.read(gradient(16, 16)).rgb.shape == (16, 16, 3)
    assert images.read(gradient(320, 16)).rgb.shape == (16, 320, 3)


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(FileError, match=r"nowhere\.png': no such file"):
        images.read(tmp_path / "nowhere.png")
    with pytest.raises(FileError, match="it is a folder"):
        images.read(tmp_path)


def test_no_permission_to_read(open_folder):
    path = open_folder / "secret.png"
    path.write_bytes(images.encode(gradient(), "png"))
    path.chmod(0)
    with ordinary_user(), pytest.raises(FileError, match=r"secret\.png': permission denied"):
        images.read(path)


@given(data=st.data())
def test_damage_never_ends_in_anything_but_an_image_error(data):
    format = data.draw(st.sampled_from(["png", "jpeg", "webp", "bmp", "tiff", "avif"]))
    file = bytearray(images.encode(gradient(), format))
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, min(len(file), 200) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(1, len(file)))
    try:
        picture = images.read(bytes(file[:end]))
    except ImageError:
        return
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.ndim == 3


# Resizing


@given(width=st.integers(16, 120), height=st.integers(16, 120), long_side=st.integers(1, 200))
def test_fit_keeps_the_aspect_ratio(width, height, long_side):
    result = images.fit(gradient(width, height), long_side)
    assert max(result.shape[:2]) == long_side
    exact = min(width, height) * long_side / max(width, height)
    assert abs(min(result.shape[:2]) - exact) <= 0.5 or min(result.shape[:2]) == 1
    assert (result.shape[0] >= result.shape[1]) == (height >= width) or result.shape[0] == result.shape[1]


def test_fit_to_none_changes_nothing():
    assert np.array_equal(images.fit(gradient(), None), gradient())


def test_fit_averages_when_it_shrinks():
    """A checkerboard of single pixels becomes its mean gray, where nearest or plain bilinear would alias."""
    board = np.indices((64, 64)).sum(0)[..., None].repeat(3, -1) % 2 * 255
    small = images.fit(board.astype(np.uint8), 16)
    assert np.abs(small[2:-2, 2:-2].astype(int) - 127).max() <= 8


def test_resize_takes_width_first():
    assert images.resize(gradient(60, 40), (30, 10)).shape == (10, 30, 3)


# Writing


@pytest.mark.parametrize("suffix", images.WRITABLE)
def test_the_suffix_names_the_format(suffix, tmp_path):
    path = tmp_path / f"out{suffix.upper()}"
    images.write(gradient(), path)
    with Image.open(path) as image:
        assert image.format.lower() == images.WRITABLE[suffix]
    assert closeness(images.read(path).rgb, gradient()) < 3
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["out.gif", "out", "out.png.exe", ".png"])
def test_an_unknown_suffix_is_refused_and_the_known_ones_listed(name, tmp_path):
    with pytest.raises(FileError, match=r"Use one of \.png \.jpg \.jpeg \.webp"):
        images.write(gradient(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_side_too_long_for_the_format_is_said(tmp_path):
    with pytest.raises(ImageError, match=r"17000x16 pixels as webp.*Try \.png"):
        images.write(gradient(17_000, 16), tmp_path / "out.webp")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_old_file_whole(tmp_path):
    path = tmp_path / "out.png"
    path.write_bytes(b"the old picture")
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    with small_disk(1000), pytest.raises(FileError, match=r"Cannot write .*out\.png"):
        images.write(noise, path)
    assert path.read_bytes() == b"the old picture"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.png"]


def test_files_get_the_usual_permissions(tmp_path):
    """Not the private ones of tempfile: a web server must be able to read what was written."""
    (tmp_path / "usual").touch()
    images.write(gradient(), tmp_path / "out.png")
    assert (tmp_path / "out.png").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize(
    ("suffix", "kept"), [(suffix, suffix not in {".jpg", ".jpeg", ".bmp"}) for suffix in images.WRITABLE]
)
def test_transparency_is_written_where_the_format_knows_it(suffix, kept, tmp_path):
    alpha = np.repeat(np.array([[255, 0]], np.uint8), 32, 0).repeat(24, 1)
    images.write(np.dstack([gradient(48, 32), alpha]), tmp_path / f"out{suffix}")
    with Image.open(tmp_path / f"out{suffix}") as file:
        bands = file.getbands()
        found = np.asarray(file)
    assert bands == (("R", "G", "B", "A") if kept else ("R", "G", "B"))
    assert closeness(found[:, :20, :3], gradient(48, 32)[:, :20]) < 6
    if kept:
        assert np.abs(found[..., 3].astype(int) - alpha)[:, [0, 10, 37, 47]].max() < 3
    else:
        assert closeness(found[:, 28:], np.full((32, 20, 3), 255)) < 6
