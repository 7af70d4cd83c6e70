"""Magenta's network in its three forms: small stand-ins of the same shape, and the real TensorFlow Lite pair."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image

import nst
from nst.errors import SettingsError, WeightsUnavailable
from nst.images.io import Pixels, to_float
from nst.models.stylizers import magenta
from nst.models.stylizers import registry as stylizers
from nst.settings.engines import FastSettings
from tests.support.file_server import serving
from tests.support.hub_modules import PICTURE, pack, painted, save, save_pair, transferred
from tests.support.paths import ROOT, SHARED

RNG = np.random.default_rng(0)


def noise(height: int, width: int) -> Pixels:
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


def smooth(height: int, width: int, *color: float) -> Pixels:
    """A picture that a change of size leaves as it is, but for its size: a slope from black to a color."""
    return (np.linspace(0, 1, width)[None, :, None] * np.array(color) * np.ones((height, 1, 1))).astype(np.uint8)


def plain(height: int, width: int, *color: int) -> Pixels:
    return np.full((height, width, 3), color, np.uint8)


PLAIN = plain(40, 60, 200, 100, 50)


def load(folder: Path) -> stylizers.Stylizer:
    return stylizers.load(FastSettings(network="magenta", weights=str(folder)))


@pytest.fixture(scope="session")
def saved_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("magenta"))


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="session")
def real_pair() -> Path:
    """Magenta's own TensorFlow Lite files, int8."""
    folder = SHARED / "weights" / "magenta_int8"
    if not folder.is_dir():
        pytest.skip(f"Magenta's files are not at {folder}; set NST_SHARED")
    return folder


def difference(a: NDArray[Any], b: NDArray[Any]) -> float:
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


# A SavedModel


@pytest.mark.parametrize("size", [(16, 16), (33, 47), (16, 320), (64, 40)])
def test_a_saved_model_paints_any_size(saved_model: Path, size: tuple[int, int]) -> None:
    photo, network = noise(*size), load(saved_model)
    found = network.paint(network.encode(photo), network.describe(PLAIN), 1.0)
    np.testing.assert_allclose(found, 255 * painted(to_float(photo), to_float(PLAIN)), atol=0.51)


def test_a_style_is_cut_to_its_middle(saved_model: Path) -> None:
    style = plain(100, 300, 0, 0, 0)
    style[:, 100:200] = (250, 150, 50)
    code = load(saved_model).describe(style).reshape(256, 256, 3)
    np.testing.assert_allclose(code[5:-5, 5:-5].mean((0, 1)), np.array([250, 150, 50]) / 255, atol=0.01)


def test_a_saved_model_paints_one_style_at_full_strength_or_none(saved_model: Path) -> None:
    photo = noise(40, 60)

    def settings(strength: float) -> FastSettings:
        return FastSettings(network="magenta", weights=str(saved_model), strength=strength, size=None)

    np.testing.assert_array_equal(nst.stylize(photo, PLAIN, settings(0)).image, photo)
    result = nst.stylize(photo, PLAIN, settings(100))
    assert result.network == "magenta"
    np.testing.assert_allclose(result.image, 255 * painted(to_float(photo), to_float(PLAIN)), atol=0.51)
    with pytest.raises(SettingsError, match="one style at strength 100"):
        nst.stream(photo, PLAIN, settings(60))
    with pytest.raises(SettingsError, match="received 2"):
        nst.stream(photo, [PLAIN, PLAIN], settings(100))


class _Wrong(tf.Module):
    """SavedModels of another kind."""

    @tf.function(input_signature=[PICTURE])
    def one_input(self, photo: Any) -> list[Any]:
        return [photo]

    @tf.function(input_signature=[PICTURE, PICTURE])
    def dictionary(self, photo: Any, style: Any) -> dict[str, Any]:
        return {"stylized": photo}

    @tf.function(input_signature=[PICTURE, PICTURE])
    def bare(self, photo: Any, style: Any) -> Any:
        return photo

    @tf.function(input_signature=[PICTURE, PICTURE])
    def smaller(self, photo: Any, style: Any) -> list[Any]:
        return [photo[:, ::2, ::2]]

    @tf.function(input_signature=[PICTURE, PICTURE])
    def bytes(self, photo: Any, style: Any) -> list[Any]:
        return [tf.cast(photo * 255, tf.uint8)]

    @tf.function(input_signature=[tf.TensorSpec((1, 256, 256, 3)), PICTURE])
    def fixed(self, photo: Any, style: Any) -> list[Any]:
        return [photo]


