"""Autosave of a running job to disk, at intervals that limit both lost work and write overhead."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nst.errors import FileError
from nst.jobs.progress import Progress
from nst.jobs.store import JobRecord, Store
from nst.run.snapshot import Checkpoint

EVERY = 5.0  # minimum seconds between saves; about the work lost if the server is killed and writing is fast
SHARE = 0.05  # maximum share of the run time spent on writing

logger = logging.getLogger(__name__)


class Autosave:
    """Autosave of one job in `store`. After a write error, saving ends: the error is logged, and `works` becomes False.

    The job itself continues. `token` identifies the job, `record` holds its inputs, and `clock` returns seconds.
    """

    def __init__(
        self, store: Store, token: str, record: JobRecord, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.works = True
        self._store, self._token, self._record, self._clock = store, token, record, clock
        self._next = clock() + EVERY

    def begin(self) -> None:
        """Save the inputs of the job: the record given to the constructor."""
        self._try(self._store.begin, self._record)

    def describe(self, payload: dict[str, Any]) -> None:
        """Replace the application's payload of the saved job by `payload`, which must be JSON-serializable."""
        self._record = replace(self._record, payload=payload)
        self._try(self._store.describe, self._record)

    @property
    def due(self) -> bool:
        """True if the next save is due. Always False after a write error."""
        return self.works and self._clock() >= self._next

    def save(self, progress: Progress, checkpoint: Checkpoint | None) -> None:
        """Save the progress, the checkpoint and the preview history of the job, and schedule the next save."""
        began = self._clock()
        self._try(self._store.save, progress, checkpoint, self._record.previews.all)
        now = self._clock()
        self._next = now + max(EVERY, (now - began) / SHARE)

    def _try(self, write: Callable[..., None], *what: Any) -> None:
        if not self.works:
            return
        try:
            write(self._token, *what)
        except FileError as error:
            logger.warning("Cannot save a run, which continues unsaved: %s", error)
            self.works = False
