"""The files of trained styles: written, read back, refused where they are not what they should be."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nst
from nst.errors import FileError, ImageError, ModelError
from nst.images import io as images
from nst.models.stylizers import fast
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers.fast_stylizer import FastStylizer
from nst.models.stylizers.trained_style import TrainedStyle, find, pixels, write
from nst.optimization.problem import Problem
from nst.run.inputs import Inputs
from nst.settings.engines import FastSettings, OptimizeSettings
from tests.support.hub_modules import save
from tests.support.pictures import gradient

NUMBERS = 2 * sum(fast.modulated().values())


@pytest.fixture(scope="module")
def network() -> FastStylizer:
    return stylizers.load_fast("float32")


def made(seed: int = 0, name: str = "waves") -> TrainedStyle:
    """A style with a code that the network never predicted."""
    code = np.random.default_rng(seed).normal(0, 0.3, NUMBERS).astype(np.float32)
    return TrainedStyle(name, gradient(64, 48), code, stylizers.load_fast().fingerprint)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write(made(), tmp_path / "waves.npz")
    return tmp_path / "waves.npz"


def former(style: TrainedStyle) -> bytes:
    """A file of version 1, as it was written: with the weights of a network of its own, and a code of 96 numbers."""
    entries = {
        "nst-trained-style": np.array(1),
        "name": np.array(style.name),
        "picture": np.frombuffer(images.encode(style.picture, "webp"), np.uint8),
        "code": style.code[:96],
        "weights/stem/kernel": np.zeros((3, 3, 12, 32), np.float16),
        "weights/paint/bias": np.zeros(12, np.float16),
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **entries)
    return buffer.getvalue()


def changed(file: Path, **entries: object) -> bytes:
    """The bytes of a file with some entries changed; None leaves one out."""
    with np.load(file) as store:
        arrays = {**store, **{name.replace("__", "-"): array for name, array in entries.items()}}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{name: array for name, array in arrays.items() if array is not None})
    return buffer.getvalue()


def test_file_round_trip_from_path_and_bytes(file: Path) -> None:
    style = made()
    for source in (file, str(file), file.read_bytes()):
        found = find(source)
        assert found is not None and found.name == "waves"
        np.testing.assert_array_equal(found.code, style.code)
        assert found.code.dtype == np.float32
        assert found.fingerprint == style.fingerprint
        assert found.picture.shape == style.picture.shape
        assert np.abs(found.picture.astype(int) - style.picture).mean() < 3  # it was compressed
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_file_is_small(file: Path) -> None:
    assert file.stat().st_size < 200_000


def test_the_suffix_does_not_matter(file: Path, tmp_path: Path) -> None:
    file.rename(tmp_path / "waves.jpg")
    assert find(tmp_path / "waves.jpg") is not None


def test_equal_files_are_one_style(file: Path) -> None:
    assert find(file) is find(str(file))


def test_other_files_are_not_taken_for_trained_styles(tmp_path: Path) -> None:
    images.write(gradient(), tmp_path / "photo.npz.png")
    photo = (tmp_path / "photo.npz.png").read_bytes()
    for source in (tmp_path / "photo.npz.png", photo, gradient(), Image.fromarray(gradient()), tmp_path / "none", b""):
        assert find(source) is None
    np.testing.assert_array_equal(pixels(photo), gradient())
    with pytest.raises(FileError, match=r"style '.*none'.*no such file"):
        pixels(tmp_path / "none")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"nst__trained__style": None}, "not a style made by nst train-style"),
        ({"nst__trained__style": np.array(3)}, r"newer version .*format 3.*Update"),
        ({"nst__trained__style": np.array([1, 1])}, "damaged or incomplete"),
        ({"name": None}, "damaged or incomplete"),
        ({"name": np.array([1.0])}, "damaged or incomplete"),
        ({"code": np.full(96, np.nan, np.float32)}, "not finite"),
        ({"code": np.array(["x"])}, "damaged or incomplete"),
        ({"code": None}, "damaged or incomplete"),
        ({"fingerprint": None}, "damaged or incomplete"),
        ({"fingerprint": np.array(7)}, "damaged or incomplete"),
        ({"fingerprint": np.array(["a", "b"])}, "damaged or incomplete"),
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
    with pytest.raises(FileError, match="no such file or folder"):
        write(made(), tmp_path / "nowhere" / "waves.npz")
    assert list(tmp_path.iterdir()) == []


# As a style


def test_other_engines_look_at_its_picture(file: Path) -> None:
    trained = find(file)
    assert trained is not None
    problem = Problem.read(Inputs(gradient(), [file, gradient(30, 30)]), OptimizeSettings())
    np.testing.assert_array_equal(problem.styles[0], trained.picture)
    np.testing.assert_array_equal(problem.styles[1], gradient(30, 30))


SMALL = FastSettings(size=64, precision="float32")
PHOTO = gradient(64, 40)


def painted(network: FastStylizer, code: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    return network.paint(network.encode(PHOTO), code, alpha)


def test_fast_paints_by_the_code_that_was_learned(file: Path, network: FastStylizer) -> None:
    for strength in (100, 40):
        found = nst.stylize(PHOTO, file, replace(SMALL, strength=strength))
        np.testing.assert_array_equal(found.image, painted(network, made().code, strength / 100))
        assert found.network == "fast"
    assert not np.array_equal(found.image, nst.stylize(PHOTO, pixels(file), replace(SMALL, strength=40)).image)


def test_it_mixes_with_pictures_and_with_other_trained_styles(
    file: Path, tmp_path: Path, network: FastStylizer
) -> None:
    picture, dots = gradient(50, 50)[::-1].copy(), tmp_path / "dots.npz"
    write(made(1, "dots"), dots)
    for other, code in ((picture, network.describe(picture)), (dots, made(1).code), (file, made().code)):
        found = nst.stylize(PHOTO, [other, file], SMALL, style_weights=[1, 3])
        mixed = (0.25 * code + 0.75 * made().code).astype(np.float32)
        assert np.abs(found.image.astype(int) - painted(network, mixed)).max() <= 1
        assert found.network == "fast"


@pytest.mark.parametrize("colors", ["photo", "matched"])
def test_in_other_colors_it_is_described_anew(file: Path, colors: str) -> None:
    """A code that was learned is of the colors that it was learned in."""
    settings = replace(SMALL, colors=colors)
    found = nst.stylize(PHOTO[::-1], file, settings)
    np.testing.assert_array_equal(found.image, nst.stylize(PHOTO[::-1], pixels(file), settings).image)


def test_in_the_colors_of_another_picture_it_is_described_anew(file: Path) -> None:
    red = np.full((40, 40, 3), (200, 30, 10), np.uint8)
    red[::2] //= 2
    found, expected = (nst.stylize(PHOTO, each, SMALL, color_style=red) for each in (file, pixels(file)))
    np.testing.assert_array_equal(found.image, expected.image)


REFUSED = (
    r"The trained style 'waves' was trained for another version of the network fast\. Train it again.*engine optimize"
)


@pytest.mark.parametrize("entries", [{"fingerprint": np.array("0" * 16)}, {"code": np.zeros(7, np.float32)}])
def test_a_code_of_another_network_is_refused_before_the_stream(file: Path, entries: dict) -> None:
    with pytest.raises(ModelError, match=REFUSED):
        nst.stream(PHOTO, [gradient(), changed(file, **entries)], SMALL)


def test_so_it_is_where_only_its_colors_would_have_been_others(file: Path) -> None:
    other, control = changed(file, fingerprint=np.array("0" * 16)), nst.Control()
    stream = nst.stream(PHOTO, other, replace(SMALL, colors="photo"), control=control)
    control.update(colors="style")
    with pytest.raises(ModelError, match=REFUSED):
        next(stream)
    assert nst.stylize(PHOTO, other, replace(SMALL, colors="photo")).final


def test_a_file_of_version_1_is_a_picture_for_those_who_look_and_no_code(tmp_path: Path) -> None:
    (tmp_path / "old.npz").write_bytes(former(made()))
    problem = Problem.read(Inputs(PHOTO, tmp_path / "old.npz"), OptimizeSettings())
    assert problem.styles[0].shape == made().picture.shape
    assert np.abs(problem.styles[0].astype(int) - made().picture).mean() < 3  # it was compressed
    with pytest.raises(ModelError, match=REFUSED):
        nst.stream(PHOTO, tmp_path / "old.npz", SMALL)


def test_other_networks_get_its_picture(file: Path, tmp_path: Path) -> None:
    settings = FastSettings(network="magenta", weights=str(save(tmp_path / "model")), size=None)
    found, expected = (nst.stylize(PHOTO, each, settings) for each in (file, pixels(file)))
    np.testing.assert_array_equal(found.image, expected.image)
    assert found.network == "magenta"
