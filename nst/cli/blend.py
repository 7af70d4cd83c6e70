"""The command `nst blend`: mix a result with its content image."""

# ruff: noqa: T201 (the command line prints its output)
from __future__ import annotations

import argparse

import numpy as np

import nst
from nst.cli.exit_codes import DONE
from nst.errors import InputError
from nst.images import io as images
from nst.system.files import check_output


def blend(args: argparse.Namespace) -> int:
    """Run `nst blend`. Returns the exit code."""
    check_output(args.output, images.WRITABLE)
    painting = images.read(args.painting, "painting", any_shape=True)
    mixed = nst.blend(_photo_for(painting, args.photo), painting.bled, args.amount)
    images.write(mixed if painting.alpha is None else np.dstack([mixed, painting.alpha]), args.output)
    print(args.output)
    return DONE


def _photo_for(painting: images.Picture, path: str) -> images.Pixels:
    """Return the content image at the result's size.

    Raises InputError if the aspect ratios differ by more than one pixel.
    """
    picture = images.read(path, "photo", any_shape=True)
    photo = picture.rgb if painting.alpha is None else picture.bled  # no white background if the result has alpha
    (height, width), (tall, wide) = painting.rgb.shape[:2], photo.shape[:2]
    if abs(wide * height / tall - width) > 1 and abs(tall * width / wide - height) > 1:
        raise InputError(
            f"Cannot blend photo '{path}': it has {wide}x{tall} pixels, the painting {width}x{height}; their shapes "
            "differ. Give the photo of this painting."
        )
    return images.resize(photo, (width, height))
