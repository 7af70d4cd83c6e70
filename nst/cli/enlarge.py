"""The command `nst enlarge`: repaint a result at a larger size, for a print or a screen."""

from __future__ import annotations

import argparse

from nst.cli.pictures import Output, check_apart
from nst.cli.regions import mask_files, regions_of
from nst.cli.report import TextReport
from nst.cli.streams import read_optional, read_stream
from nst.cli.stylize import Outputs, paint
from nst.engines.enlarge import enlarged
from nst.errors import SettingsError
from nst.images.io import read
from nst.recipes import image_metadata
from nst.settings.print_size import Size, covering_side, print_size


def enlarge(args: argparse.Namespace) -> int:
    """Run `nst enlarge`. Returns the exit code."""
    check_apart([args.output], [args.picture, args.content, *args.styles, *mask_files(args)], args.overwrite)
    made = image_metadata.read(args.picture, f"'{args.picture}'")
    height, width = read(args.picture, "picture", any_shape=True).rgb.shape[:2]
    target = None if args.paper is None else print_size(args.paper, args.dpi, (width, height))
    side = args.size if target is None else covering_side((width, height), target)
    _check_larger(side, (width, height))
    output = Output(args.output, args.format, crop=target, dpi=None if target is None else args.dpi)
    inputs = {
        "style_weights": made.style_weights or None, "color_style": read_optional(args.colors_from),
        "init_image": args.picture, "regions": regions_of(args),
    }  # fmt: skip
    with TextReport() as report:
        content, *styles = map(read_stream, [args.content, *args.styles])
        return paint(content, styles, enlarged(made.resolved, side), Outputs(output), report, **inputs)


def _check_larger(side: int, size: Size) -> None:
    """Raise SettingsError unless the result gets larger than the picture of `size`."""
    if side <= max(size):
        raise SettingsError(
            f"The picture has {size[0]}x{size[1]} pixels, and the new long side would be {side}. Choose a "
            "larger --size, --paper or --dpi."
        )
