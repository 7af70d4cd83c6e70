"""The command `nst mask`: find a region in a photo and write its mask."""

# ruff: noqa: T201 (the command line prints its output)
from __future__ import annotations

import argparse

import numpy as np

from nst.cli.exit_codes import DONE
from nst.cli.places import found
from nst.errors import SettingsError
from nst.images import io as images
from nst.system.files import check_output


def mask(args: argparse.Namespace) -> int:
    """Run `nst mask`. Returns the exit code."""
    check_output(args.output, images.WRITABLE)
    if args.box is not None and len(args.box) != 4:
        raise SettingsError(
            f"--box must be four numbers X,Y,W,H: upper left corner, width and height in pixels; received "
            f"{len(args.box)}."
        )
    white = images.to_pixels(found(args.of, args.photo, args.box))
    images.write(np.dstack([white] * 3), args.output)
    print(args.output)
    return DONE
