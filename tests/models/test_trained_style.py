"""The files of trained styles: written, read back, refused where they are not what they should be."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nst
from nst import images
from nst.canvas import Canvas
from nst.errors import ImageError, InputError, ModelError
from nst.inputs import Inputs
from nst.models import fast, trained_micro
from nst.models.stylizers import Micro
from nst.models.trained_style import TrainedStyle, find, pixels, write
from nst.settings import FastSettings, OptimizeSettings
from tests.pictures import gradient


def made(seed: int = 0, name: str = "waves") -> TrainedStyle:
    """A style with a network of seeded weights."""
    rng = np.random.default_rng(seed)
    weights = {
        name: rng.normal(0, 0.5 / np.sqrt(np.prod(shape[:-1])), shape).astype(np.float16)
        for name, shape in fast.shapes().items()
    }
    return TrainedStyle(name, gradient(64, 48), rng.normal(size=fast.CODE).astype(np.float32), weights)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write(made(), tmp_path / "waves.npz")
    return tmp_path / "waves.npz"


def changed(file: Path, **entries: object) -> bytes:
    """The bytes of a file with some entries changed; None leaves one out."""
    with np.load(file) as store:
        arrays = {**store, **{name.replace("__", "-"): array for name, array in entries.items()}}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{name: array for name, array in arrays.items() if array is not None})
    return buffer.getvalue()


def test_what_is_written_is_read_back_from_path_and_bytes(file: Path) -> None:
    style = made()
    for source in (file, str(file), file.read_bytes()):
        found = find(source)
        assert found is not None and found.name == "waves"
        np.testing.assert_array_equal(found.code, style.code)
        assert found.code.dtype == np.float32
        assert {n: w.dtype for n, w in found.weights.items()} == dict.fromkeys(fast.shapes(), np.float16)
        assert all(np.array_equal(found.weights[n], w) for n, w in style.weights.items())
        assert found.picture.shape == style.picture.shape
        assert np.abs(found.picture.astype(int) - style.picture).mean() < 3  # it was compressed
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_suffix_does_not_matter(file: Path, tmp_path: Path) -> None:
    file.rename(tmp_path / "waves.jpg")
    assert find(tmp_path / "waves.jpg") is not None


def test_equal_files_are_one_style(file: Path) -> None:
    assert find(file) is find(str(file))  # so that its network is made once


def test_what_is_no_trained_style_is_left_to_others(tmp_path: Path) -> None:
    images.write(gradient(), tmp_path / "photo.npz.png")
    photo = (tmp_path / "photo.npz.png").read_bytes()
    for source in (tmp_path / "photo.npz.png", photo, gradient(), Image.fromarray(gradient()), tmp_path / "none", b""):
        assert find(source) is None
    np.testing.assert_array_equal(pixels(photo), gradient())
    with pytest.raises(ImageError, match=r"style '.*none'.*no such file"):
        pixels(tmp_path / "none")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"nst__trained__style": None}, "no style made by nst train-style"),
        ({"nst__trained__style": np.array(2)}, r"newer version .*format 2.*Update"),
        ({"nst__trained__style": np.array([1, 1])}, "damaged or incomplete"),
        ({"name": None}, "damaged or incomplete"),
        ({"name": np.array([1.0])}, "damaged or incomplete"),
        ({"code": np.full(96, np.nan, np.float32)}, "not finite"),
        ({"code": np.array(["x"])}, "damaged or incomplete"),
        ({"weights/paint/bias": np.full(12, np.inf, np.float16)}, "not finite"),
        ({"picture": np.zeros(100, np.uint8)}, r"the picture in style.*not a picture"),
        ({"picture": None}, "damaged or incomplete"),
        ({"code": np.array([{}], object)}, "damaged or incomplete"),  # pickled
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(file: Path, entries: dict, said: str) -> None:
    with pytest.raises(ImageError, match=said):
        find(changed(file, **entries))


def test_a_file_that_was_cut_off_is_refused(file: Path) -> None:
    data = file.read_bytes()
    for end in (10, len(data) // 2, len(data) - 1):
        with pytest.raises(ImageError, match="damaged or incomplete"):
            find(data[:end])


def test_a_flipped_byte_is_noticed(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(ImageError, match="damaged or incomplete"):
        find(bytes(data))


def test_another_archive_is_no_style(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(ImageError, match=r"letter\.docx'.*archive.*Give a picture"):
        find(tmp_path / "letter.docx")


def test_nothing_large_is_unpacked(file: Path) -> None:
    """A header that promises terabytes, and many entries that are small by themselves."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (10**12,)})
    bomb = io.BytesIO(file.read_bytes())
    with zipfile.ZipFile(bomb, "a") as archive:
        archive.writestr("weights/extra.npy", header.getvalue())
    with pytest.raises(ImageError, match="too large"):
        find(bomb.getvalue())
    many = {f"weights/{i}": np.zeros(2**20, np.float32) for i in range(9)}
    with pytest.raises(ImageError, match="too large"):
        find(changed(file, **many))


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no such file or folder"):
        write(made(), tmp_path / "nowhere" / "waves.npz")
    assert list(tmp_path.iterdir()) == []


