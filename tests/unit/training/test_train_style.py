"""Training a style of one's own: tiny, and from weights that know nothing yet, so that much is to be learned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from nst.errors import Diverged, InputError, SettingsError, WeightsUnavailable
from nst.images.io import to_float
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers.trained_style import TrainedStyle
from nst.run.control import Control
from nst.training import fast_losses, train_style
from nst.training.fast_losses import STYLE, judge, style_loss, style_targets
from nst.training.style_settings import StyleTraining
from nst.training.train_style import TrainingStep, sheet, train
from nst.training.weight_average import save
from tools import train_fast

pytestmark = pytest.mark.slow


def picture(seed: int, width: int = 64, height: int = 48, grain: int = 4) -> np.ndarray:
    """Soft blotches of all colors."""
    coarse = np.random.default_rng(seed).integers(0, 256, (height // grain, width // grain, 3), np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


STYLE_PICTURE = picture(1, 96, 96, 2)
PHOTOS = [picture(seed, grain=12) for seed in (2, 3)]


def lessons(folder: Path, steps: int, control: Control | None = None, **more: object) -> Iterator[TrainingStep]:
    settings = StyleTraining(steps=steps, crop=32, **{"batch": 1, **more})
    return train({"waves.jpg": STYLE_PICTURE}, PHOTOS, settings, folder, name="waves", control=control)


@pytest.fixture(scope="module", autouse=True)
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Replacement for the shipped weights."""
    path = tmp_path_factory.mktemp("shipped") / "fast.npz"
    save(train_fast.beginner(0, judge("float32")).averaged(), path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stylizers, "FAST_WEIGHTS", path)
        yield path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[TrainingStep]:
    """A training from its first to its last step, with a preview each ten."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_style, "EVERY", 10)
        return list(lessons(tmp_path_factory.mktemp("whole"), 40, batch=2))


def result(found: list[TrainingStep]) -> TrainedStyle:
    trained = found[-1].result
    assert trained is not None
    return trained


def test_each_step_is_told_and_the_last_has_the_result(whole: list[TrainingStep]) -> None:
    assert [(lesson.step, lesson.total) for lesson in whole] == [(step, 40) for step in range(1, 41)]
    assert [lesson.step for lesson in whole if lesson.preview is not None] == [10, 20, 30, 40]
    assert [lesson.step for lesson in whole if lesson.result is not None] == [40]
    assert whole[0].remaining is None and whole[1].remaining is not None and whole[-1].remaining == 0
    assert all(np.isfinite([lesson.loss, lesson.style]).all() for lesson in whole)


def test_previews_change_as_it_learns(whole: list[TrainingStep]) -> None:
    previews = [lesson.preview for lesson in whole if lesson.preview is not None]
    assert all(p.dtype == np.uint8 and p.shape[2] == 3 and max(p.shape) <= 512 for p in previews)
    assert not np.array_equal(previews[0], previews[-1])


def test_the_result_is_a_picture_and_a_code_for_the_network_that_is_here(whole: list[TrainingStep]) -> None:
    trained, network = result(whole), stylizers.load_fast()
    assert trained.name == "waves"
    np.testing.assert_array_equal(trained.picture, STYLE_PICTURE)
    assert trained.fingerprint == network.fingerprint
    assert (trained.code.shape, trained.code.dtype) == (network.code_shape, np.float32)


@pytest.mark.usefixtures("eagerly")
def test_it_begins_with_the_mean_of_the_codes_that_the_network_predicts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_style, "RATE", 0.0)
    network, styles = stylizers.load_fast(), {"waves.jpg": STYLE_PICTURE, "other.jpg": picture(5, 64, 64)}
    found = result(list(train(styles, PHOTOS, StyleTraining(steps=1, crop=32), tmp_path / "kept", name="mine")))
    expected = np.mean([network.description(style)[1] for style in styles.values()], axis=0)
    np.testing.assert_allclose(found.code, expected, atol=1e-5)


def test_it_comes_closer_to_the_style_on_a_photo_it_never_saw(whole: list[TrainingStep]) -> None:
    network, lite, unseen = stylizers.load_fast("float32"), judge("float32"), picture(9, 96, 80, 10)
    large = np.asarray(Image.fromarray(STYLE_PICTURE).resize((448, 448), Image.Resampling.LANCZOS))
    wanted = style_targets(lite, tf.constant(to_float(large)[None]))

    def style_left(code: np.ndarray) -> float:
        painted = tf.constant(to_float(network.paint(network.encode(unseen), code, 1.0))[None])
        return float(style_loss(lite, lite.features(painted, STYLE), painted, wanted)[0])

    before, after = style_left(network.description(STYLE_PICTURE)[1]), style_left(result(whole).code)
    assert after < 0.9 * before


@pytest.mark.usefixtures("eagerly")
def test_a_stopped_training_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    control = Control()
    stopped = []
    for lesson in lessons(tmp_path / "kept", 4, control):
        stopped.append(lesson)
        if lesson.step == 2:
            control.stop()
    assert [lesson.step for lesson in stopped] == [1, 2, 2] and stopped[-1].result is None
    rest = list(lessons(tmp_path / "kept", 4))
    through = list(lessons(tmp_path / "other", 4))
    assert [lesson.step for lesson in rest] == [3, 4]
    assert [lesson.loss for lesson in rest] == pytest.approx([lesson.loss for lesson in through[2:]], rel=1e-3)
    np.testing.assert_allclose(result(rest).code, result(through).code, atol=1e-4)

    again = list(lessons(tmp_path / "kept", 4))  # its folder was not cleared: the result is there at once
    assert [lesson.step for lesson in again] == [4]
    np.testing.assert_array_equal(result(again).code, result(rest).code)


def test_a_kept_training_of_other_styles_is_refused(tmp_path: Path) -> None:
    settings = StyleTraining(steps=2, crop=32)
    train({"one.jpg": picture(4)}, PHOTOS, settings, tmp_path / "kept", name="mine")
    with pytest.raises(InputError, match=r"of other styles: one\.jpg"):
        train({"two.jpg": picture(5)}, PHOTOS, settings, tmp_path / "kept", name="mine")


def test_a_kept_training_for_other_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lessons(tmp_path / "kept", 2)
    save(train_fast.beginner(1, judge("float32")).averaged(), tmp_path / "newer.npz")
    monkeypatch.setattr(stylizers, "FAST_WEIGHTS", tmp_path / "newer.npz")
    with pytest.raises(InputError, match="with older weights of the network fast"):
        lessons(tmp_path / "kept", 2)


def test_weights_that_are_missing_are_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stylizers, "FAST_WEIGHTS", tmp_path / "none.npz")
    with pytest.raises(WeightsUnavailable, match="Cannot read fast's weights"):
        lessons(tmp_path / "kept", 2)
    assert not (tmp_path / "kept").exists()


@pytest.mark.usefixtures("eagerly")
def test_numbers_that_run_away_end_it_and_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_losses, "SHIFT", float("inf"))
    with pytest.raises(Diverged, match="at step 1"):
        list(lessons(tmp_path / "kept", 2))
    assert not list(tmp_path.glob("kept/ckpt*"))


def test_several_styles_are_one_target_between_them() -> None:
    lite = judge("float32")
    one, other = picture(6, 64, 64, 2), picture(7, 64, 64, 16)
    alone = [train_style._common_targets(lite, [style]) for style in (one, other)]
    both = train_style._common_targets(lite, [one, other])
    for size, targets in enumerate(both):
        for layer, (mean, gram) in targets.items():
            grams = [m[:, :, None] * m[:, None, :] + c for m, c in (each[size][layer] for each in alone)]
            np.testing.assert_allclose(gram + mean[:, :, None] * mean[:, None, :], sum(grams) / 2, rtol=1e-4, atol=1e-5)


def test_a_sheet_shows_all_styles() -> None:
    red, green, blue = (np.full((60, 80, 3), color, np.uint8) for color in ((255, 0, 0), (0, 255, 0), (0, 0, 255)))
    assert sheet([np.zeros((2000, 1000, 3), np.uint8)]).shape == (512, 256, 3)
    np.testing.assert_array_equal(sheet([red]), red)
    two = sheet([red, green])
    assert two.shape == (256, 512, 3)
    assert (two[:, :256] == red[0, 0]).all() and (two[:, 256:] == green[0, 0]).all()
    three = sheet([red, green, blue])
    assert three.shape == (512, 512, 3)
    assert (three[256:, :256] == blue[0, 0]).all() and (three[256:, 256:] == red[0, 0]).all()  # no empty place


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("steps", 0, "at least 1|between"),
        ("crop", 40, "multiple of 16 px, received 40"),
        ("batch", 0.5, "whole number"),
    ],
)
def test_settings_that_make_no_sense_are_refused(field: str, value: object, said: str) -> None:
    with pytest.raises(SettingsError, match=f"{field} must be .*({said})"):
        StyleTraining(**{field: value})
