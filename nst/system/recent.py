"""Cache of recently used values, limited by their total weight."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class Recent:
    """Thread-safe LRU cache of values other than None; `limit` is the maximum total weight, in units of the caller."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, weigh: int | Callable[[Any], int], make: Callable[[], Any]) -> Any:
        """Return the value cached for `key`; if there is none, call `make`, cache its value and return it.

        `weigh` is the value's weight, or a function from the value to its weight. Values heavier than the limit are not
        cached.
        """
        kept = self.known(key)
        if kept is not None:
            return kept
        value = make()  # outside of the lock, so that other threads need not wait
        weight = weigh if isinstance(weigh, int) else weigh(value)
        with self._lock:
            if weight <= self._limit:
                self._kept[key] = value, weight
            while sum(weight for _, weight in self._kept.values()) > self._limit:
                self._kept.popitem(last=False)
        return value

    def known(self, key: Hashable) -> Any:
        """Return the cached value of `key`, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]
