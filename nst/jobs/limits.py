"""Limits of a server: number of jobs, size and lifetime of saved jobs, and size of uploads.

All defaults are defined here; environment variables override them.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from nst.errors import SettingsError


def _limit(default: float, variable: str, minimum: float) -> Any:
    return field(default=default, metadata={"variable": variable, "minimum": minimum})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of one server on jobs, on jobs saved on disk, and on uploads."""

    running: int = _limit(1, "NST_MAX_RUNNING", 1)  # number of workers, and so of concurrent jobs
    waiting: int = _limit(8, "NST_MAX_WAITING", 1)  # queue length
    per_session: int = _limit(1, "NST_MAX_PER_SESSION", 1)  # unfinished jobs of one session
    grace: float = _limit(60.0, "NST_GRACE_SECONDS", 0)  # seconds without a viewer before a job is paused or stopped
    kept_hours: float = _limit(24.0, "NST_KEEP_HOURS", 0)  # hours during which a saved job can be resumed
    kept_megabytes: float = _limit(2048.0, "NST_KEEP_MB", 0)  # total size of all jobs on disk
    uploads_megabytes: float = _limit(1024.0, "NST_UPLOADS_MB", 0)  # total size of all uploads in memory

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Limits:
        """Return the limits set by environment variables, and defaults for variables that are unset or empty.

        Raises SettingsError, naming the variable, if a value is not a number or is below the minimum of its limit.
        """
        given = {}
        for entry in fields(cls):
            variable, minimum = entry.metadata["variable"], entry.metadata["minimum"]
            if text := environment.get(variable, "").strip():
                given[entry.name] = _number(variable, text, whole=entry.type == "int", minimum=minimum)
        return cls(**given)


def _number(variable: str, text: str, *, whole: bool, minimum: float) -> Any:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = math.nan
    if not minimum <= number < math.inf:
        kind = "a whole number" if whole else "a number"
        raise SettingsError(
            f"{variable} must be {kind} of at least {minimum:g}, received '{text}'. Correct or unset it."
        )
    return number
