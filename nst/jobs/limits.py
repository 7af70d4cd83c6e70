"""What a server gives its visitors: how many pictures at a time, and how much is kept of them, for how long.

This is the one home of these numbers. Whoever runs a server sets them by environment variables.
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
    """Of one server."""

    running: int = _limit(1, "NST_MAX_RUNNING", 1)  # pictures that are painted at the same time
    waiting: int = _limit(8, "NST_MAX_WAITING", 1)  # places in the line
    per_session: int = _limit(1, "NST_MAX_PER_SESSION", 1)  # pictures of one visitor that are not finished yet
    grace: float = _limit(60.0, "NST_GRACE_SECONDS", 0)  # for which a picture is painted on while nobody looks
    kept_hours: float = _limit(24.0, "NST_KEEP_HOURS", 0)  # for which a run can be gone on with
    kept_megabytes: float = _limit(2048.0, "NST_KEEP_MB", 0)  # of all runs on disk together
    uploads_megabytes: float = _limit(1024.0, "NST_UPLOADS_MB", 0)  # of all visitors' own pictures in memory together

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Limits:
        """As the environment says. Raises SettingsError, which names the variable."""
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
