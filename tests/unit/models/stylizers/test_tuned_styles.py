"""Styles with learned codes: found in any copy, and in nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from nst.images import io as images
from nst.images import samples
from nst.images.io import Pixels
from nst.models.stylizers import fast
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers.fast_stylizer import FastStylizer, fingerprint
from nst.models.stylizers.registry import FAST_WEIGHTS, TUNED_STYLES
from nst.models.stylizers.tuned_styles import SAME, TunedStyles

RNG = np.random.default_rng(0)
NUMBERS = 2 * sum(fast.modulated().values())
TUNED, OTHERS = samples.styles()[:2], samples.styles()[2:4]  # some of the gallery


def vectors(count: int, numbers: int) -> NDArray[np.float32]:
    return RNG.normal(size=(count, numbers)).astype(np.float32)


def weights() -> dict[str, NDArray[np.float16]]:
    with np.load(FAST_WEIGHTS) as file:
        return dict(file)


def picture(sample: samples.Sample) -> Pixels:
    return images.read(sample.path).rgb


def copy(original: Pixels, scale: float, format: str) -> Pixels:
    """As somebody may have it."""
    height, width = original.shape[:2]
    size, file = (round(width * scale), round(height * scale)), io.BytesIO()
    Image.fromarray(original).resize(size, Image.Resampling.BICUBIC).save(file, format, quality=80)
    return np.asarray(Image.open(file))


# By description


@pytest.fixture
def tuned() -> TunedStyles:
    return TunedStyles(vectors(5, fast.CODE) * np.float32([[1], [2], [4], [8], [16]]), vectors(5, 12))


def test_a_style_is_found_up_to_a_relative_distance(tuned: TunedStyles) -> None:
    direction = vectors(1, fast.CODE)[0]
    direction /= np.linalg.norm(direction)
    for description, code in zip(tuned.descriptions, tuned.codes, strict=True):
        reach = SAME * np.linalg.norm(description)
        np.testing.assert_array_equal(tuned.find(description), code)
        np.testing.assert_array_equal(tuned.find(description + 0.9 * reach * direction), code)
        assert tuned.find(description + 1.1 * reach * direction) is None


def test_of_two_that_are_near_it_is_the_nearer(tuned: TunedStyles) -> None:
    near = np.stack([tuned.descriptions[0], 1.05 * tuned.descriptions[0]])
    both = TunedStyles(near, tuned.codes[:2])
    for share, code in zip((1.01, 1.04), both.codes, strict=True):
        np.testing.assert_array_equal(both.find(share * near[0]), code)


def test_without_tuned_styles_none_is_found() -> None:
    assert TunedStyles(np.zeros((0, fast.CODE), "f4"), np.zeros((0, 12), "f4")).find(vectors(1, fast.CODE)[0]) is None


def test_they_are_read_from_a_file(tuned: TunedStyles, tmp_path: Path) -> None:
    halves = {"descriptions": tuned.descriptions.astype("f2"), "codes": tuned.codes.astype("f2")}
    np.savez_compressed(tmp_path / "tuned.npz", fingerprint=np.array("weights"), **halves)
    found = TunedStyles.load(tmp_path / "tuned.npz")
    np.testing.assert_array_equal(found.find(tuned.descriptions[2]), halves["codes"][2])
    assert (found.codes.dtype, found.fingerprint) == (np.float32, "weights")


# By picture


@pytest.fixture(scope="module")
def network() -> FastStylizer:
    """fast as it ships, with codes of a few styles that nobody learned."""
    plain = stylizers.load_fast("float32")
    descriptions = np.stack([plain.description(picture(sample))[0] for sample in TUNED])
    return FastStylizer(weights(), "float32", TunedStyles(descriptions, vectors(len(TUNED), NUMBERS)))


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "format"), [(1.0, "JPEG"), (0.5, "JPEG"), (0.7, "WEBP"), (1.5, "PNG")])
def test_a_copy_in_another_size_or_format_has_the_learned_code(
    network: FastStylizer, scale: float, format: str
) -> None:
    assert network._tuned is not None
    for sample, code in zip(TUNED, network._tuned.codes, strict=True):
        np.testing.assert_array_equal(network.describe(copy(picture(sample), scale, format)), code)


@pytest.mark.slow
def test_anything_else_has_the_code_that_is_predicted(network: FastStylizer) -> None:
    one, other = picture(TUNED[0]), picture(TUNED[1])
    changed = [one[:, ::-1, ::-1] ^ np.uint8(255), one // 2 + other // 2, one[:300, :300], one.mean(-1, keepdims=True)]
    changed[-1] = np.broadcast_to(changed[-1], one.shape).astype(np.uint8)
    assert network._tuned is not None
    for each in [*map(picture, (*OTHERS, samples.photos()[0])), *changed]:
        description, code = network.description(each)
        assert network._tuned.find(description) is None
    np.testing.assert_array_equal(network.describe(each), code)


# The file that ships


def test_the_file_that_ships_was_made_for_the_weights_that_ship() -> None:
    with np.load(TUNED_STYLES) as file:
        assert set(file) == {"descriptions", "codes", "fingerprint"}
        count = len(file["codes"])
        assert 1 <= count <= len(samples.styles())
        assert file["descriptions"].shape == (count, fast.CODE)
        assert file["codes"].shape == (count, NUMBERS)
        assert all(np.isfinite(file[name]).all() for name in ("descriptions", "codes"))
        assert str(file["fingerprint"]) == fingerprint(weights())


@pytest.mark.slow
def test_codes_that_were_learned_for_other_weights_are_left_alone(tmp_path: Path) -> None:
    """As after a new training of fast, before its styles are tuned again."""
    with np.load(TUNED_STYLES) as file:
        np.savez(tmp_path / "stale.npz", **{**file, "fingerprint": np.array("another")})
    fresh, stale = (
        stylizers._load_fast(FAST_WEIGHTS, path, "float32") for path in (TUNED_STYLES, tmp_path / "stale.npz")
    )
    default = picture(next(sample for sample in samples.styles() if sample.slug == samples.DEFAULT_STYLE))
    np.testing.assert_array_equal(stale.describe(default), fresh.description(default)[1])
    assert np.abs(fresh.describe(default) - stale.describe(default)).max() > 0


@pytest.mark.slow
def test_every_tuned_style_is_one_of_the_gallery() -> None:
    tuned, network = TunedStyles.load(TUNED_STYLES), stylizers.load_fast("float32")
    found = [tuned.find(network.description(picture(sample))[0]) for sample in samples.styles()]
    codes = {code.tobytes() for code in found if code is not None}
    assert codes == {code.tobytes() for code in tuned.codes}


def test_a_fingerprint_is_that_of_all_weights_in_any_order() -> None:
    given = {name: array.astype(np.float32) for name, array in weights().items()}
    assert fingerprint(given) == fingerprint(dict(reversed(given.items()))) == stylizers.load_fast().fingerprint
    for name in ("stem/kernel", "modulation/bias"):
        array = given[name].copy()
        array.flat[-1] += 1
        assert fingerprint({**given, name: array}) != fingerprint(given)
