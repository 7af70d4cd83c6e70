"""Numbers in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable


def duration(seconds: float) -> str:
    """ "18 seconds", "about 2 minutes": as exact as a person wants to know."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        whole = round(seconds)
        return f"{whole} second{'s' if whole > 1 else ''}"
    return f"about {round(seconds / 60)} minutes"


def prospect(seconds: float) -> str:
    """How long a picture will take, said beforehand."""
    return f"Takes {duration(seconds)} on this machine."


def remaining(seconds: float) -> str:
    """How long it will take, in steps that do not flicker."""
    if seconds < 5:
        return "a few seconds left"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} seconds left"
    return f"about {round(seconds / 60)} minutes left"


def turn(position: int) -> str:
    """A place in the queue; 1 is the next."""
    if position <= 1:
        return "Another picture is being painted. You are next."
    return f"Other pictures are being painted. You are number {position} in line."


def begins(seconds: float) -> str:
    """When it will be somebody's turn, in steps that do not flicker."""
    if seconds < 5:
        return "It begins in a few seconds."
    when = f"about {5 * round(seconds / 5)} seconds" if seconds < 90 else duration(seconds)
    return f"It begins in {when}."


def hours(count: float) -> str:
    """ "a day", "36 hours", "30 minutes"."""
    if count < 1:
        return f"{round(60 * count)} minutes"
    return "a day" if count == 24 else f"{count:g} hour{'s' if count != 1 else ''}"


def listed(names: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def faces(count: int) -> str:
    """What was done about the faces in a photo."""
    if count == 1:
        return "1 face found: it is painted more lightly."
    return f"{count} faces found: they are painted more lightly."


def literal(text: str) -> str:
    """Text of strangers as it stands, where Markdown is shown: no pictures, no links, no colors."""
    unlinked = re.sub(r"(?i)(www|https?)", "\\1\N{WORD JOINER}", text)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", unlinked)


def file_stem(*names: str) -> str:
    """A file name, without suffix, from names for people."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in names)
