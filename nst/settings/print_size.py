"""Sizes of prints and screens in pixels."""

from __future__ import annotations

from typing import Literal, get_args

from nst.errors import SettingsError

Paper = Literal["postcard", "A4", "A3", "4K"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
DPI = (150, 300)  # dots per inch: fine at arm's length, and as fine as the eye sees

_MILLIMETERS = {"postcard": (105, 148), "A4": (210, 297), "A3": (297, 420)}  # short and long side
_PIXELS = {"4K": (2160, 3840)}  # screens, whatever the dots per inch
_PER_INCH = 25.4

Size = tuple[int, int]  # (width, height) in pixels


def print_size(paper: Paper, dpi: int, like: Size) -> Size:
    """Return the size of a print in pixels, upright or sideways as an image of size `like`. Raises SettingsError."""
    if paper not in PAPERS or dpi not in DPI:
        raise SettingsError(
            f"paper must be one of {', '.join(PAPERS)}, and dpi one of {', '.join(map(str, DPI))}; "
            f"received {paper!r} and {dpi!r}."
        )
    short, long = _PIXELS.get(paper) or (round(side / _PER_INCH * dpi) for side in _MILLIMETERS[paper])
    width, height = like
    return (long, short) if width > height else (short, long)


def covering_side(size: Size, target: Size) -> int:
    """Return the long side in pixels to scale an image of `size` to, so that the image covers `target`."""
    scale = max(wanted / side for wanted, side in zip(target, size, strict=True))
    return round(scale * max(size))
