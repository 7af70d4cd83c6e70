"""What a server keeps of the pictures that its visitors bring: only as many as it has room for."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from weakref import WeakKeyDictionary

from nst.errors import Busy
from nst.ui.state.pictures import Choice
from nst.ui.state.request import Order


def size(choice: Choice) -> int:
    """Bytes that a picture's file takes of the memory; one of ours stays where it is on disk."""
    return len(choice.source) if isinstance(choice.source, bytes) else 0


def held(orders: Iterable[Order]) -> int:
    """Bytes of the files in memory that pictures were made from; several may share one."""
    sources = [source for each in orders for source in (*(picture.source for picture in each.pictures), each.init)]
    return sum({id(source): len(source) for source in sources if isinstance(source, bytes)}.values())


class Uploads:
    """The pictures of all visitors together; each counts while its session is there, as `is_alive` says."""

    def __init__(self, megabytes: float, is_alive: Callable[[str], bool] = lambda _: True) -> None:
        self._most, self._is_alive = megabytes * 1e6, is_alive
        self._kept: WeakKeyDictionary[Choice, str] = WeakKeyDictionary()  # whose each is
        self._lock = threading.Lock()

    def admit(self, choice: Choice, session: str) -> None:
        """Count a picture of a session. Raises Busy where there is no room for it."""
        with self._lock:
            if not self._fits(choice):
                gc.collect()  # what sessions had that are over may lie about until somebody looks
            if not self._fits(choice):
                raise Busy(
                    "The studio has no room for one more picture from a visitor right now. Please add it again in a "
                    "few minutes, or choose one of those that are here."
                )
            self._kept[choice] = session

    def _fits(self, choice: Choice) -> bool:
        there = [each for each, session in list(self._kept.items()) if self._is_alive(session)]
        return sum(map(size, [*there, choice])) <= self._most
