"""The registry, and the run that composes both engines: a fast draft, then its refinement."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import nst
from nst.engines import registry
from nst.images import io as images
from nst.run.snapshot import PREVIEW_SIDE
from tests.support import fake_engine
from tests.support.fake_engine import Script
from tests.support.pictures import gradient

PHOTO, STYLE = gradient(96, 64), gradient(48, 48)[:, :, ::-1] // 2


def settings(**changes: object) -> nst.OptimizeSettings:
    given = {"network": "lite", "init": "fast", "size": 96, "steps": 6, "preview_every": 1, **changes}
    return nst.OptimizeSettings(**given)


@pytest.fixture
def refining(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """A stand-in for the optimize engine; the draft is real."""
    script = Script()
    monkeypatch.setattr(fake_engine, "script", script)
    monkeypatch.setitem(registry.ENGINES, "optimize", (nst.OptimizeSettings, "tests.support.fake_engine"))
    return script


@pytest.fixture(scope="module")
def whole() -> list[nst.Snapshot]:
    """A run from start to end."""
    return list(nst.stream(PHOTO, STYLE, settings()))


def test_the_draft_comes_first_as_step_0(whole: list[nst.Snapshot]) -> None:
    draft = whole[0]
    assert (draft.step, draft.total, draft.final, draft.network) == (0, 6, False, "fast")
    assert (draft.losses, draft.checkpoint) == (None, None)
    expected = nst.stylize(PHOTO, STYLE, registry.draft_of(settings()))
    np.testing.assert_array_equal(draft.image, expected.image)


def test_then_it_is_refined(whole: list[nst.Snapshot]) -> None:
    refined = whole[1:]
    assert [snapshot.step for snapshot in refined] == [1, 2, 3, 4, 5, 6]
    assert {snapshot.network for snapshot in refined} == {"lite"}
    assert [snapshot.final for snapshot in refined] == [False] * 5 + [True]
    assert refined[-1].losses.total < refined[0].losses.total
    seconds = [snapshot.seconds for snapshot in whole]
    assert seconds == sorted(seconds)  # the draft's time counts


def test_the_refinement_starts_from_the_draft(refining: Script) -> None:
    asked = settings(strength=40, size=80, precision="float32")
    nst.stylize(PHOTO, [STYLE, PHOTO], asked, style_weights=[1, 3])
    draft = nst.FastSettings(strength=50, size=80, precision="float32")
    expected = nst.stylize(PHOTO, [STYLE, PHOTO], draft, style_weights=[1, 3])
    np.testing.assert_array_equal(refining.calls[0]["init_image"], expected.image)
    assert refining.calls[0]["settings"] == asked


@pytest.mark.parametrize(("strength", "drafted"), [(0, 0), (40, 50), (80, 100), (90, 100)])
def test_a_draft_is_at_its_fullest_where_the_loop_is_at_its_default(strength: float, drafted: float) -> None:
    assert registry.draft_of(settings(strength=strength)).strength == drafted


def test_the_seed_is_the_drafts_too() -> None:
    assert registry.draft_of(settings(seed=7)).seed == 7
    drafts = [next(nst.stream(PHOTO, STYLE, settings(seed=seed))).image for seed in (7, 7, 8)]
    np.testing.assert_array_equal(drafts[0], drafts[1])
    assert not np.array_equal(drafts[0], drafts[2])


def test_raw_weights_get_a_draft_at_full_strength() -> None:
    assert registry.draft_of(settings(strength=None, style_weight=2.0)).strength == 100


def test_a_large_draft_is_shown_as_a_preview(refining: Script) -> None:
    stream = nst.stream(PHOTO, STYLE, settings(size=PREVIEW_SIDE + 200))
    assert max(next(stream).image.shape) == PREVIEW_SIDE
    assert max(refining.calls[0]["init_image"].shape) == PREVIEW_SIDE + 200


def test_a_run_that_was_stopped_goes_on_without_a_draft(
    whole: list[nst.Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    control, begun = nst.Control(), []
    for snapshot in nst.stream(PHOTO, STYLE, settings(), control=control):
        begun.append(snapshot)
        if snapshot.step == 2:
            control.stop()
    checkpoint = begun[-1].checkpoint
    assert checkpoint is not None and begun[-1].final
    monkeypatch.setattr(registry, "draft_of", None)  # none is even made
    resumed = list(nst.stream(PHOTO, STYLE, resume=checkpoint))
    assert [snapshot.step for snapshot in resumed] == [*range(checkpoint.step + 1, 7)]
    np.testing.assert_array_equal(resumed[-1].image, whole[-1].image)


def test_closing_it_closes_the_refinement(refining: Script) -> None:
    stream = nst.stream(PHOTO, STYLE, settings())
    assert [next(stream).step, next(stream).step] == [0, 1]
    assert not refining.closed.is_set()
    stream.close()
    assert refining.closed.is_set()
    assert list(stream) == []


def test_closing_it_at_the_draft_is_quick(refining: Script) -> None:
    stream = nst.stream(PHOTO, STYLE, settings())
    assert next(stream).step == 0
    stream.close()
    assert list(stream) == []


def test_draft_and_refinement_read_each_input_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    decode = images.decode

    def counted(source: object, label: str, *more: object, **named: object) -> object:
        read.append(label)
        return decode(source, label, *more, **named)

    monkeypatch.setattr(images, "decode", counted)
    regions = [nst.Region(gradient(96, 64), strength=30), nst.Region(None)]
    *_, last = nst.stream(PHOTO, [STYLE, PHOTO], settings(steps=1), color_style=STYLE, regions=regions)
    assert last.step == 1
    assert sorted(read) == ["color style", "content", "mask", "style", "style"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_photo_from_a_named_pipe_is_painted_from_a_draft(tmp_path: Path) -> None:
    """A second reading would wait forever for a second writer."""
    pipe = tmp_path / "photo.png"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[images.encode(PHOTO, "png")], daemon=True)
    writer.start()
    np.testing.assert_array_equal(
        nst.stylize(pipe, STYLE, settings(steps=1)).image, nst.stylize(PHOTO, STYLE, settings(steps=1)).image
    )
    writer.join(10)


def test_everything_is_checked_before_the_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nst.engines.fast.Prepared.run", None)  # no draft is made
    with pytest.raises(nst.ModelError, match="no-such-folder"):
        nst.stream(PHOTO, STYLE, settings(network="vgg19", weights="no-such-folder"))
    with pytest.raises(nst.SettingsError, match="strength cannot be combined with raw weights"):
        nst.stream(PHOTO, STYLE, settings(strength=None, style_weight=2.0), regions=[nst.Region(PHOTO, strength=3)])


def test_a_picture_of_ones_own_is_not_taken_for_a_draft() -> None:
    with pytest.raises(nst.SettingsError, match="init='image' and init_image require each other"):
        nst.stream(PHOTO, STYLE, settings(init="content"), init_image=PHOTO)


def test_errors_come_before_the_stream(refining: Script) -> None:
    with pytest.raises(nst.ImageError, match="content"):
        nst.stream(b"no picture", STYLE, settings())


def test_settings_of_no_engine_are_refused() -> None:
    with pytest.raises(nst.SettingsError, match=r"one of OptimizeSettings, FastSettings; received dict"):
        nst.stream(PHOTO, STYLE, {"size": 96})


@pytest.mark.parametrize(
    "error", [MemoryError(), ImportError("libtensorflow.so.2: failed to map segment from shared object")]
)
def test_too_little_memory_for_tensorflow_is_an_error_of_ours(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(registry, "import_module", fail)
    with pytest.raises(nst.OutOfMemory, match="too little free memory to load TensorFlow"):
        nst.stream(gradient(), gradient(), nst.FastSettings())
