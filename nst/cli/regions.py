"""The flags --mask and --region, and their conversion to regions of the content image."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nst.cli.places import PLACES, found
from nst.cli.streams import read_stream
from nst.errors import SettingsError
from nst.run.protection import RECOGNIZABLE, Protection, check_recognizable
from nst.run.regions import Region

ELSEWHERE = "elsewhere"  # the outside region: pixels in no other region
KEYS: Mapping[str, Callable[[str], float]] = {"strength": float, "style": int, "feather": float}

_MASK = "picture in the shape of the photo, white in the parts to paint; the photo stays unchanged elsewhere"
_REGION = (
    "a part of the photo with its own settings; the last one wins where parts overlap. WHERE is a mask file; "
    f"{', '.join(PLACES)}, found in the photo; or {ELSEWHERE}, everything outside the other regions. "
    "KEYs: strength=0..100, where 0 keeps the photo; style=N, the number of its STYLE, counted from 1; "
    "feather=0..25, width of the soft edge in %% of the photo's long side. E.g. --region sky:strength=90,style=2 "
    "--region sky:strength=20"
)


_KEEP_FACES = (
    "keep the faces in the photo recognizable while they are painted like everything else: 0 (not) to 100, by default "
    f"{RECOGNIZABLE:g}"
)


def add_regions(parser: argparse.ArgumentParser) -> None:
    """Add the flags --mask and --region to the parser of a command with CONTENT and STYLE arguments."""
    parser.add_argument("--mask", metavar="FILE", help=_MASK)
    parser.add_argument("--region", action="append", default=[], metavar="WHERE[:KEY=VALUE,...]", help=_REGION)


def add_protection(parser: argparse.ArgumentParser) -> None:
    """Add --keep-faces to a command with a CONTENT argument."""
    parser.add_argument(
        "--keep-faces", nargs="?", type=float, const=RECOGNIZABLE, metavar="RECOGNIZABLE", help=_KEEP_FACES
    )


def protection_of(recognizable: float | None, photo: str | bytes) -> Protection | None:
    """Return the protection of the faces in a photo file, None for None. Raises InputError if it has no face."""
    if recognizable is None:
        return None
    check_recognizable(recognizable)
    return Protection(found("likeness", photo), recognizable)


def regions_of(args: argparse.Namespace) -> list[Region]:
    """Return the regions given by --mask and --region. Raises InputError under the conditions of regions()."""
    return regions(args.mask, args.region, args.content, len(args.styles))


def mask_files(args: argparse.Namespace) -> list[str]:
    """Return the mask files given by --mask and --region. Raises SettingsError if a --region is invalid."""
    places = (_parse(spec)[0] for spec in args.region)
    return [*filter(None, [args.mask]), *(place for place in places if place not in {*PLACES, ELSEWHERE})]


def regions(mask: str | None, specs: Sequence[str], photo: str | bytes, styles: int) -> list[Region]:
    """Return the regions of a photo, given as a path or the bytes of a file; `styles` is the number of style images.

    `mask` is an image file, white where the photo is stylized at all. Each of `specs` is a region with options, such as
    "sky:strength=90,style=2". Raises InputError if an option is invalid, a file cannot be read, or a region such as
    "sky" is not found in the photo.
    """
    parsed = [_parse(spec) for spec in specs]
    if mask is None:
        return [_region(where, options, photo, styles) for where, options in parsed]
    if any(where == ELSEWHERE for where, _ in parsed):
        raise SettingsError(
            f"--mask keeps the photo elsewhere, but --region {ELSEWHERE} changes it. Leave one of the two "
            "out, or give the mask as --region FILE."
        )
    return [Region(None, strength=0), Region(read_stream(mask)), *(_region(*each, photo, styles) for each in parsed)]


def _parse(spec: str) -> tuple[str, dict[str, Any]]:
    """Split the value of --region into the region's name or mask file, and its options by key.

    File names may contain colons. Raises SettingsError if an option is invalid.
    """
    where, colon, said = spec.partition(":")
    if where not in {*PLACES, ELSEWHERE}:
        where, colon, said = spec.rpartition(":")
        if not colon or "=" not in said:
            where, said = spec, ""
    return where, dict(_option(part, spec) for part in said.split(",") if part)


def _option(part: str, spec: str) -> tuple[str, float]:
    key, _, value = part.partition("=")
    if key not in KEYS:
        raise SettingsError(
            f"--region '{spec}': expected {', '.join(f'{name}=NUMBER' for name in KEYS)}, separated by "
            f"commas; received '{part}'."
        )
    try:
        return key, KEYS[key](value)
    except ValueError as error:
        kind = "a whole number" if KEYS[key] is int else "a number"
        raise SettingsError(f"--region '{spec}': {key} must be {kind}, received '{value}'.") from error


def _region(where: str, options: dict[str, Any], photo: str | bytes, styles: int) -> Region:
    options = dict(options)
    if "style" in options:
        options["style"] = _from_zero(options["style"], styles)
    if where == ELSEWHERE:
        if "feather" in options:
            raise SettingsError(f"{ELSEWHERE} has no edge, so feather has no effect. Leave it out.")
        return Region(None, **options)
    return Region(found(where, photo) if where in PLACES else read_stream(where), **options)


def _from_zero(style: int, styles: int) -> int:
    """Convert the number of a style, from 1, to an index from 0. Raises SettingsError if it is not in 1..`styles`."""
    if not 1 <= style <= styles:
        expected = "1, because there is one STYLE" if styles == 1 else f"1 to {styles}, in the order of the STYLEs"
        raise SettingsError(f"A region's style must be {expected}; received {style}.")
    return style - 1
