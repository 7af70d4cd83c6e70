"""Formatting of durations, counts and names as text for users."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST_STEM = 60  # letters of each name in a file name, which most systems limit to 255
_LONGEST_SUFFIX = 4


def duration(seconds: float) -> str:
    """Format a duration in seconds as text, such as "less than a second", "18 seconds" or "about 2 minutes"."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        whole = round(seconds)
        return f"{whole} second{'s' if whole > 1 else ''}"
    return f"about {round(seconds / 60)} minutes"


def prospect(seconds: float) -> str:
    """Format the forecast duration of a run, in seconds, such as "About 18 seconds"."""
    text = duration(seconds)
    return text.capitalize() if text.startswith(("about", "less")) else f"About {text}"


def remaining(seconds: float) -> str:
    """Format the remaining time, in steps of 5 seconds (of minutes from 90 s), so that the text does not flicker."""
    if seconds < 5:
        return "a few seconds left"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} seconds left"
    return f"about {round(seconds / 60)} minutes left"


def turn(position: int) -> str:
    """Format a position in the queue as a sentence; position 1 starts next."""
    if position <= 1:
        return "Another picture is being painted. You are next."
    return f"Other pictures are being painted. You are number {position} in line."


def begins(seconds: float) -> str:
    """Format the time until a job starts, in steps of 5 seconds (of minutes from 90 s), so that it does not flicker."""
    if seconds < 5:
        return "Yours starts in a few seconds."
    when = f"about {5 * round(seconds / 5)} seconds" if seconds < 90 else duration(seconds)
    return f"Yours starts in {when}."


def hours(count: float) -> str:
    """Format a number of hours as text for users, such as "a day", "36 hours" or "30 minutes"."""
    if count < 1:
        return f"{round(60 * count)} minutes"
    return "a day" if count == 24 else f"{count:g} hour{'s' if count != 1 else ''}"


def value(setting: object) -> str:
    """Format the value of a setting as text; a float with at most 4 significant digits, like the widgets."""
    return f"{setting:.4g}" if isinstance(setting, float) else str(setting)


def listed(names: Iterable[str]) -> str:
    """Join one or more names as "A", "A and B" or "A, B and C"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def faces(count: int) -> str:
    """Return the sentence about `count` protected faces; `count` is at least 1."""
    if count == 1:
        return "1 face found and kept recognizable."
    return f"{count} faces found and kept recognizable."


# Streamlit replaces these in text that has been parsed already, where escapes are gone: addresses (by links),
# shortcodes of emoji and icons, and arrows and dashes between spaces.
_REPLACED = re.compile(r"(www|https?|@|:(?=[\w+/-]+:)|(?<!\S)[<>~-](?=[->=]))", re.IGNORECASE)


def literal(text: str) -> str:
    """Escape untrusted text for Markdown: displayed unchanged in one line, without images, links, colors or icons.

    Use for all text from outside the program: file names, texts of recipes, error messages. Not needed for alternative
    texts and options of select boxes, in which Streamlit does not interpret Markdown.
    """
    inert = _REPLACED.sub("\\1\N{WORD JOINER}", re.sub(r"\s+", " ", text))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", inert)


def file_stem(*names: str) -> str:
    """Return a file name without suffix: the given names in lower case, joined by hyphens.

    Suffixes are removed, characters other than a-z and 0-9 become hyphens, and long names are cut. If nothing remains,
    return "picture".
    """
    bare = (re.sub(rf"\.[a-z0-9]{{3,{_LONGEST_SUFFIX}}}$", "", name.lower()) for name in names)
    stems = (re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:_LONGEST_STEM] for name in bare)
    return "-".join(filter(None, stems)) or "picture"
