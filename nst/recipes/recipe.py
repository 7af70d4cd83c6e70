"""Recipes: what a picture was made with, so that it can be made again, or another one like it.

A recipe travels inside pictures (recipe_files.py), as a link or a command (recipe_texts.py). So it comes from strangers
and is checked like any input: everything in it has a kind and limits, and it can name no path.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nst import __version__
from nst.engines.registry import ENGINES
from nst.errors import RecipeError
from nst.run.regions import FEATHER, MOST_FEATHER
from nst.settings.engines import Settings

if TYPE_CHECKING:  # image libraries are imported on use: the command line's help must not wait for them
    from nst.images.io import Source

PLACES = ("subject", "background", "sky", "alpha")  # parts of a photo that are found in it; alpha: what is opaque
PATHS = ("weights",)  # settings that name files: no recipe has them
MOST_STYLES = 32
LONGEST = 80  # letters of a name or a word
LARGEST_NUMBER = 2**53  # up to which a float holds every whole number

_DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Ingredient:
    """A picture that another one was made from: its name without folders, and the hash of its file."""

    name: str
    digest: str  # blake2b of 16 bytes, in hexadecimal digits

    def __post_init__(self) -> None:
        check_word(self.name, "the name of a picture")
        if not self.name.strip(". ") or {"/", "\\"} & set(self.name):
            raise RecipeError(f"the name of a picture must be one without folders, received {shown(self.name)}.")
        if not isinstance(self.digest, str) or not _DIGEST.fullmatch(self.digest):
            raise RecipeError(f"the hash of a picture must be 32 hexadecimal digits, received {shown(self.digest)}.")

    @classmethod
    def of(cls, source: Source, name: str) -> Ingredient:
        """A picture that a run is given; `name` may be a path, of which the last part is kept."""
        if isinstance(source, str | PathLike):
            data = Path(source).read_bytes()
        else:
            data = source if isinstance(source, bytes) else np.asarray(source).tobytes()
        last = re.split(r"[/\\]", name)[-1][-LONGEST:]
        printable = "".join(letter if letter.isprintable() else "_" for letter in last)
        return cls(printable if printable.strip(". ") else "picture", blake2b(data, digest_size=16).hexdigest())


@dataclass(frozen=True, kw_only=True)
class Place:
    """The part of a photo that was painted, such that it can be found in others. Raises RecipeError."""

    name: str  # one of PLACES
    feather: float = FEATHER  # percent of the long side that its edge is soft
    rest_strength: float = 0.0  # of what is not part of it; at 0 that stayed the photo
    rest_style: Ingredient | None = None  # None: the same

    def __post_init__(self) -> None:
        if self.name not in PLACES:
            raise RecipeError(f"a place must be one of {', '.join(PLACES)}, received {shown(self.name)}.")
        number(self.feather, "feather", 0, MOST_FEATHER)
        number(self.rest_strength, "rest_strength", 0, 100)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Settings, and what else there is to know of a picture. Raises RecipeError for what cannot be."""

    settings: Settings  # without those in PATHS
    content: Ingredient | None = None
    styles: tuple[Ingredient, ...] = ()
    style_weights: tuple[float, ...] = ()  # one a style, or none
    color_style: Ingredient | None = None  # whose colors the strokes have
    init_image: Ingredient | None = None  # that the run started from
    masked: bool = False  # whether parts of the photo have a look of their own
    place: Place | None = None  # which one that is; None, too, where it is by a mask, which no recipe has
    gentle: float | None = None  # percent of the strength that is left to faces, where they are guarded
    photo_share: float = 0.0  # percent of the photo that shows through
    ended_at: int | None = None  # iteration, where the run ended before its last one
    network: str = ""  # that was used, whatever the settings say
    nst: str = __version__

    def __post_init__(self) -> None:
        pathless: dict[str, Any] = dict.fromkeys(PATHS)
        object.__setattr__(self, "settings", replace(self.settings, **pathless))
        weights = tuple(number(weight, "style_weights", 0) for weight in self.style_weights)
        object.__setattr__(self, "style_weights", weights)
        if len(self.styles) > MOST_STYLES:
            raise RecipeError(f"there may be {MOST_STYLES} styles at most, received {len(self.styles)}.")
        if weights and (len(weights) != len(self.styles) or not sum(weights)):
            raise RecipeError(
                f"style_weights must be {len(self.styles)} numbers, one a style and not all 0; received {len(weights)}."
            )
        if not isinstance(self.masked, bool):
            raise RecipeError(f"'masked' must be true or false, received {shown(self.masked)}.")
        if self.gentle is not None:
            number(self.gentle, "gentle", 0, 100)
        number(self.photo_share, "photo_share", 0, 100)
        if self.ended_at is not None and not number(self.ended_at, "ended_at", 0).is_integer():
            raise RecipeError(f"'ended_at' must be a whole number, received {shown(self.ended_at)}.")
        check_word(self.network, "'network'")
        check_word(self.nst, "'nst'")

    @property
    def engine(self) -> str:
        """What the engine is called."""
        return next(name for name, (kind, _) in ENGINES.items() if isinstance(self.settings, kind))

    @property
    def resolved(self) -> Settings:
        """The settings with the network that was used in the place of auto, so that the same one is used again."""
        choices = next(entry for entry in fields(self.settings) if entry.name == "network").metadata["choices"]
        if self.settings.network != "auto" or self.network not in choices:
            return self.settings
        return replace(self.settings, network=self.network)


def ended_at(step: int, total: int) -> int | None:
    """Where a run of so many iterations ended early, from the step of its last snapshot."""
    return step if step < total else None


def number(value: Any, name: str, low: float = -math.inf, high: float = math.inf) -> float:
    """`value` as a float in a range. Raises RecipeError."""
    right = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER
    if not right or not low <= value <= high:
        raise RecipeError(f"'{name}' must be a number{_limits(low, high)}, received {shown(value)}.")
    return float(value)


def _limits(low: float, high: float) -> str:
    if low == -math.inf:
        return ""
    return f" of {low:g} or more" if high == math.inf else f" from {low:g} to {high:g}"


def check_word(value: Any, name: str) -> None:
    """Raise RecipeError unless `value` is a short text of printable characters."""
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise RecipeError(f"{name} must be a text of at most {LONGEST} letters, received {shown(value)}.")


def shown(value: Any) -> str:
    """A value for a message: short, and never a list in full."""
    if not isinstance(value, str | int | float | None):
        return "a list" if isinstance(value, list | tuple) else "a group of entries"
    text = repr(value[:40] if isinstance(value, str) else value)
    return text if len(text) <= 42 else f"{text[:40]}…"
