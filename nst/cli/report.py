"""Progress reports of a stylization: for people on stderr, or for programs as JSON lines on stdout."""

# ruff: noqa: T201 (the command line prints its output)
from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from nst.cli.streams import STANDARD
from nst.errors import NstError
from nst.run.snapshot import Snapshot


class Report(Protocol):
    """Receiver of the events of a stylization, used as a context manager around it."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: object, error: object, trace: object) -> None: ...

    def started(self, output: Path, total: int, network: str, reason: str, /) -> None:
        """Report the start of a stylization of `total` steps, before its inputs are read.

        `output` is the file of the result, `network` the network in use, `reason` the reason for choosing it, or "".
        """

    def snapshot(self, snapshot: Snapshot, frame: Path | None, /) -> None:
        """Report a snapshot; `frame` is the file to which its image was saved, or None."""

    def saved(self, path: Path, snapshot: Snapshot) -> None:
        """Report that `snapshot` was written to `path`: the result, or the last valid one after an error."""

    def note(self, message: str) -> None:
        """Print a message for the user."""


class TextReport:
    """Report for people: messages on stderr, and only the path of the result on stdout.

    If stderr is a terminal, a progress bar shows the loss and the remaining time.
    """

    def __init__(self) -> None:
        self._why = ""  # reason for the choice of network
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[status]}")
        self._bar = Progress(*columns, console=self._console, disable=not self._console.is_terminal)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._end_bar()

    def started(self, _output: Path, total: int, _network: str, reason: str, /) -> None:
        self._why = reason
        if self._console.is_terminal and total > 1:
            self.note(f"Getting ready for {total} steps. This takes a few seconds.")

    def snapshot(self, snapshot: Snapshot, _frame: Path | None, /) -> None:
        if not self._bar.tasks:
            if snapshot.final:
                return  # one-pass engine: saved() reports everything
            self._bar.add_task("", status="")
            self._bar.start()
        width, height = snapshot.working_size
        self._bar.update(
            self._bar.task_ids[0],
            description=f"{snapshot.network} {width}x{height}",
            completed=snapshot.step,
            total=snapshot.total,
            status=_status(snapshot),
        )

    def saved(self, path: Path, snapshot: Snapshot) -> None:
        self._end_bar()
        height, width = snapshot.image.shape[:2]
        took = duration(snapshot.seconds)
        said = " ".join(filter(None, (self._why, snapshot.note)))
        self.note(f"Painted {width}x{height} pixels with {snapshot.network} in {took}. {said}".rstrip())
        if str(path) != STANDARD:
            print(path)

    def note(self, message: str) -> None:
        self._console.print(message, markup=False)

    def _end_bar(self) -> None:
        if self._bar.live.is_started:  # otherwise stop() prints an empty line
            self._bar.stop()


class JsonReport:
    """Report for programs: one JSON object per line on stdout, notes for people on stderr.

    The entry "event" of each object is "started", "draft", "snapshot", "saved" or "error".
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, NstError):
            self._event("error", message=str(error))

    def started(self, output: Path, total: int, network: str, reason: str, /) -> None:
        self._event("started", path=str(output), total=total, network=network, reason=reason or None)

    def snapshot(self, snapshot: Snapshot, frame: Path | None, /) -> None:
        event = "snapshot" if snapshot.step else "draft"
        self._event(event, path=None if frame is None else str(frame), **_facts(snapshot))

    def saved(self, path: Path, snapshot: Snapshot) -> None:
        self._event("saved", path=str(path), **_facts(snapshot))

    def note(self, message: str) -> None:
        print(message, file=sys.stderr)

    def _event(self, event: str, **facts: Any) -> None:
        print(json.dumps({"event": event, **facts}), flush=True)


def duration(seconds: float) -> str:
    """Format a number of seconds, for example as "0.2 s", "8 s", "3 min 20 s" or "2 h 5 min"."""
    if 0 < seconds < 1:
        return f"{max(seconds, 0.1):.1f} s"
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _status(snapshot: Snapshot) -> str:
    if not snapshot.step:
        return "draft"
    loss = f"  loss {snapshot.losses.total:.4g}" if snapshot.losses else ""
    left = "" if snapshot.final else f"  about {duration(snapshot.remaining)} left"
    return f"{snapshot.step}/{snapshot.total}{loss}{left}"


def _facts(snapshot: Snapshot) -> dict[str, Any]:
    losses = snapshot.losses
    return {
        "step": snapshot.step,
        "total": snapshot.total,
        "losses": losses and {**asdict(losses), "total": losses.total},
        "seconds": round(snapshot.seconds, 3),
        "remaining": round(snapshot.remaining, 3),
        "network": snapshot.network,
        "note": snapshot.note or None,
    }
