"""The training of fast, with tiny pictures and a step or two."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from nst.models.extractors.extractor import FeatureExtractor
from nst.models.extractors.lite import LITE
from nst.models.stylizers import fast
from nst.training import data
from nst.training.fast_losses import MARGIN
from tools import train_fast
from tools.train_fast import KEPT_STYLES, Styles, Trainer, VariationSheet, beginner

LOOKING = FeatureExtractor(LITE, {})


@pytest.fixture
def material(tmp_path: Path) -> list[str]:
    """Photos and paintings, as flags of the script."""
    rng = np.random.default_rng(0)
    for folder in ("photos", "more photos", "paintings"):
        (tmp_path / folder).mkdir()
        for number in range(13):
            Image.fromarray(rng.integers(0, 256, (48, 48, 3), np.uint8)).save(tmp_path / folder / f"{number}.png")
    folders = {"--paintings": "paintings", "--out": "fast.npz", "--build": "build"}
    flags = [part for flag, name in folders.items() for part in (flag, str(tmp_path / name))]
    flags += ["--photos", str(tmp_path / "photos"), str(tmp_path / "more photos")]
    return [*flags, "--batch", "2", "--crop", "32", "--report", "1"]


@pytest.mark.slow
@pytest.mark.usefixtures("eagerly")
def test_training_resumes_and_leaves_weights_that_fast_can_use(
    material: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_fast, "SHEET_SIDE", 32)
    train_fast.train(train_fast.parse([*material, "--steps", "1"]))
    first = dict(np.load(tmp_path / "fast.npz"))
    sheet = (tmp_path / "build" / "sheet.png").read_bytes()
    train_fast.train(train_fast.parse([*material, "--steps", "2"]))
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in said] == ["1", "2"]  # the second begins where the first ended

    second = dict(np.load(tmp_path / "fast.npz"))
    assert {n: w.shape for n, w in second.items()} == fast.shapes()
    assert all(w.dtype == np.float16 and np.isfinite(w).all() for w in second.values())
    assert not list(tmp_path.glob("*.partial*"))
    moved = {n for n in second if not np.array_equal(first[n], second[n])}
    assert len(moved) > 0.5 * len(second)
    with Image.open(tmp_path / "build" / "sheet.png") as picture:
        assert picture.size == (3 * 32, 3 * 32)
    assert (tmp_path / "build" / "sheet.png").read_bytes() != sheet


def test_it_may_begin_with_weights_unless_it_goes_on(material: list[str], tmp_path: Path) -> None:
    known = beginner(5, LOOKING).averaged()
    np.savez(tmp_path / "start.npz", **known)
    asked = train_fast.parse([*material, "--start", str(tmp_path / "start.npz")])
    begun = Trainer(asked)
    begun.student.trained["stem/kernel"].assign_add(tf.ones(fast.shapes()["stem/kernel"]))
    begun.save()
    for weights in (begun.student.network().weights, begun.student.averaged()):
        np.testing.assert_array_equal(weights["down4/kernel"], known["down4/kernel"])
    resumed = Trainer(asked).student.network().weights
    np.testing.assert_allclose(resumed["stem/kernel"], known["stem/kernel"] + 1, atol=1e-6)


def blotches(rng: np.random.Generator, side: int, grain: int) -> np.ndarray:
    """A soft picture, float32 in [0, 1]."""
    coarse = rng.integers(0, 256, (side // grain, side // grain, 3), np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC), np.float32) / 255


@pytest.mark.slow
def test_steps_with_the_same_crops_lower_the_loss(material: list[str]) -> None:
    # The rate grows from 0 over some hundred steps: these have a small part of it.
    trainer, rng = Trainer(train_fast.parse([*material, "--rate", "0.02"])), np.random.default_rng(1)
    crops = np.stack([blotches(rng, 48 + MARGIN, 14) for _ in range(2)])
    wanted = Styles(rng).batch(trainer.targets(tf.constant(blotches(rng, 72, 3)[None])), 2)
    alpha, shift = np.array([1.0, 0.5], np.float32), np.array([1, 2], np.int32)
    losses = [trainer.learn(crops, wanted, alpha, shift).numpy() for _ in range(20)]
    assert trainer.step == 20
    assert np.isfinite(losses).all()
    total, _, style, *_ = np.transpose(losses)
    assert np.median(total[-5:]) < 0.9 * np.median(total[:5])
    assert np.median(style[-5:]) < np.median(style[:5])


@pytest.mark.parametrize("strength", [0.0, 0.25, 1.0])
def test_the_last_picture_has_a_code_on_the_way_from_its_photos_own(material: list[str], strength: float) -> None:
    trainer, rng = Trainer(train_fast.parse(material)), np.random.default_rng(1)
    photos, style = (tf.constant(rng.random((2, 32, 32, 3), np.float32)) for _ in range(2))
    network = trainer.student.network()
    wanted = [{n: each[n] for n in each} for each in train_fast.style_targets(network.lite, style)]
    seen = network.lite.features(photos, fast.STYLE_LAYERS)
    found = trainer._codes(network, photos[1:], seen, wanted, tf.constant([1.0, strength])).numpy()
    codes, own = network.describe(style).numpy(), network.describe(photos).numpy()[1]
    np.testing.assert_allclose(found[0], codes[0], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found[1], (1 - strength) * own + strength * codes[1], rtol=1e-3, atol=1e-4)


def test_all_weights_are_learned() -> None:
    student = beginner(0, LOOKING)
    assert {n: tuple(v.shape) for n, v in student.trained.items()} == fast.shapes()


def test_a_beginner_paints_gray_and_lets_the_photo_through(material: list[str]) -> None:
    """Neither blind nor blown up: values are near the middle, and no layer starts out dead."""
    network = beginner(0, LOOKING).network()
    rng = np.random.default_rng(0)
    photo, noise = rng.random((1, 64, 64, 3), np.float32), rng.normal(size=(1, 64, 64, 1)).astype("f4")
    nothing = network.parameters(tf.zeros((1, fast.CODE)))
    np.testing.assert_array_equal(nothing, 0)  # no style: deviations of 1, means of 0
    painted = network.decode(network.encode(photo, noise), nothing).numpy()
    assert abs(painted.mean() - 0.5) < 0.2 and 0.02 < painted.std() < 0.5


def test_a_seed_repeats_the_beginning() -> None:
    one, same, other = (beginner(seed, LOOKING).averaged() for seed in (1, 1, 2))
    assert all(np.array_equal(one[n], same[n]) for n in one)
    assert not np.array_equal(one["stem/kernel"], other["stem/kernel"])


# What it learns from


def test_batches_are_crops_with_a_margin_a_style_and_a_strength(material: list[str]) -> None:
    found = train_fast.material(train_fast.parse(material), seed=3)
    again = train_fast.material(train_fast.parse(material), seed=3)
    strengths = []
    for _ in range(12):
        crops, style, strength = next(found)
        assert (crops.shape, style.shape) == ((2, 32 + MARGIN, 32 + MARGIN, 3), (1, 48, 48, 3))
        for array in (crops, style):
            assert array.dtype == np.float32 and array.min() >= 0 and array.max() <= 1
        same = next(again)
        np.testing.assert_array_equal(crops, same[0])
        np.testing.assert_array_equal(style, same[1])
        assert strength == same[2]
        strengths.append(strength)
    assert min(strengths) < 0.3 and max(strengths) > 0.7 and max(strengths) < 1


def test_no_batch_has_a_picture_that_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos and paintings are black, those that are held out white; and there are no styles of our own."""
    for folder in ("photos", "paintings", "none"):
        (tmp_path / folder).mkdir()
    for folder in ("photos", "paintings"):
        for number in range(30):
            Image.new("RGB", (32, 32)).save(tmp_path / folder / f"{number:02}.png")
        for path in data.split(tmp_path / folder)[1]:
            Image.new("RGB", (32, 32), "white").save(path)
    monkeypatch.setattr(data, "STYLES", tmp_path / "none")
    flags = ["--photos", str(tmp_path / "photos"), "--paintings", str(tmp_path / "paintings"), "--crop", "16"]
    found = train_fast.material(train_fast.parse(flags), seed=0)
    for _ in range(30):
        crops, style, _ = next(found)
        assert crops.max() == 0
        assert style.max() <= 0.09  # colors are shifted by up to 0.08