def test_a_saved_model_paints_each_region_in_a_style_of_its_own(saved_model: Path) -> None:
    photo, other = noise(40, 60), plain(40, 60, 20, 40, 220)
    left = np.tile(np.arange(60) < 30, (40, 1))
    settings = FastSettings(network="magenta", weights=str(saved_model), size=None)
    regions = [nst.Region(left, style=0, feather=0), nst.Region(None, style=1)]
    found = nst.stylize(photo, [PLAIN, other], settings, regions=regions).image
    for half, style in ((np.s_[:, :30], PLAIN), (np.s_[:, 30:], other)):
        np.testing.assert_allclose(found[half], 255 * painted(to_float(photo), to_float(style))[half], atol=0.51)
    kept = nst.stylize(photo, PLAIN, settings, regions=[nst.Region(left, strength=0, feather=0)]).image
    np.testing.assert_array_equal(kept[:, :30], photo[:, :30])
    np.testing.assert_array_equal(kept[:, 30:], nst.stylize(photo, PLAIN, settings).image[:, 30:])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("one_input", "does not take a photo and a style"),
        ("fixed", "does not take a photo and a style"),
        ("dictionary", "returns a .*[Dd]ict"),
        ("bare", "returns a .*Tensor"),
        ("smaller", r"for \(1, 64, 80, 3\) it returns float32 \(1, 32, 40, 3\)"),
        ("bytes", r"returns uint8 \(1, 64, 80, 3\)"),
        ("nothing", "it cannot be called"),
    ],
)
def test_another_saved_model_is_told_apart(kind: str, said: str, tmp_path: Path) -> None:
    module = tf.Module()
    if kind != "nothing":
        module = type("Callable", (_Wrong,), {"__call__": getattr(_Wrong, kind)})()
    tf.saved_model.save(module, str(tmp_path))
    with pytest.raises(WeightsUnavailable, match=said) as raised:
        load(tmp_path)
    assert str(tmp_path) in str(raised.value)
    assert "a photo (1, H, W, 3) and a style (1, 256, 256, 3)" in str(raised.value)


def cut(folder: Path) -> None:
    file = folder / "saved_model.pb"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def without_variables(folder: Path) -> None:
    for file in (folder / "variables").iterdir():
        file.unlink()


