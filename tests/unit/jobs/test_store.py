"""Runs on disk: restoring, and rejection of invalid files."""

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst.errors import FileError, InputError
from nst.jobs.preview_history import MOST, Preview
from nst.jobs.progress import Point, Progress, State
from nst.jobs.state import INTERRUPTED
from nst.jobs.store import JobRecord, Store
from nst.run.snapshot import Checkpoint, Losses
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from nst.settings.presets import PRESETS
from tests.support.job_runs import RECORD, SETTINGS, snapshot

TOKEN = "s3cret"
HOUR = 3600.0
ARRAYS = {
    "image": np.linspace(0, 1, 18, dtype=np.float32).reshape(2, 3, 3),
    "s": np.zeros((0, 2, 3, 3), np.float32),
    "trust": np.array(0.6),
    "regions": np.array([np.nan, 40.0]),
}
MADE = Progress(State.RUNNING, snapshot(2), 2, (Point(1, 1.0, 10.0, 11.5), Point(2, 2.0, 5.0, 7.5)))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs", hours=24, megabytes=1)


def folder(tmp_path: Path) -> Path:
    (found,) = (tmp_path / "runs").iterdir()
    return found


def keep(store: Store, token: str = TOKEN) -> None:
    store.begin(token, RECORD)
    store.save(token, MADE, Checkpoint(SETTINGS, 2, 1.5, ARRAYS))


def test_a_run_comes_back_as_it_was(store: Store) -> None:
    keep(store)
    kept = store.read(TOKEN)
    assert kept is not None and kept.record == RECORD
    assert kept.progress.history == MADE.history
    found, made = kept.progress.snapshot, MADE.snapshot
    assert found is not None and made is not None
    np.testing.assert_array_equal(found.image, made.image)
    assert {**vars(found), "image": None} == {**vars(made), "image": None}
    assert kept.checkpoint is not None
    assert (kept.checkpoint.settings, kept.checkpoint.step, kept.checkpoint.seconds) == (SETTINGS, 2, 1.5)
    assert kept.checkpoint.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(kept.checkpoint.arrays[name], array)
        assert kept.checkpoint.arrays[name].dtype == array.dtype


@pytest.mark.parametrize(
    "settings",
    [
        *PRESETS.values(),
        OptimizeSettings(style_layers="block1_conv1,block2_conv1:0.5", optimizer="adam"),
        FastSettings(),
    ],
)
def test_settings_of_every_kind_come_back(store: Store, settings: Settings) -> None:
    store.begin(TOKEN, replace(RECORD, settings=settings))
    kept = store.read(TOKEN)
    assert kept is not None and kept.record.settings == settings


def test_a_run_that_has_not_begun_comes_back_without_a_picture(store: Store) -> None:
    store.begin(TOKEN, RECORD)
    kept = store.read(TOKEN)
    assert kept is not None and kept.progress == Progress(State.PAUSED, notice=INTERRUPTED) and kept.checkpoint is None


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (State.QUEUED, State.PAUSED), (State.RUNNING, State.PAUSED), (State.PAUSED, State.PAUSED),
        (State.DONE, State.DONE), (State.STOPPED, State.STOPPED), (State.FAILED, State.FAILED),
    ],
)  # fmt: skip
def test_restored_runs_are_paused_or_finished(store: Store, state: State, found: State) -> None:
    store.begin(TOKEN, RECORD)
    store.save(TOKEN, replace(MADE, state=state, error="It fell apart."), None)
    kept = store.read(TOKEN)
    assert kept is not None and kept.progress.state is found and kept.progress.error == "It fell apart."
    assert (kept.progress.notice == INTERRUPTED) == (state in {State.QUEUED, State.RUNNING})


def test_transparency_comes_back(store: Store) -> None:
    alpha = np.arange(24, dtype=np.uint8).reshape(4, 6)
    store.begin(TOKEN, RECORD)
    store.save(TOKEN, replace(MADE, snapshot=replace(snapshot(2), alpha=alpha, losses=None)), None)
    kept = store.read(TOKEN)
    assert kept is not None and kept.progress.snapshot is not None and kept.progress.snapshot.losses is None
    np.testing.assert_array_equal(kept.progress.snapshot.alpha, alpha)


