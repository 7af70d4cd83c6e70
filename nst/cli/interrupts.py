"""Handling of Ctrl-C during a long run."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from nst.run.control import Control


@contextmanager
def interrupts(control: Control, note: Callable[[str], None]) -> Iterator[None]:
    """Stop the run on the first Ctrl-C so that its result is saved; the second raises KeyboardInterrupt.

    `note` receives a message for the user on the first one.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.stop()
        note("Stopping and saving the current result. Ctrl-C again aborts.")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
