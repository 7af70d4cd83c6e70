"""The engine as people use it: the shipped network, real pictures, few steps."""

from __future__ import annotations

import threading
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

import nst
from nst.errors import Diverged, InputError, SettingsError
from nst.optimization.objective import Objective

pytestmark = pytest.mark.slow


def photo_like(height: int, width: int) -> NDArray[np.uint8]:
    """Smooth shapes with a few hard edges, uint8 RGB."""
    y, x = np.mgrid[:height, :width]
    waves = [127 + 100 * np.sin(x / period + y / (3 * period)) for period in (9.0, 14.0, 23.0)]
    picture = np.stack(waves, -1)
    picture[height // 2 :, width // 3 : width // 2] *= 0.3
    return picture.astype(np.uint8)


def stripes(height: int, width: int) -> NDArray[np.uint8]:
    """Slanted orange and blue stripes, uint8 RGB."""
    y, x = np.mgrid[:height, :width]
    return np.where(((x + y) // 6 % 2)[..., None], [230, 120, 20], [20, 40, 150]).astype(np.uint8)


PHOTO = photo_like(96, 128)
STYLE = stripes(120, 120)


def settings(**changes: object) -> nst.OptimizeSettings:
    return nst.OptimizeSettings(**{"network": "lite", "size": 128, "steps": 12, "preview_every": 2, **changes})


def run(**changes: object) -> list[nst.Snapshot]:
    return list(nst.stream(PHOTO, STYLE, settings(**changes)))


def difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(np.abs(a.astype(float) - b).mean())


@pytest.fixture(scope="module")
def snapshots() -> list[nst.Snapshot]:
    return run(steps=20)


def test_steps_strictly_increase_up_to_the_total(snapshots: list[nst.Snapshot]) -> None:
    steps = [snapshot.step for snapshot in snapshots]
    assert all(before < after for before, after in pairwise(steps))
    assert steps[0] == 1 and steps[-1] == snapshots[-1].total == 20
    assert set(steps) == {1, *range(2, 21, 2)}


def test_previews_have_one_size_and_come_from_every_level(snapshots: list[nst.Snapshot]) -> None:
    assert {snapshot.image.shape for snapshot in snapshots} == {(96, 128, 3)}
    assert list(dict.fromkeys(s.working_size for s in snapshots)) == [(128, 96)]  # half of it would be too small
    larger = list(nst.stream(photo_like(160, 200), STYLE, settings(size=None, steps=9, preview_every=1)))
    assert list(dict.fromkeys(s.working_size for s in larger)) == [(100, 80), (200, 160)]
    assert {s.image.shape for s in larger} == {(160, 200, 3)}


def test_only_the_last_is_final(snapshots: list[nst.Snapshot]) -> None:
    assert [snapshot.final for snapshot in snapshots] == [False] * (len(snapshots) - 1) + [True]
    assert snapshots[-1].checkpoint is None


def test_the_picture_gets_closer_to_the_style(snapshots: list[nst.Snapshot]) -> None:
    assert snapshots[-1].losses.total < snapshots[0].losses.total
    assert difference(snapshots[-1].image, PHOTO) > 5


def test_every_image_is_a_copy_of_its_own(snapshots: list[nst.Snapshot]) -> None:
    assert len({snapshot.image.ctypes.data for snapshot in snapshots}) == len(snapshots)
    assert all(snapshot.image.dtype == np.uint8 and snapshot.image.flags.owndata for snapshot in snapshots)


def test_strength_zero_gives_the_photo_back() -> None:
    assert run(strength=0)[-1].image.tolist() == PHOTO.tolist()


def test_more_strength_is_further_from_the_photo() -> None:
    distances = [difference(run(strength=strength, steps=15)[-1].image, PHOTO) for strength in (10, 40, 90)]
    assert distances[0] < distances[1] < distances[2]


def test_strength_is_no_cross_fade() -> None:
    half, full = (run(strength=strength)[-1].image for strength in (50, 100))
    assert difference(half, (PHOTO.astype(float) + full) / 2) > 3


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_the_same_seed_gives_the_same_picture_bit_for_bit(optimizer: str) -> None:
    first, again, other = (run(init="noise", seed=seed, optimizer=optimizer)[-1].image for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert difference(first, other) > 1


def test_an_odd_size_and_a_third_picture_to_start_from() -> None:
    last = nst.stylize(photo_like(75, 101), STYLE, settings(size=101, init="image"), init_image=stripes(60, 80))
    assert last.image.shape == (75, 101, 3)


def test_several_styles_by_weight() -> None:
    dark = np.full((64, 64, 3), (20, 20, 60), np.uint8)
    alone = run()[-1].image
    all_weight_on_one, mixed = (
        nst.stylize(PHOTO, [STYLE, dark], settings(), style_weights=weights).image for weights in ([2, 0], [1, 1])
    )
    np.testing.assert_array_equal(all_weight_on_one, alone)
    assert difference(mixed, alone) > 2


def test_stop_yields_a_full_size_last_snapshot_with_a_checkpoint() -> None:
    control = nst.Control()
    seen = []
    for snapshot in nst.stream(photo_like(160, 200), STYLE, settings(size=None, steps=40), control=control):
        seen.append(snapshot)
        control.stop()
    assert [snapshot.final for snapshot in seen] == [False, True]
    assert seen[-1].step == seen[0].step + 1 and seen[-1].image.shape == (160, 200, 3)
    assert seen[-1].checkpoint is not None


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
@pytest.mark.parametrize("stop_at", [4, 8])  # in the coarse level and in the fine one
def test_a_resumed_run_ends_at_the_same_picture_bit_for_bit(optimizer: str, stop_at: int) -> None:
    content, chosen = photo_like(160, 200), settings(size=None, steps=10, optimizer=optimizer)
    control = nst.Control()
    last = None
    for last in nst.stream(content, STYLE, chosen, control=control):
        if last.step >= stop_at:
            control.stop()
    assert last is not None and last.checkpoint is not None
    resumed = list(nst.stream(content, STYLE, resume=last.checkpoint))
    assert resumed[0].step > last.step and resumed[-1].seconds > last.seconds
    np.testing.assert_array_equal(resumed[-1].image, nst.stylize(content, STYLE, chosen).image)


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
@pytest.mark.parametrize("asked_at", [1, 8])  # in the coarse level and in the fine one
def test_a_checkpoint_can_be_had_in_mid_run_and_changes_nothing(optimizer: str, asked_at: int) -> None:
    content, chosen = photo_like(160, 200), settings(size=None, steps=10, optimizer=optimizer, preview_every=4)
    control, kept = nst.Control(), []
    for snapshot in nst.stream(content, STYLE, chosen, control=control):
        kept += [snapshot.checkpoint] if snapshot.checkpoint else []
        if snapshot.step == asked_at:
            control.save()
    (checkpoint,) = kept
    assert checkpoint.step == asked_at + 1  # on a preview of its own
    resumed = nst.stylize(content, STYLE, resume=checkpoint)
    np.testing.assert_array_equal(resumed.image, snapshot.image)
    np.testing.assert_array_equal(resumed.image, nst.stylize(content, STYLE, chosen).image)


def test_a_resumed_run_keeps_the_strength_that_it_was_steered_to() -> None:
    control = nst.Control()
    control.update(strength=95)
    stream = nst.stream(PHOTO, STYLE, settings(strength=5, steps=20), control=control)
    next(stream)
    control.stop()
    checkpoint = next(stream).checkpoint
    assert checkpoint is not None and checkpoint.settings.strength == 5
    *_, resumed = nst.stream(PHOTO, STYLE, resume=checkpoint)
    assert difference(resumed.image, run(strength=95, steps=20)[-1].image) < 8
    assert difference(resumed.image, run(strength=5, steps=20)[-1].image) > 8


def test_a_checkpoint_of_other_settings_is_refused() -> None:
    checkpoint = nst.Checkpoint(settings(), 3, 1.0, {})
    with pytest.raises(SettingsError, match="other settings"):
        nst.stream(PHOTO, STYLE, settings(strength=10), resume=checkpoint)


def test_pause_holds_the_next_step_until_resume() -> None:
    control, reached, steps = nst.Control(), threading.Event(), []

    def work() -> None:
        for snapshot in nst.stream(PHOTO, STYLE, settings(preview_every=1, steps=6), control=control):
            steps.append(snapshot.step)
            if snapshot.step == 3:
                control.pause()
                reached.set()

    worker = threading.Thread(target=work)
    worker.start()
    assert reached.wait(60)
    worker.join(0.5)
    assert worker.is_alive() and steps == [1, 2, 3]
    control.resume()
    worker.join(60)
    assert steps == [1, 2, 3, 4, 5, 6]


def test_strength_can_be_turned_up_in_mid_run() -> None:
    control = nst.Control()
    for updated in nst.stream(PHOTO, STYLE, settings(strength=5, steps=15), control=control):  # noqa: B007
        control.update(strength=90)
    assert difference(updated.image, PHOTO) > difference(run(strength=5, steps=15)[-1].image, PHOTO) + 2


def test_closing_the_stream_ends_the_work() -> None:
    stream = nst.stream(PHOTO, STYLE, settings(steps=10_000))
    next(stream)
    stream.close()
    assert list(stream) == []


def test_a_run_that_diverges_keeps_its_last_good_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate, count = Objective.evaluate, 0

    def breaks_down(*arguments: object, **more: object) -> object:
        nonlocal count
        count += 1
        found = evaluate(*arguments, **more)
        return found if count < 6 else found._replace(gradient=found.gradient * np.nan)

    monkeypatch.setattr(Objective, "evaluate", breaks_down)
    with pytest.raises(Diverged, match="no longer a finite number") as caught:
        run(optimizer="adam")
    kept = caught.value.snapshot
    assert kept is not None and kept.step == 5 and kept.final and kept.image.shape == (96, 128, 3)
    assert difference(kept.image, PHOTO) > 0


def test_bad_input_is_refused_before_the_stream_is_returned() -> None:
    with pytest.raises(SettingsError, match="no layer 'block9_conv1'"):
        nst.stream(PHOTO, STYLE, settings(style_layers="block9_conv1"))
    with pytest.raises(InputError):
        nst.stream("no-such-file.jpg", STYLE, settings())


def test_layers_are_free_to_choose() -> None:
    shallow, deep = (run(style_layers=layers)[-1].image for layers in ("block1_conv1", "block3_conv1:2,block4_conv3"))
    assert difference(shallow, deep) > 2


def test_smoothness_makes_it_smoother() -> None:
    rough, smooth = (run(tv_weight=weight)[-1].image.astype(float) for weight in (0.0, 100.0))
    assert np.abs(np.diff(smooth, axis=1)).mean() < 0.9 * np.abs(np.diff(rough, axis=1)).mean()
