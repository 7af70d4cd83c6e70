"""Recipes: the settings and inputs of a result, to reproduce it or to apply them to other images.

A recipe is stored in image metadata (image_metadata.py), or exported as a link, a command or Python code (export.py).
Recipes are untrusted input: every entry has a checked type and range, and none can contain a path.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nst.engines.registry import ENGINES
from nst.errors import FileError, RecipeError
from nst.run.regions import FEATHER, MOST_FEATHER
from nst.settings.engines import Settings
from nst.settings.fields import plain
from nst.system.files import reason
from nst.system.version import __version__

if TYPE_CHECKING:  # image libraries are imported on use: the command line's help must not wait for them
    from nst.images.io import Source

REGIONS = ("subject", "background", "sky", "alpha")  # regions found automatically (nst.masks)
PATHS = ("weights",)  # settings that are file paths; removed from every recipe
MOST_STYLES = 32
LONGEST = 80  # maximum length of a text, in characters
LARGEST_NUMBER = 2**53  # largest magnitude up to which a float represents every integer

FORMER_PROTECTION = "gentle"  # entry of earlier versions: strength on faces, in percent of the run's strength

_DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class InputImage:
    """Reference to an input image: its file name without folders (`name`), and the hash of its data (`digest`).

    Raises RecipeError if the name is empty, too long or contains a folder, or if the hash is not 32 hexadecimal digits.
    """

    name: str
    digest: str  # blake2b with a digest of 16 bytes, as 32 hexadecimal digits

    def __post_init__(self) -> None:
        check_word(self.name, "the name of a picture")
        if not self.name.strip(". ") or {"/", "\\"} & set(self.name):
            raise RecipeError(f"the name of a picture must not contain folders, received {shown(self.name)}.")
        if not isinstance(self.digest, str) or not _DIGEST.fullmatch(self.digest):
            raise RecipeError(f"the hash of a picture must be 32 hexadecimal digits, received {shown(self.digest)}.")

    @classmethod
    def of(cls, source: Source, name: str) -> InputImage:
        """Return the reference to the image `source`; of `name`, which may be a path, the last component is kept.

        Raises FileError if the file cannot be read.
        """
        if isinstance(source, str | PathLike):
            data = _bytes_of(source)
        else:
            data = source if isinstance(source, bytes) else np.asarray(source).tobytes()
        last = re.split(r"[/\\]", name)[-1][-LONGEST:]
        printable = "".join(letter if letter.isprintable() else "_" for letter in last)
        return cls(printable if printable.strip(". ") else "picture", blake2b(data, digest_size=16).hexdigest())


@dataclass(frozen=True, kw_only=True)
class RecipeRegion:
    """Region stylized with its own settings, by a name in REGIONS, such as "sky", that applies to any content image.

    Raises RecipeError if the name is not in REGIONS or a number is out of range.
    """

    name: str  # one of REGIONS
    feather: float = FEATHER  # width of the soft edge, in percent of the long side
    outside_strength: float = 0.0  # strength outside the region; at 0 the content image stays unchanged there
    outside_style: InputImage | None = None  # style image outside the region; None: same as inside

    def __post_init__(self) -> None:
        if self.name not in REGIONS:
            raise RecipeError(f"a region must be one of {', '.join(REGIONS)}, received {shown(self.name)}.")
        number(self.feather, "feather", 0, MOST_FEATHER)
        number(self.outside_strength, "rest_strength", 0, 100)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Settings of a result, with references to its input images. Raises RecipeError if a value is invalid."""

    settings: Settings  # the settings in PATHS are set to None
    content: InputImage | None = None
    styles: tuple[InputImage, ...] = ()
    style_weights: tuple[float, ...] = ()  # one per style image, or empty
    color_style: InputImage | None = None  # image whose colors the strokes take
    init_image: InputImage | None = None  # image the run started from
    masked: bool = False  # True if regions with their own style or strength were used
    region: RecipeRegion | None = None  # None if there is none, or a custom mask, which no recipe stores
    recognizable: float | None = None  # face protection, 0 to 100; None if off
    photo_share: float = 0.0  # percent of the content image blended into the result
    ended_at: int | None = None  # last iteration, if the run ended early
    network: str = ""  # network in use, also if the setting is "auto"
    nst: str = __version__

    def __post_init__(self) -> None:
        pathless: dict[str, Any] = dict.fromkeys(PATHS)
        object.__setattr__(self, "settings", replace(self.settings, **pathless))
        weights = tuple(number(weight, "style_weights", 0) for weight in self.style_weights)
        object.__setattr__(self, "style_weights", weights)
        if len(self.styles) > MOST_STYLES:
            raise RecipeError(f"there may be at most {MOST_STYLES} styles, received {len(self.styles)}.")
        if weights and (len(weights) != len(self.styles) or not sum(weights)):
            raise RecipeError(
                f"style_weights must be {len(self.styles)} numbers, one per style, not all 0; received {len(weights)}."
            )
        if not isinstance(self.masked, bool):
            raise RecipeError(f"'masked' must be true or false, received {shown(self.masked)}.")
        if self.recognizable is not None:
            number(self.recognizable, "recognizable", 0, 100)
        number(self.photo_share, "photo_share", 0, 100)
        if self.ended_at is not None and not number(self.ended_at, "ended_at", 0).is_integer():
            raise RecipeError(f"'ended_at' must be a whole number, received {shown(self.ended_at)}.")
        check_word(self.network, "'network'")
        check_word(self.nst, "'nst'")

    @property
    def engine(self) -> str:
        """Name of the engine that the settings belong to: "optimize" or "fast"."""
        return next(name for name, (kind, _) in ENGINES.items() if isinstance(self.settings, kind))

    @property
    def resolved(self) -> Settings:
        """Settings in which network="auto" is replaced by the network used for the result, for reproducibility."""
        choices = next(entry for entry in fields(self.settings) if entry.name == "network").metadata["choices"]
        if self.settings.network != "auto" or self.network not in choices:
            return self.settings
        resolved: dict[str, Any] = {"network": self.network}
        return replace(self.settings, **resolved)


