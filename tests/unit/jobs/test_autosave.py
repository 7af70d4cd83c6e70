from dataclasses import replace
from pathlib import Path

import pytest

from nst.jobs.autosave import EVERY, SHARE, Autosave
from nst.jobs.preview_history import PreviewHistory
from nst.jobs.progress import Progress, State
from nst.jobs.store import Store
from tests.support.job_runs import RECORD, checkpoint, snapshot

MADE = Progress(State.RUNNING, snapshot(1))


class SlowStore(Store):
    """Each checkpoint takes as long as a test says."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, hours=1, megabytes=10)
        self.now, self.takes = 0.0, 0.0

    def save(self, *what: object) -> None:
        self.now += self.takes


@pytest.fixture
def store(tmp_path: Path) -> SlowStore:
    return SlowStore(tmp_path)


@pytest.fixture
def keeper(store: SlowStore) -> Autosave:
    return Autosave(store, "token", RECORD, lambda: store.now)


def due_after(store: SlowStore, keeper: Autosave, seconds: float) -> bool:
    since, store.now = store.now, store.now + seconds
    due = keeper.due
    store.now = since
    return due


def test_a_checkpoint_is_due_every_few_seconds(store: SlowStore, keeper: Autosave) -> None:
    assert not due_after(store, keeper, EVERY - 0.1) and due_after(store, keeper, EVERY)
    store.now = 60
    keeper.save(MADE, checkpoint(1))
    assert not due_after(store, keeper, EVERY - 0.1) and due_after(store, keeper, EVERY)


def test_a_slow_disk_is_written_to_less_often(store: SlowStore, keeper: Autosave) -> None:
    store.takes = 2.0
    keeper.save(MADE, checkpoint(1))
    assert not due_after(store, keeper, 2.0 / SHARE - 0.1) and due_after(store, keeper, 2.0 / SHARE)


def test_runs_that_cannot_be_saved_are_never_due(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    keeper = Autosave(Store(tmp_path / "file", hours=1, megabytes=1), "token", RECORD, lambda: 1e9)
    assert keeper.works
    keeper.begin()
    keeper.save(MADE, checkpoint(1))
    assert not keeper.works and not keeper.due
    assert len(caplog.records) == 1


def test_moments_are_kept_as_they_are_by_then(tmp_path: Path) -> None:
    moments, store = PreviewHistory(), Store(tmp_path, hours=1, megabytes=10)
    keeper = Autosave(store, "token", replace(RECORD, previews=moments), lambda: 0.0)
    keeper.begin()
    for step in (1, 2):
        moments.add(snapshot(step))
        keeper.describe({"name": f"turned at {step}"})
        keeper.save(MADE, checkpoint(step))
        kept = store.read("token")
        assert kept is not None and kept.record.previews.all == moments.all and len(moments.all) == step
