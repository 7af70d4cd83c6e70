"""The folder that a training is kept in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from nst.errors import FileError, InputError, ModelError
from nst.training.progress_folder import Identity, TrainingFolder, clear

STYLE, NETWORK = np.zeros((16, 16, 3), np.uint8), "0123456789abcdef"


def identity(style: np.ndarray = STYLE, network: str = NETWORK) -> Identity:
    return Identity.of(["waves.jpg", "dots.jpg"], [style], network)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a training that has counted to seven."""
    kept = TrainingFolder(tmp_path / "kept", identity())
    count = tf.Variable(7)
    kept.restore(count=count)
    assert count == 7  # nothing was there to be restored
    kept.save()
    return tmp_path / "kept"


def test_the_same_training_goes_on(folder: Path) -> None:
    count = tf.Variable(0)
    TrainingFolder(folder, Identity.of(["renamed.jpg"], [STYLE.copy()], NETWORK)).restore(count=count)
    assert count == 7


def test_other_styles_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"of other styles: waves\.jpg, dots\.jpg\. Give those.*delete the folder"):
        TrainingFolder(folder, identity(style=STYLE + np.uint8(1)))
    with pytest.raises(InputError, match="of other styles"):
        TrainingFolder(folder, identity(style=STYLE.reshape(8, 32, 3)))


def test_other_weights_to_start_from_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="older weights of the network fast"):
        TrainingFolder(folder, identity(network="f" * 16))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("dear")
    with pytest.raises(FileError, match="contains other files"):
        TrainingFolder(tmp_path, identity())
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize("content", ["", "[1]", '{"names": []}', '{"odd": 1}'])
def test_a_damaged_description_is_said_to_be_damaged(folder: Path, content: str) -> None:
    (folder / "training.json").write_text(content)
    with pytest.raises(ModelError, match=r"training\.json' is damaged. Delete the folder"):
        TrainingFolder(folder, identity())


def test_a_damaged_checkpoint_is_said_to_be_damaged(folder: Path) -> None:
    for path in folder.glob("ckpt-*.index"):
        path.write_bytes(b"")
    with pytest.raises(ModelError, match=r"Cannot resume .* files are damaged"):
        TrainingFolder(folder, identity()).restore(count=tf.Variable(0))


def test_a_disk_that_refuses_is_said_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = TrainingFolder(folder, identity())
    kept.restore(count=tf.Variable(0))
    full = tf.errors.ResourceExhaustedError(None, None, "No space left on device")

    def save(self: tf.train.CheckpointManager) -> None:
        raise full

    monkeypatch.setattr(tf.train.CheckpointManager, "save", save)
    with pytest.raises(FileError, match=r"Cannot write to the folder '.*kept': No space left"):
        kept.save()


def test_clearing_takes_what_is_ours(folder: Path) -> None:
    (folder / "diary.txt").write_text("dear")
    clear(folder)
    assert [path.name for path in folder.iterdir()] == ["diary.txt"]
    (folder / "diary.txt").unlink()
    clear(folder)
    assert not folder.exists()
