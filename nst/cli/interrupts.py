"""Handling of Ctrl-C and of requests to end: at once, or after saving the result of a long run."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from nst.run.control import Control

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Ended(KeyboardInterrupt):
    """Ctrl-C or another request to end at once; like KeyboardInterrupt, no `except Exception` catches it."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.code = 128 + number  # exit code, as in shells


@dataclass
class Caught:
    """The signal that stopped a run, if any."""

    number: int = signal.SIGINT

    @property
    def code(self) -> int:
        """Exit code, as in shells: 128 and the number of the signal."""
        return 128 + self.number


@contextmanager
def ending() -> Iterator[None]:
    """Raise Ended for Ctrl-C, SIGTERM and SIGHUP, so that no partial file is left behind.

    SIGTERM and SIGHUP may come in pairs, see interrupts(): the second one must not disturb the ending.
    """
    ended = False

    def end(number: int, _frame: FrameType | None) -> None:
        nonlocal ended
        if ended and number != signal.SIGINT:
            return
        ended = True
        raise Ended(first(number))

    with _arrivals() as first, _handling(end):
        yield


@contextmanager
def interrupts(control: Control, note: Callable[[str], None]) -> Iterator[Caught]:
    """Stop the run on the first Ctrl-C, SIGTERM or SIGHUP so that its result is saved; another Ctrl-C acts as before.

    SIGTERM and SIGHUP often come in pairs, from a closed terminal or from systemd, so another one changes nothing.
    `note` receives a message for the user on the first one.
    """
    caught = Caught()
    before = signal.getsignal(signal.SIGINT)

    def stop(number: int, _frame: FrameType | None) -> None:
        if control.stopped:
            return
        caught.number = first(number)
        if signal.getsignal(signal.SIGINT) is stop:
            signal.signal(signal.SIGINT, before)
        control.stop()
        note("Stopping and saving the current result. Ctrl-C again aborts.")

    with _arrivals() as first, _handling(stop):
        yield caught


@contextmanager
def _arrivals() -> Iterator[Callable[[int], int]]:
    """Yield a function that returns the first signal to arrive, given the one whose handler is called.

    Of signals that arrive during one call of a library, Python calls the handlers by number, SIGHUP before SIGTERM, but
    it writes their numbers to a pipe at once.
    """
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def first(number: int) -> int:
        with suppress(BlockingIOError):  # empty after an earlier handler
            return next((each for each in os.read(reader, 4096) if each in SIGNALS), number)
        return number

    try:
        yield first
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Handle SIGNALS by `handler`, except for those that the caller ignores, as nohup does."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    handled = [number for number, known in before.items() if known is not signal.SIG_IGN]
    for number in handled:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, before[number])
