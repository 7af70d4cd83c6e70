"""Cache of recent results, limited by their total weight."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class Recent:
    """Thread-safe LRU cache limited by total weight."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, weight: int, make: Callable[[], Any]) -> Any:
        """Return the value of `key`, calling `make` if it is not cached. Values above the limit are not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = make()  # outside of the lock, so that other threads need not wait
        with self._lock:
            if weight <= self._limit:
                self._kept[key] = value, weight
            while sum(weight for _, weight in self._kept.values()) > self._limit:
                self._kept.popitem(last=False)
        return value
