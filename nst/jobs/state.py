"""Serialization of progress, checkpoint and preview history, as a JSON header and arrays without pickle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nst.jobs.preview_history import Preview, PreviewHistory
from nst.jobs.progress import Point, Progress, State
from nst.run.snapshot import Checkpoint, Losses, Snapshot
from nst.settings.engines import OptimizeSettings, Settings

INTERRUPTED = "The studio was restarted. Press Resume to continue."

_CHECKPOINT, _PREVIEW = "checkpoint/", "moment/"  # prefixes of the names of checkpoint arrays and preview files
_MADE = ("total", "network", "remaining", "final", "note")  # JSON-serializable fields of a snapshot

Header = dict[str, Any]
Arrays = Mapping[str, NDArray[np.generic]]


def pack(progress: Progress, checkpoint: Checkpoint | None, previews: Sequence[Preview]) -> tuple[Header, Arrays]:
    """Serialize the progress, checkpoint and previews of a job as a JSON-serializable header and named arrays."""
    snapshot = progress.snapshot
    header: Header = {"state": progress.state, "error": progress.error, "away": progress.away}
    header |= {"history": progress.history, "notice": progress.notice, "moments": list(map(_serialized, previews))}
    arrays: dict[str, NDArray[np.generic]] = {
        f"{_PREVIEW}{number}": np.frombuffer(preview.file, np.uint8) for number, preview in enumerate(previews)
    }
    if snapshot is not None:
        header["snapshot"] = {name: getattr(snapshot, name) for name in _MADE} | _serialized(snapshot)
        arrays["image"] = snapshot.image
        if snapshot.alpha is not None:
            arrays["alpha"] = snapshot.alpha
    if checkpoint is not None:
        header["checkpoint"] = {"step": checkpoint.step, "seconds": checkpoint.seconds}
        arrays |= {_CHECKPOINT + name: array for name, array in checkpoint.arrays.items()}
    return header, arrays


def unpack_progress(header: Header, arrays: Arrays) -> Progress:
    """Return the progress serialized by pack(). The state of an unfinished job becomes paused."""
    state = State(header["state"])
    return Progress(
        state=state if state.ended else State.PAUSED,
        snapshot=_snapshot(header["snapshot"], arrays) if "snapshot" in header else None,
        history=tuple(Point(*point) for point in header["history"]),
        error=header["error"],
        notice=header["notice"] if state.rests else INTERRUPTED,
        away=header["away"],
    )


def unpack_checkpoint(settings: Settings, header: Header, arrays: Arrays) -> Checkpoint | None:
    """Return the checkpoint serialized by pack(), for a run with these settings.

    Return None if no checkpoint was saved or if the settings are not those of the optimize engine.
    """
    if "checkpoint" not in header or not isinstance(settings, OptimizeSettings):
        return None
    own = {name.removeprefix(_CHECKPOINT): array for name, array in arrays.items() if name.startswith(_CHECKPOINT)}
    return Checkpoint(settings, header["checkpoint"]["step"], header["checkpoint"]["seconds"], own)


def unpack_previews(header: Header, arrays: Arrays) -> PreviewHistory:
    """Return the preview history serialized by pack(); an empty history if the header has no previews."""
    return PreviewHistory(_previews(header.get("moments", []), arrays))


def _previews(all_serialized: Sequence[Header], arrays: Arrays) -> Iterator[Preview]:
    for number, entry in enumerate(all_serialized):
        yield Preview(file=arrays[f"{_PREVIEW}{number}"].tobytes(), **_deserialized(entry))


def _snapshot(made: Header, arrays: Arrays) -> Snapshot:
    alpha = np.asarray(arrays["alpha"], np.uint8) if "alpha" in arrays else None
    return Snapshot(image=np.asarray(arrays["image"], np.uint8), alpha=alpha, **_deserialized(made))


def _serialized(seen: Snapshot | Preview) -> Header:
    """Serialize the fields common to Snapshot and Preview, without the image."""
    losses = seen.losses and asdict(seen.losses)
    return {"step": seen.step, "seconds": seen.seconds, "losses": losses, "working_size": seen.working_size}


def _deserialized(entry: Header) -> Header:
    """Restore the losses and the working size from a result of `_serialized()`. Other fields stay unchanged."""
    losses, (width, height) = entry["losses"], entry["working_size"]
    return {**entry, "losses": losses and Losses(**losses), "working_size": (width, height)}
