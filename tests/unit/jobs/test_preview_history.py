"""Preview history of a run."""

from __future__ import annotations

import numpy as np
import pytest

from nst.jobs.preview_history import MOST, PreviewHistory
from nst.run.snapshot import Checkpoint, Losses, Snapshot
from tests.support.pictures import gradient


def snapshot(step: int, image: np.ndarray, **more) -> Snapshot:
    losses = Losses(step, 1.0, 0.0) if step else None
    return Snapshot(image, step, 1000, losses, seconds=step / 2, network="fake", working_size=(30, 20), **more)


def shade(step: int) -> np.ndarray:
    return np.full((20, 30, 3), step % 256, np.uint8)


def test_previews_are_kept_about_as_they_were_and_the_result_is_not():
    moments = PreviewHistory()
    moments.add(snapshot(0, gradient()))
    moments.add(snapshot(3, gradient()[::-1]))
    moments.add(snapshot(4, gradient(), final=True))
    draft, third = moments.before(5)
    assert (draft.step, third.step, third.seconds, third.losses) == (0, 3, 1.5, Losses(3, 1.0, 0.0))
    assert np.abs(draft.pixels.astype(int) - gradient()).mean() < 2
    assert np.abs(third.pixels.astype(int) - gradient()[::-1]).mean() < 2


@pytest.mark.parametrize("count", [1, 39, 41, 1000])
def test_a_long_run_is_thinned_out_evenly(count):
    moments = PreviewHistory()
    for step in range(1, count + 1):
        moments.add(snapshot(step, shade(step)))
    steps = [moment.step for moment in moments.before(count + 1)]
    assert steps[0] == 1
    assert steps[-1] == count
    assert min(count, MOST / 2) <= len(steps) <= MOST + 1
    assert len(set(np.diff(steps[:-1]))) <= 1


@pytest.mark.parametrize("restart", [2, 39, 40, 41, 333])
@pytest.mark.parametrize("every", [1, 5])
def test_a_run_that_goes_on_with_what_was_kept_is_thinned_out_as_if_it_had_never_stopped(restart, every):
    whole = moments = PreviewHistory()
    for step in range(every, 1000, every):
        if step >= restart and moments is whole:
            moments = PreviewHistory(whole.all)
        for each in {whole, moments}:
            each.add(snapshot(step, shade(step)))
    assert moments is not whole
    steps = [moment.step for moment in moments.all]
    assert steps == [moment.step for moment in whole.all]
    assert MOST / 2 <= len(steps) <= MOST and steps[0] == every
    assert len(set(np.diff(steps[:-1]))) <= 1


def test_a_draft_and_an_early_first_preview_do_not_make_it_uneven():
    moments = PreviewHistory()
    for step in (0, 1, *range(3, 1000, 3)):
        moments.add(snapshot(step, shade(step)))
    steps = [moment.step for moment in moments.all]
    assert steps[0] == 0 and steps[-1] == 999 and len(steps) >= MOST / 2
    assert len(set(np.diff(steps[1:-1]))) == 1


def test_only_moments_before_a_step_are_in_the_past():
    moments = PreviewHistory()
    for step in (0, 3, 6, 9):
        moments.add(snapshot(step, shade(step)))
    assert [moment.step for moment in moments.before(9)] == [0, 3, 6]  # a stopped run's result repeats the last step


def test_a_moment_becomes_a_result_of_the_same_run():
    settings = Checkpoint(None, 9, 4.5, {})
    alpha = np.zeros((80, 120), np.uint8)
    alpha[:, 60:] = 255
    result = snapshot(9, gradient(120, 80), final=True, checkpoint=settings, note="It was stopped.", alpha=alpha)
    moments = PreviewHistory()
    moments.add(snapshot(6, gradient(60, 40)))
    (moment,) = moments.before(9)
    seen = moment.as_result(result)
    assert (seen.step, seen.total, seen.seconds, seen.final) == (6, 1000, 3.0, True)
    assert (seen.checkpoint, seen.note) == (None, "")  # they belong to the end of the run
    assert np.array_equal(seen.image, moment.pixels)
    assert seen.picture.shape == (40, 60, 4)
    assert (seen.alpha[:, 0] == 0).all() and (seen.alpha[:, -1] == 255).all()


def test_a_film_ends_with_the_result_in_the_size_of_the_moments():
    moments = PreviewHistory()
    for step in (3, 6, 9):
        moments.add(snapshot(step, shade(20 * step)))
    frames = moments.film(snapshot(9, np.full((200, 300, 3), 250, np.uint8), final=True))
    assert [frame.shape for frame in frames] == [(20, 30, 3)] * 3
    assert [round(float(frame.mean())) for frame in frames] == [60, 120, 250]


def test_a_film_of_a_picture_without_moments_is_the_picture():
    (frame,) = PreviewHistory().film(snapshot(1, gradient(), final=True))
    assert np.array_equal(frame, gradient())


def test_a_film_of_a_transparent_picture_is_on_white():
    alpha = np.zeros((20, 30), np.uint8)
    alpha[:, 15:] = 255
    moments = PreviewHistory()
    moments.add(snapshot(3, shade(100)))
    for frame in moments.film(snapshot(9, shade(50), final=True, alpha=alpha)):
        assert (frame[:, :15] == 255).all()
        assert (frame[:, 15:] < 105).all()