# As a style


def test_other_engines_look_at_its_picture(file: Path) -> None:
    trained = find(file)
    assert trained is not None
    canvas = Canvas.read(Inputs(gradient(), [file, gradient(30, 30)]), OptimizeSettings())
    np.testing.assert_array_equal(canvas.styles[0], trained.picture)
    np.testing.assert_array_equal(canvas.styles[1], gradient(30, 30))


@pytest.fixture
def float32(file: Path) -> Micro:
    """The network in the file, without what makes it a trained one."""
    return Micro(made().weights, "float32")


SMALL = FastSettings(size=64, precision="float32")


def test_fast_paints_with_its_network_and_its_code(file: Path, float32: Micro) -> None:
    found = nst.stylize(gradient(64, 40), file, SMALL)
    expected = float32.paint(float32.encode(gradient(64, 40)), made().code, 1.0)
    np.testing.assert_array_equal(found.image, expected)
    assert found.network == "micro (waves)"


def test_other_styles_are_described_by_its_network(file: Path, float32: Micro) -> None:
    other = gradient(50, 50)[::-1].copy()
    found = nst.stylize(gradient(64, 40), [other, file], SMALL, style_weights=[1, 3])
    code = (0.25 * float32.describe(other) + 0.75 * made().code).astype(np.float32)
    expected = float32.paint(float32.encode(gradient(64, 40)), code, 1.0)
    assert np.abs(found.image.astype(int) - expected).max() <= 1


def test_two_trained_styles_cannot_be_painted_at_once(file: Path, tmp_path: Path) -> None:
    write(made(1, "dots"), tmp_path / "dots.npz")
    with pytest.raises(InputError, match=r"one trained style, received 2: 'waves', 'dots'"):
        nst.stylize(gradient(), [file, tmp_path / "dots.npz"], SMALL)
    assert nst.stylize(gradient(64, 40), [file, file], SMALL).network == "micro (waves)"


@pytest.mark.parametrize("entries", [{"weights/stem/bias": None}, {"code": np.zeros(7, np.float32)}])
def test_a_network_of_another_shape_is_refused_when_it_is_to_paint(file: Path, entries: dict) -> None:
    with pytest.raises(ModelError, match=r"'waves' was made for another version of the network.*Train it again"):
        nst.stylize(gradient(), changed(file, **entries), SMALL)


def test_other_networks_get_its_picture(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trained_micro.stylizers, "load", lambda settings: settings.network)
    assert trained_micro.load_for([file], FastSettings(network="magenta")) == "magenta"
    assert trained_micro.load_for([gradient()], SMALL) == "micro"
