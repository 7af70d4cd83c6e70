"""Ctrl-C during something long."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from nst.run.control import Control


@contextmanager
def interrupts(control: Control, note: Callable[[str], None]) -> Iterator[None]:
    """Let the first Ctrl-C stop the run with what it has; the second is a KeyboardInterrupt again."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.stop()
        note("Stopping and saving what is there. Ctrl-C again aborts.")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