def numbered(number: int) -> list[train_fast.ChannelMoments]:
    """Targets of a style that are told apart by a number."""
    return [{"layer": (tf.fill((1, 2), float(number)), tf.fill((1, 2, 2), float(number)))} for _ in range(2)]


def test_a_batch_has_the_fresh_style_first_and_earlier_ones() -> None:
    styles = Styles(np.random.default_rng(0))
    for number in range(6):
        batch = styles.batch(numbered(number), 3)
        for targets in batch:
            means, covariances = targets["layer"]
            assert (means.shape, covariances.shape) == ((3, 2), (3, 2, 2))
            np.testing.assert_array_equal(means[:, 0], covariances[:, 1, 1])
            assert means[0, 0] == number and means[:, 0].max() <= number


def test_styles_are_painted_again_for_some_steps_and_then_forgotten() -> None:
    styles, drawn = Styles(np.random.default_rng(0)), []
    for number in range(3 * KEPT_STYLES):
        others = styles.batch(numbered(number), 4)[0]["layer"][0][1:, 0]
        drawn.append(number - others)  # how many steps ago they were fresh
    ages = np.concatenate(drawn)
    assert ages.min() >= 0 and 0.9 * KEPT_STYLES < ages.max() < KEPT_STYLES


@pytest.mark.slow
def test_the_sheet_shows_photos_by_styles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_fast, "SHEET_SIDE", 16)
    lite = train_fast.judge("float32")
    VariationSheet(beginner(0, lite)).save(tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as picture:
        cells = np.asarray(picture).reshape(3, 16, 3, 16, 3).swapaxes(1, 2).reshape(9, -1).astype(int)
    assert all(np.abs(one - other).mean() > 1 for i, one in enumerate(cells) for other in cells[:i])
