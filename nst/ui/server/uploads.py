"""Accounting of uploads: the uploads of all sessions together may use a limited amount of memory."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from weakref import WeakKeyDictionary

from nst.errors import Busy
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import Request


def size(choice: ImageChoice) -> int:
    """Return the memory used by the file of an image, in bytes; 0 for a sample, which stays on disk."""
    return len(choice.source) if isinstance(choice.source, bytes) else 0


def held(requests: Iterable[Request]) -> int:
    """Return the memory used by the files of these requests, in bytes. A file shared by several counts once."""
    sources = [source for each in requests for source in (*(picture.source for picture in each.pictures), each.init)]
    return sum({id(source): len(source) for source in sources if isinstance(source, bytes)}.values())


class Uploads:
    """Accounting of the uploads of all sessions, limited to `megabytes` in total.

    An upload counts as long as its ImageChoice exists and `is_alive` returns True for the id of its session.
    """

    def __init__(self, megabytes: float, is_alive: Callable[[str], bool] = lambda _: True) -> None:
        self._most, self._is_alive = megabytes * 1e6, is_alive
        self._kept: WeakKeyDictionary[ImageChoice, str] = WeakKeyDictionary()  # session of each upload
        self._lock = threading.Lock()

    def admit(self, choice: ImageChoice, session: str) -> None:
        """Count an upload of a session. Raises Busy, and does not count it, if the total would exceed the limit."""
        with self._lock:
            if not self._fits(choice):
                gc.collect()  # unused uploads may survive in reference cycles until then
            if not self._fits(choice):
                raise Busy(
                    "The studio cannot take more pictures right now. Please try again in a few minutes, or choose a "
                    "sample picture."
                )
            self._kept[choice] = session

    def _fits(self, choice: ImageChoice) -> bool:
        there = [each for each, session in list(self._kept.items()) if self._is_alive(session)]
        return sum(map(size, [*there, choice])) <= self._most
