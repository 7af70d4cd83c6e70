"""The folder that a training is kept in, so that the same command goes on where it was left."""

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

from nst.errors import ImageError, InputError, ModelError
from nst.system.files import check_folder, reason, replacing

_ABOUT = "training.json"
_OURS = (_ABOUT, "checkpoint", "ckpt-*")  # files that a training leaves in its folder


@dataclass(frozen=True)
class Identity:
    """What must be the same for a training to be gone on with."""

    names: list[str]  # of the styles, for people
    styles: str
    network: str

    @classmethod
    def of(cls, names: list[str], styles: Sequence[NDArray[Any]], network: str) -> Identity:
        """Of styles by their pixels, and of the network by its fingerprint."""
        return cls(names, _digest(styles), network)


class Keeping:
    """Saves and restores TensorFlow's objects in a folder that belongs to one training alone."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        """Raises InputError where the folder holds anything else."""
        self._folder = folder
        check_folder(folder)
        if (folder / _ABOUT).exists():
            _compare(folder, identity)
        elif any(folder.iterdir()):
            raise ImageError(
                f"The training is kept in the folder '{folder}' until it is done, but that holds other files. Move "
                "them, or choose another output."
            )
        else:
            with replacing(folder / _ABOUT) as temporary:
                temporary.write_text(json.dumps(asdict(identity)), encoding="utf-8")

    def restore(self, **objects: Any) -> None:
        """Give the objects the values of the last checkpoint, if there is one. Raises ModelError for a damaged one."""
        self._manager = tf.train.CheckpointManager(tf.train.Checkpoint(**objects), str(self._folder), max_to_keep=1)
        try:
            self._manager.checkpoint.restore(self._manager.latest_checkpoint)
        except (tf.errors.OpError, ValueError) as error:
            raise ModelError(
                f"The training in '{self._folder}' cannot be gone on with: it is damaged. Delete the folder to begin "
                "anew."
            ) from error

    def save(self) -> None:
        """Save what restore() was given. Raises ImageError where the system refuses, a full disk included."""
        try:
            self._manager.save()
        except tf.errors.OpError as error:
            raise ImageError(f"Cannot write to the folder '{self._folder}': {error.message}") from error


def clear(folder: Path) -> None:
    """Remove a training's files, and the folder if nothing else is in it."""
    for path in [path for pattern in _OURS for path in folder.glob(pattern)]:
        path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def _compare(folder: Path, identity: Identity) -> None:
    """Raise InputError unless the folder's training is the one meant."""
    try:
        known = Identity(**json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
    except OSError as error:
        raise ImageError(f"Cannot read '{folder / _ABOUT}': {reason(error)}") from error
    except (ValueError, TypeError) as error:
        raise ModelError(f"'{folder / _ABOUT}' is damaged. Delete the folder to begin the training anew.") from error
    if known.styles != identity.styles:
        raise InputError(
            f"'{folder}' holds an unfinished training of other styles: {', '.join(known.names)}. Give those to go on "
            "with it, choose another output, or delete the folder."
        )
    if known.network != identity.network:
        raise InputError(
            f"'{folder}' holds an unfinished training that began from other weights of fast, before an update. Delete "
            "the folder to begin anew, or choose another output."
        )


def _digest(arrays: Sequence[NDArray[Any]]) -> str:
    digest = blake2b(digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
