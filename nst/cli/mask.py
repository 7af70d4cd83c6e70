"""The command `nst mask`: find a region in a photo and write its mask."""

from __future__ import annotations

import argparse

import numpy as np

from nst.cli.exit_codes import DONE
from nst.cli.pictures import Output, check_apart
from nst.cli.places import found
from nst.cli.streams import read_stream
from nst.errors import SettingsError
from nst.images import io as images


def mask(args: argparse.Namespace) -> int:
    """Run the command `nst mask`: find a region of a photo and write its mask, white inside. Returns the exit code."""
    output = Output(args.output, args.format)
    output.check()
    check_apart([args.output], [args.photo], args.overwrite)
    if args.box is not None and len(args.box) != 4:
        raise SettingsError(
            f"--box must be four numbers X,Y,W,H: upper left corner, width and height in pixels; received "
            f"{len(args.box)}."
        )
    white = images.to_pixels(found(args.of, read_stream(args.photo), args.box))
    output.write(np.dstack([white] * 3))
    output.announce()
    return DONE
