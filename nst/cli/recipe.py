"""The command `nst recipe`, and the recipes that `nst stylize` stores in its results."""

# ruff: noqa: T201 (the command line prints its output)
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from nst.cli.exit_codes import DONE
from nst.cli.streams import STANDARD, read_stream
from nst.errors import SettingsError
from nst.images.io import Source
from nst.recipes import image_metadata
from nst.recipes.export import as_command
from nst.recipes.recipe import MOST_STYLES, InputImage, Recipe
from nst.run.protection import Protection
from nst.run.regions import Region
from nst.settings.engines import Settings


def recipe(args: argparse.Namespace) -> int:
    """Run the command `nst recipe`: print the command line that made an image. Returns the exit code.

    Facts that the command line does not contain are printed on stderr.
    """
    source = read_stream(args.file)
    found = image_metadata.read(source, "standard input" if args.file == STANDARD else f"'{args.file}'")
    for sentence in _besides(found):
        print(sentence, file=sys.stderr)
    print(as_command(found))
    return DONE


def check_styles(styles: Sequence[Source]) -> None:
    """Raise SettingsError if there are more style images than a recipe can hold (MOST_STYLES)."""
    if len(styles) > MOST_STYLES:
        raise SettingsError(
            f"Received {len(styles)} styles, but the settings stored in a picture hold at most {MOST_STYLES}. Give "
            "fewer, or add --no-recipe to store no settings."
        )


def recipe_of(
    content: Source,
    styles: Sequence[Source],
    settings: Settings,
    *,
    style_weights: Sequence[float] | None = None,
    color_style: Source | None = None,
    init_image: Source | None = None,
    regions: Sequence[Region] = (),
    protection: Protection | None = None,
) -> Recipe:
    """Return the recipe for a result made by nst.stream() with these arguments.

    Raises RecipeError if there are more than MOST_STYLES style images, and FileError if a file cannot be read.
    """
    return Recipe(
        settings=settings,
        content=_picture(content),
        styles=tuple(map(_picture, styles)),
        style_weights=() if style_weights is None else tuple(style_weights),
        color_style=None if color_style is None else _picture(color_style),
        init_image=None if init_image is None else _picture(init_image),
        masked=bool(regions),
        recognizable=None if protection is None else protection.recognizable,
    )


def _picture(source: Source) -> InputImage:
    return InputImage.of(source, os.fspath(source) if isinstance(source, str | os.PathLike) else "picture")


def _besides(found: Recipe) -> Iterator[str]:
    """Yield, as sentences, the facts of a recipe that its command does not contain."""
    yield f"Painted by nst {found.nst}" + (f" with {found.network}." if found.network else ".")
    if found.ended_at is not None:
        yield f"It was stopped at iteration {found.ended_at}. Use Ctrl-C for the same result."
    if found.region is not None:
        rest = f"everything else at strength {found.region.outside_strength:g}"
        yield f"Only part of the photo was painted: {found.region.name}; {rest}. See --region."
    elif found.masked:
        yield "Parts of the photo had their own settings. Select them with --mask or --region."
    if found.recognizable is not None:
        yield f"Faces, if any, were kept recognizable by {found.recognizable:g} of 100. See --keep-faces."
    if found.photo_share:
        yield f"Then {found.photo_share:g}% of the photo was mixed in. See nst blend."