MOMENTS = [
    Preview(0, 0.25, None, (120, 80), b"a draft"),
    Preview(1, 1.0, Losses(1.0, 10.0, 0.5), (30, 20), b"\xff\xd8 a preview \x00"),
    Preview(2, 2.0, Losses(2.0, 5.0, 0.5), (120, 80), b""),
]


def test_moments_come_back(store: Store) -> None:
    store.begin(TOKEN, RECORD)
    store.save(TOKEN, MADE, None, MOMENTS)
    kept = store.read(TOKEN)
    assert kept is not None and list(kept.record.previews.all) == MOMENTS
    store.save(TOKEN, MADE, None, MOMENTS[::2])  # thinned out
    kept = store.read(TOKEN)
    assert kept is not None and list(kept.record.previews.all) == MOMENTS[::2]


def test_a_run_from_before_there_were_moments_has_none(store: Store, tmp_path: Path) -> None:
    keep(store)
    path = folder(tmp_path) / "state.npz"
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    header = json.loads(arrays["header"].tobytes())
    assert header.pop("moments") == []
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(path, **arrays)
    kept = store.read(TOKEN)
    assert kept is not None and kept.checkpoint is not None and kept.record.previews.all == ()


def test_moments_take_little_more_of_the_disk_than_their_files(store: Store, tmp_path: Path) -> None:
    moments = [replace(MOMENTS[1], step=step, file=bytes(10_000)) for step in range(MOST)]
    keep(store)
    path = folder(tmp_path) / "state.npz"
    before = path.stat().st_size
    store.save(TOKEN, MADE, Checkpoint(SETTINGS, 2, 1.5, ARRAYS), moments)
    assert path.stat().st_size - before < MOST * 10_600
    store.save(TOKEN, MADE, Checkpoint(SETTINGS, 2, 1.5, ARRAYS), moments[:1])
    assert path.stat().st_size - before < 10_600
    assert {each.name for each in folder(tmp_path).iterdir()} == {"run.json", "pictures.npz", "state.npz"}


def test_what_there_is_to_know_can_change_and_files_stay(store: Store) -> None:
    keep(store)
    store.describe(TOKEN, replace(RECORD, payload={"name": "bay"}, files={}))
    kept = store.read(TOKEN)
    assert kept is not None and kept.record == replace(RECORD, payload={"name": "bay"})


@pytest.mark.parametrize("token", ["unknown", "", "../../etc/passwd", "a/b", "\0", "é" * 300, "\ud800"])
def test_a_token_that_leads_nowhere_leads_nowhere(store: Store, tmp_path: Path, token: str) -> None:
    keep(store)
    assert store.read(token) is None and token not in store
    store.forget(token)
    assert store.read(TOKEN) is not None and TOKEN in store
    store.begin(token, RECORD)
    assert all(path.parent == tmp_path / "runs" for path in (tmp_path / "runs").iterdir())


def test_the_token_is_not_on_disk(store: Store, tmp_path: Path) -> None:
    keep(store)
    names = [path.name for path in tmp_path.rglob("*")]
    texts = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(TOKEN in name for name in names) and not any(TOKEN.encode() in text for text in texts)


