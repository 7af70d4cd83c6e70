"""Handling of Ctrl-C, SIGTERM and SIGHUP: abort at once, or stop after saving the result of a long computation."""

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
    """Exception raised on Ctrl-C, SIGTERM or SIGHUP to abort a command; `except Exception` does not catch it.

    `number` is the number of the signal; `code` is the exit code, 128 plus the number.
    """

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.code = 128 + number  # exit code, as in shells


@dataclass
class Caught:
    """Number of the signal that stopped a stylization or a training; SIGINT if there was none."""

    number: int = signal.SIGINT

    @property
    def code(self) -> int:
        """Exit code, as in shells: 128 plus the number of the signal."""
        return 128 + self.number


@contextmanager
def ending() -> Iterator[None]:
    """Raise Ended on Ctrl-C, SIGTERM or SIGHUP inside the context, so that cleanup code removes partial files.

    SIGTERM and SIGHUP may come in pairs, see interrupts(). After the first signal they are ignored, so that they do not
    disturb the cleanup.
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
    """Call control.stop() on the first Ctrl-C, SIGTERM or SIGHUP inside the context, so that a result can be saved.

    Yields the object that records the signal. `note` is called with a message for the user. A second Ctrl-C is handled
    as before the context. Further SIGTERM and SIGHUP are ignored, because they often come in pairs, from a closed
    terminal or from systemd.
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
    """Yield a function for signal handlers that returns the number of the signal that arrived first.

    Its argument is the number passed to the handler, returned if no earlier signal is known. For signals that arrive
    during one call of a library, Python calls the handlers in the order of their numbers, SIGHUP before SIGTERM. In the
    pipe read here, the numbers are in the order of arrival.
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
    """Install `handler` for SIGNALS inside the context, except for signals that are ignored, as under nohup."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    handled = [number for number, known in before.items() if known is not signal.SIG_IGN]
    for number in handled:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, before[number])