@pytest.mark.parametrize("damage", [cut, without_variables])
def test_a_damaged_saved_model(damage: Callable[[Path], None], tmp_path: Path) -> None:
    class Holding(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.variable = tf.Variable(1.0)

    tf.saved_model.save(Holding(), str(tmp_path))
    damage(tmp_path)
    with pytest.raises(WeightsUnavailable, match="are damaged or incomplete"):
        load(tmp_path)


@pytest.mark.parametrize("given", [{"seed": 3}, {"noise_origin": (5, 0)}])
def test_it_paints_without_noise(saved_model: Path, pair: Path, given: dict[str, Any]) -> None:
    for folder in (saved_model, pair):
        with pytest.raises(SettingsError, match=r"^magenta uses no noise; received seed=.*network='fast'"):
            nst.stream(PLAIN, PLAIN, FastSettings(network="magenta", weights=str(folder), **given))


# From TensorFlow Hub


def test_without_a_folder_it_comes_from_tensorflow_hub(
    machine: Path, saved_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(machine / "hub"))
    magenta._load.cache_clear()
    with serving("whole", pack(saved_model)) as server:
        monkeypatch.setattr(magenta, "ADDRESS", server.url)
        networks = [stylizers.load(FastSettings(network="magenta")) for _ in range(2)]
        assert server.requests == 1
    assert networks[0] is networks[1]
    photo = noise(20, 30)
    found = networks[0].paint(networks[0].encode(photo), networks[0].describe(PLAIN), 1.0)
    np.testing.assert_allclose(found, 255 * painted(to_float(photo), to_float(PLAIN)), atol=0.51)


def test_without_a_network_it_is_said_what_to_do(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(machine / "hub"))
    with serving("whole", b"") as server:
        monkeypatch.setattr(magenta, "ADDRESS", server.url)
    said = (
        r"Cannot download Magenta's network from 127.*internet.*folder.*TFHUB_CACHE_DIR.*fast, which needs no download"
    )
    magenta._load.cache_clear()
    with pytest.raises(WeightsUnavailable, match=said):
        nst.stream(PLAIN, PLAIN, FastSettings(network="magenta"))


def test_it_is_the_published_module() -> None:
    assert magenta.ADDRESS == "https://tfhub.dev/google/magenta/arbitrary-image-stylization-v1-256/2"


# The TensorFlow Lite files


@pytest.mark.parametrize("alpha", [0.25, 0.6, 1.0])
def test_strength_leads_from_the_photos_bottleneck_to_the_styles(pair: Path, alpha: float) -> None:
    """Against the same in NumPy; at full strength nothing is given back."""
    photo, network = smooth(64, 64, 220, 160, 80), load(pair)
    found = network.paint(network.encode(photo), network.describe(PLAIN), alpha)
    small, style = to_float(photo)[::2, ::2], to_float(PLAIN).mean((0, 1))
    own = small.mean((0, 1))
    made = transferred(small, (1 - alpha) * own + alpha * style)
    lost = small - transferred(small, own)
    expected = 255 * np.clip(made + (1 - alpha) * lost, 0, 1)
    np.testing.assert_allclose(found[::2, ::2][2:-2, 2:-2], expected[2:-2, 2:-2], atol=4)


def test_the_files_are_told_apart_by_what_they_take(pair: Path, tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.tflite").write_bytes((pair / f"{other}.tflite").read_bytes())
    photo = noise(20, 30)
    pictures = [n.paint(n.encode(photo), n.describe(PLAIN), 1.0) for n in (load(pair), load(tmp_path))]
    np.testing.assert_array_equal(*pictures)


@pytest.mark.parametrize("size", [(16, 16), (33, 47), (16, 320), (320, 16)])
def test_the_aspect_ratio_is_kept(pair: Path, size: tuple[int, int]) -> None:
    """Content in the photo's corners stays in place."""
    photo, network = plain(*size, 0, 0, 0), load(pair)
    height, width = size
    photo[height // 2 :, width // 2 :] = 255
    found = network.paint(network.encode(photo), np.zeros(3, np.float32), 1.0)
    assert found.shape == photo.shape
    assert found[-1, -1].min() > 110 and found[0, 0].max() < 10
    assert difference(found, photo / 2) < 12


@pytest.mark.parametrize("keep", [[], ["one"], ["two"], ["one", "two", "copy"]])
def test_a_folder_without_the_two_files(pair: Path, tmp_path: Path, keep: list[str]) -> None:
    for name in keep:
        source = pair / f"{name.replace('copy', 'one')}.tflite"
        (tmp_path / f"{name}.tflite").write_bytes(source.read_bytes())
    found = ", ".join(f"{name}.tflite" for name in sorted(keep)) or "neither"
    with pytest.raises(WeightsUnavailable, match=rf"does not contain Magenta's network; found {found}\. Expected"):
        load(tmp_path)


def test_a_damaged_file(pair: Path, tmp_path: Path) -> None:
    (tmp_path / "one.tflite").write_bytes((pair / "one.tflite").read_bytes())
    (tmp_path / "two.tflite").write_text("no model")
    with pytest.raises(WeightsUnavailable, match=r"two\.tflite' cannot be read.*damaged"):
        load(tmp_path)


def test_a_folder_that_is_none(pair: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match=r"does not exist\. Check the path"):
        load(tmp_path / "lost")
    with pytest.raises(WeightsUnavailable, match="is a file, not a folder"):
        load(pair / "one.tflite")


# Magenta's own files


@pytest.fixture(scope="module")
def photo() -> Pixels:
    return np.asarray(Image.open(ROOT / "assets" / "examples" / "harbor-town.jpg").convert("RGB").resize((96, 64)))


@pytest.fixture(scope="module")
def styles() -> list[Pixels]:
    names = ("great-swell", "night-over-the-bay")
    return [np.asarray(Image.open(ROOT / "assets" / "styles" / f"{n}.jpg").resize((256, 256))) for n in names]


def stylized(photo: Pixels, styles: list[Pixels], folder: Path, strength: float = 100, **inputs: Any) -> Pixels:
    settings = FastSettings(network="magenta", weights=str(folder), size=None, strength=strength)
    return nst.stylize(photo, styles, settings, **inputs).image


@pytest.mark.filterwarnings("ignore:.*Interpreter is deprecated")
def test_the_real_files_paint_what_they_paint_by_themselves(
    real_pair: Path, photo: Pixels, styles: list[Pixels]
) -> None:
    interpreters = [tf.lite.Interpreter(str(real_pair / f"{n}.tflite")) for n in ("prediction", "transfer")]
    for interpreter in interpreters:
        interpreter.allocate_tensors()
    predict, transfer = interpreters
    predict.set_tensor(predict.get_input_details()[0]["index"], to_float(styles[0])[None])
    predict.invoke()
    square = np.asarray(Image.fromarray(photo).resize((384, 256), Image.Resampling.LANCZOS))
    square = np.concatenate([square, square[:-129:-1]])  # mirrored at its lower edge
    content, bottleneck = transfer.get_input_details()
    transfer.set_tensor(content["index"], to_float(square)[None])
    transfer.set_tensor(bottleneck["index"], predict.get_tensor(predict.get_output_details()[0]["index"]))
    transfer.invoke()
    made = transfer.get_tensor(transfer.get_output_details()[0]["index"])[0, :256]
    large = Image.fromarray((made * 255).round().astype(np.uint8)).resize((96, 64), Image.Resampling.LANCZOS)
    assert difference(stylized(photo, styles[:1], real_pair), np.asarray(large)) < 1


def test_strength_of_the_real_files(real_pair: Path, photo: Pixels, styles: list[Pixels]) -> None:
    none, little, half, full = (stylized(photo, styles[:1], real_pair, strength) for strength in (0, 1, 50, 100))
    np.testing.assert_array_equal(none, photo)
    distances = [difference(picture, photo) for picture in (little, half, full)]
    assert distances == sorted(distances)
    assert distances[0] < 0.3 * distances[2]  # a slider that leaves 0 hardly jumps; int8's rounding shows
    assert difference(half, (photo.astype(float) + full) / 2) > 0.1 * difference(full, photo)


def test_mixtures_of_the_real_files(real_pair: Path, photo: Pixels, styles: list[Pixels]) -> None:
    one, other = (stylized(photo, [style], real_pair) for style in styles)
    np.testing.assert_array_equal(stylized(photo, styles, real_pair, style_weights=[1, 0]), one)
    both = stylized(photo, styles, real_pair, style_weights=[1, 1])
    assert difference(both, one) > 3
    assert difference(both, other) > 3


def test_regions_of_the_real_files_meet_in_the_feather(real_pair: Path, photo: Pixels, styles: list[Pixels]) -> None:
    left = np.tile(np.arange(96) < 48, (64, 1))
    one, other = stylized(photo, styles[:1], real_pair), stylized(photo, styles[1:], real_pair, strength=40)
    regions = [nst.Region(left, style=0, feather=10), nst.Region(None, style=1, strength=40)]
    found = stylized(photo, styles, real_pair, regions=regions)
    np.testing.assert_array_equal(found[:, :38], one[:, :38])
    np.testing.assert_array_equal(found[:, 58:], other[:, 58:])
    low, high = np.minimum(one, other).astype(int), np.maximum(one, other).astype(int)
    assert ((found >= low - 12) & (found <= high + 12)).mean() > 0.99  # in Oklab, not in each channel


def test_threads_do_not_disturb_each_other(real_pair: Path, photo: Pixels, styles: list[Pixels]) -> None:
    network = load(real_pair)
    encoding, codes = network.encode(photo), [network.describe(style) for style in styles]
    alone = [network.paint(encoding, code, 1.0) for code in codes]
    with ThreadPoolExecutor(4) as pool:
        together = [*pool.map(lambda i: network.paint(encoding, codes[i % 2], 1.0), range(8))]
    for i, found in enumerate(together):
        np.testing.assert_array_equal(found, alone[i % 2])


def test_a_network_that_is_let_go_is_gone(pair: Path) -> None:
    """A cache holding a reference would keep the model alive."""
    stylized(noise(20, 30), [PLAIN], pair, strength=50)
    network = weakref.ref(load(pair))
    magenta._load.cache_clear()
    gc.collect()
    assert network() is None


def test_people_do_not_read_about_packages(pair: Path) -> None:
    program = (
        "import nst, numpy as np\n"
        f"nst.stylize(*np.zeros((2, 20, 20, 3), np.uint8), nst.FastSettings(network='magenta', weights={str(pair)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert "deprecated" not in done.stderr