@pytest.mark.parametrize("file", ["run.json", "pictures.npz", "state.npz"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other", "gone"])
def test_a_damaged_run_is_refused_and_cleared_away(store: Store, tmp_path: Path, file: str, damage: str) -> None:
    keep(store)
    path = folder(tmp_path) / file
    data = path.read_bytes()
    middle = len(data) // 2
    inside = data.index(b"NUMPY" if file.endswith("npz") else b"format")  # not in what an archive leaves unused
    broken = {"cut": data[:middle], "flipped": data[:inside] + bytes([data[inside] ^ 0xFF]) + data[inside + 1 :]}
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes({**broken, "empty": b"", "other": b"[1, 2]"}[damage])
    if (file, damage) == ("state.npz", "gone"):
        assert store.read(TOKEN) is not None  # it has not begun
        return
    with pytest.raises(InputError, match=r"start the picture again|must be|There is no"):
        store.read(TOKEN)
    assert store.read(TOKEN) is None
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize("file", ["run.json", "state.npz"])
def test_a_run_of_another_version_is_refused_in_plain_words(
    store: Store, tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("nst.jobs.store.__version__", "0.0.9")
        keep(store)
    if file == "state.npz":
        store.describe(TOKEN, RECORD)
    with pytest.raises(InputError, match=r"started with version 0\.0\.9 of the studio. Version \d"):
        store.read(TOKEN)
    assert store.read(TOKEN) is None


def test_nothing_is_unpickled(store: Store, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return os._exit, (1,)

    keep(store)
    path = folder(tmp_path) / "state.npz"
    with np.load(path) as file:
        header = file["header"]
    np.savez(path, header=header, image=np.array([Trap()], object))
    with pytest.raises(InputError, match="damaged"):
        store.read(TOKEN)


def test_a_shape_that_would_take_all_memory_is_refused(store: Store, tmp_path: Path) -> None:
    keep(store)
    path = folder(tmp_path) / "state.npz"
    data = path.read_bytes()
    assert data.count(b"(4, 6, 3)") == 1
    path.write_bytes(data.replace(b"(4, 6, 3), }          ", b"(99999999, 9999999), }"))
    with pytest.raises(InputError, match="damaged"):
        store.read(TOKEN)


def test_settings_that_make_no_sense_are_refused(store: Store, tmp_path: Path) -> None:
    keep(store)
    path = folder(tmp_path) / "run.json"
    for change in ({"strength": 400}, {"unheard_of": 1}):
        keep(store)
        run = json.loads(path.read_text())
        run["settings"] |= change
        path.write_text(json.dumps(run))
        with pytest.raises(InputError):
            store.read(TOKEN)
        assert store.read(TOKEN) is None


def test_a_killed_server_leaves_the_last_whole_checkpoint(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store)

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as death:
        death.setattr(Path, "replace", die)
        with pytest.raises(Killed):
            store.save(TOKEN, MADE, Checkpoint(SETTINGS, 3, 2.0, {}))
    kept = store.read(TOKEN)
    assert kept is not None and kept.checkpoint is not None and kept.checkpoint.step == 2


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FileError, match="Cannot write"):
        Store(tmp_path / "file", hours=1, megabytes=1).begin(TOKEN, RECORD)


class Shelf:
    """A store whose runs have ages that a test says."""

    def __init__(self, tmp_path: Path) -> None:
        self.now = 1e9
        self.store = Store(tmp_path / "runs", hours=24, megabytes=1, clock=lambda: self.now)
        self._root = tmp_path / "runs"

    def put(self, token: str, *, age: float, size: int = 10) -> None:
        before = set(self._root.iterdir()) if self._root.is_dir() else set()
        self.store.begin(token, JobRecord(SETTINGS, {}, {"photo": b"x" * size}))
        (made,) = set(self._root.iterdir()) - before
        for path in [*made.iterdir(), made]:
            os.utime(path, (self.now - age, self.now - age))

    def left(self, *tokens: str) -> list[str]:
        return [token for token in tokens if self.store.read(token) is not None]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_expired_runs_are_deleted(shelf: Shelf) -> None:
    shelf.put("old", age=25 * HOUR)
    shelf.put("in use", age=25 * HOUR)
    shelf.put("young", age=23 * HOUR)
    shelf.store.tidy(["in use"])
    assert shelf.left("old", "in use", "young") == ["in use", "young"]


def test_of_what_is_too_much_the_oldest_go(shelf: Shelf) -> None:
    for age, token in enumerate(("youngest", "young", "old", "oldest")):
        shelf.put(token, age=age * HOUR, size=400_000)
    shelf.store.tidy(["oldest"])
    assert shelf.left("youngest", "young", "old", "oldest") == ["youngest", "oldest"]


def test_partial_files_of_a_killed_server_are_deleted(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("run", age=HOUR)
    fresh, stale = (folder(tmp_path) / f".nst-{name}.part" for name in ("fresh", "stale"))
    for path, age in ((fresh, 60.0), (stale, 2 * HOUR)):
        path.write_bytes(b"half")
        os.utime(path, (shelf.now - age, shelf.now - age))
    shelf.store.tidy()
    assert fresh.exists() and not stale.exists()


def test_there_is_nothing_to_tidy_before_the_first_run(store: Store) -> None:
    store.tidy()


def test_files_are_plain_archives(store: Store, tmp_path: Path) -> None:
    keep(store)
    with zipfile.ZipFile(folder(tmp_path) / "pictures.npz") as archive:
        assert archive.read("photo.npy").endswith(b"a photo")
