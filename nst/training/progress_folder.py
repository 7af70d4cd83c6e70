"""Folder with the checkpoints of a style training, so that the same command resumes an interrupted training."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nst.errors import FileError, InputError, ModelError
from nst.system.files import check_folder, reason, replacing

_ABOUT = "training.json"
_OURS = (_ABOUT, "checkpoint", "ckpt-*")  # patterns of the files of a training


@dataclass(frozen=True)
class Identity:
    """Identity of a style training; a training can be resumed only with the same styles and network."""

    names: list[str]  # names of the styles, for error messages
    styles: str  # digest of the style images
    network: str  # fingerprint of the weights of fast

    @classmethod
    def of(cls, names: list[str], styles: Sequence[NDArray[Any]], network: str) -> Identity:
        """Return the identity of a training on style images.

        `names` and `styles` are the images' names and pixels, `network` is the fingerprint of the weights of fast.
        """
        return cls(names, _digest(styles), network)


class TrainingFolder:
    """Checkpoints of TensorFlow objects in a folder reserved for one style training."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        """Create the folder for the training `identity`, or open the existing folder to resume the training.

        Raises FileError if the folder holds other files or is not writable, InputError if it holds another training,
        ModelError if its `training.json` is damaged.
        """
        self._folder = folder
        check_folder(folder)
        if (folder / _ABOUT).exists():
            _compare(folder, identity)
        elif any(folder.iterdir()):
            raise FileError(
                f"The training saves its progress in the folder '{folder}', but the folder contains other files. Move "
                "them, or choose another output."
            )
        else:
            with replacing(folder / _ABOUT) as temporary:
                temporary.write_text(json.dumps(asdict(identity)), encoding="utf-8")

    def restore(self, **objects: Any) -> None:
        """Restore TensorFlow objects, given by name, from the last checkpoint; they keep their state if there is none.

        save() stores these objects. Raises ModelError if the checkpoint is damaged.
        """
        self._manager = tf.train.CheckpointManager(tf.train.Checkpoint(**objects), str(self._folder), max_to_keep=1)
        try:
            self._manager.checkpoint.restore(self._manager.latest_checkpoint)
        except (tf.errors.OpError, ValueError) as error:
            raise ModelError(
                f"Cannot resume the training in '{self._folder}': its files are damaged. Delete the folder to start "
                "again."
            ) from error

    def save(self) -> None:
        """Save a checkpoint of the objects passed to restore(). Raises FileError if writing fails."""
        try:
            self._manager.save()
        except tf.errors.OpError as error:
            raise FileError(f"Cannot write to the folder '{self._folder}': {error.message}") from error


def clear(folder: Path) -> None:
    """Delete the checkpoints and training.json of a style training from `folder`.

    The folder is deleted too, unless it contains other files.
    """
    for path in [path for pattern in _OURS for path in folder.glob(pattern)]:
        path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def _compare(folder: Path, identity: Identity) -> None:
    """Raise an error unless training.json in `folder` has the same styles and network as `identity`.

    Raises InputError if they differ, FileError if the file cannot be read, ModelError if its data are damaged.
    """
    try:
        known = Identity(**json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
    except OSError as error:
        raise FileError(f"Cannot read '{folder / _ABOUT}': {reason(error)}") from error
    except (ValueError, TypeError) as error:
        raise ModelError(f"'{folder / _ABOUT}' is damaged. Delete the folder to start the training again.") from error
    if known.styles != identity.styles:
        raise InputError(
            f"'{folder}' contains an unfinished training of other styles: {', '.join(known.names)}. Give those styles "
            "to resume it, choose another output, or delete the folder."
        )
    if known.network != identity.network:
        raise InputError(
            f"'{folder}' contains an unfinished training with older weights of the network fast. Delete the folder to "
            "start again, or choose another output."
        )


def _digest(arrays: Sequence[NDArray[Any]]) -> str:
    digest = blake2b(digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
