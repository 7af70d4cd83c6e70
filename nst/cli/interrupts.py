"""Handling of Ctrl-C and of requests to end during a long run."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from nst.run.control import Control

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@dataclass
class Caught:
    """The signal that stopped a run, if any."""

    number: int | None = None

    @property
    def code(self) -> int:
        """Exit code, as in shells: 128 and the number of the signal; of SIGINT without a signal."""
        return 128 + (signal.SIGINT if self.number is None else self.number)


@contextmanager
def interrupts(control: Control, note: Callable[[str], None]) -> Iterator[Caught]:
    """Stop the run on the first Ctrl-C, SIGTERM or SIGHUP so that its result is saved; a second one acts as usual.

    `note` receives a message for the user on the first one. A signal that the caller ignores, as nohup does, stays
    ignored.
    """
    caught = Caught()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    handled = [number for number, handler in before.items() if handler is not signal.SIG_IGN]

    def stop(number: int, _frame: FrameType | None) -> None:
        caught.number = number
        for each in handled:
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
        control.stop()
        note("Stopping and saving the current result. Ctrl-C again aborts.")

    for number in handled:
        signal.signal(number, stop)
    try:
        yield caught
    finally:
        for number in handled:
            signal.signal(number, before[number])
