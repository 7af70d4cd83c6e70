"""Keeps a run on disk while it goes on: often enough to lose little, seldom enough not to be in its way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nst.errors import ImageError
from nst.jobs.progress import Progress
from nst.jobs.store import Record, Store
from nst.run.snapshot import Checkpoint

EVERY = 5.0  # seconds of work that a killed server loses at most, where writing is quick
SHARE = 0.05  # of the time may go into writing

logger = logging.getLogger(__name__)


class Keeper:
    """Keeps one run. Where the disk refuses, the run goes on without being kept: `works` tells, and the log why."""

    def __init__(self, store: Store, token: str, record: Record, clock: Callable[[], float] = time.monotonic) -> None:
        self.works = True
        self._store, self._token, self._record, self._clock = store, token, record, clock
        self._next = clock() + EVERY

    def begin(self) -> None:
        """Keep what the run was given."""
        self._try(self._store.begin, self._record)

    def describe(self, about: dict[str, Any]) -> None:
        """Keep what its owner wants to know again, in place of what that was so far."""
        self._record = replace(self._record, about=about)
        self._try(self._store.describe, self._record)

    @property
    def due(self) -> bool:
        """Whether it is time for a checkpoint."""
        return self.works and self._clock() >= self._next

    def save(self, progress: Progress, checkpoint: Checkpoint | None) -> None:
        """Keep how far the run has come."""
        began = self._clock()
        self._try(self._store.save, progress, checkpoint, self._record.moments.all)
        now = self._clock()
        self._next = now + max(EVERY, (now - began) / SHARE)

    def _try(self, write: Callable[..., None], *what: Any) -> None:
        if not self.works:
            return
        try:
            write(self._token, *what)
        except ImageError as error:
            logger.warning("A run goes on without being kept: %s", error)
            self.works = False