def _bytes_of(path: str | PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"Cannot open '{fspath(path)}': {reason(error)}") from error


def recognizable_of(gentle: float) -> float:
    """Return the face protection of a recipe of an earlier version, which lowered the strength on faces."""
    return 100 - gentle


def ended_at(step: int, total: int) -> int | None:
    """Return `step`, the last iteration of a run, if the run ended before its `total` iterations; else None."""
    return step if step < total else None


def number(value: Any, name: str, low: float = -math.inf, high: float = math.inf) -> float:
    """Return `value`, the entry `name` of a recipe, as a float.

    Raises RecipeError if it is not a number from `low` to `high`.
    """
    value = plain(value)
    right = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER
    if not right or not low <= value <= high:
        raise RecipeError(f"'{name}' must be a number{_limits(low, high)}, received {shown(value)}.")
    return float(value)


def _limits(low: float, high: float) -> str:
    if low == -math.inf:
        return ""
    return f" of {low:g} or more" if high == math.inf else f" from {low:g} to {high:g}"


def check_word(value: Any, name: str) -> None:
    """Raise RecipeError if `value` is not a text of at most LONGEST printable characters; the message names `name`."""
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise RecipeError(f"{name} must be a text of at most {LONGEST} characters, received {shown(value)}.")


def shown(value: Any) -> str:
    """Return a short text that shows a value in an error message, without the contents of lists and objects."""
    if not isinstance(value, str | int | float | None):
        return "a list" if isinstance(value, list | tuple) else "a group of entries"
    text = repr(value[:40] if isinstance(value, str) else value)
    return text if len(text) <= 42 else f"{text[:40]}…"
