"""The command `nst blend`: mix a result with its content image."""

from __future__ import annotations

import argparse

import numpy as np

import nst
from nst.cli.exit_codes import DONE
from nst.cli.pictures import Output, check_apart
from nst.cli.streams import read_stream
from nst.errors import InputError
from nst.images import io as images


def blend(args: argparse.Namespace) -> int:
    """Run the command `nst blend`: write the mix of a result and its content image. Returns the exit code."""
    output = Output(args.output, args.format)
    output.check()
    check_apart([args.output], [args.photo, args.painting], args.overwrite)
    painting = images.read(read_stream(args.painting), "painting", any_shape=True)
    mixed = nst.blend(_photo_for(painting, read_stream(args.photo)), painting.bled, args.amount)
    output.write(mixed if painting.alpha is None else np.dstack([mixed, painting.alpha]))
    output.announce()
    return DONE


def _photo_for(painting: images.Picture, source: str | bytes) -> images.Pixels:
    """Read the content image from `source` and resize it to the size of the result, `painting`: uint8 RGB (H, W, 3).

    Raises InputError if the image cannot be decoded, or if at equal width or height its other side differs from the
    result's by more than one pixel.
    """
    picture = images.read(source, "photo", any_shape=True)
    photo = picture.rgb if painting.alpha is None else picture.bled  # no white background if the result has alpha
    (height, width), (tall, wide) = painting.rgb.shape[:2], photo.shape[:2]
    if abs(wide * height / tall - width) > 1 and abs(tall * width / wide - height) > 1:
        name = "the photo" if isinstance(source, bytes) else f"photo '{source}'"
        raise InputError(
            f"Cannot blend {name}: it has {wide}x{tall} pixels, the painting {width}x{height}; their shapes differ. "
            "Give the photo of this painting."
        )
    return images.resize(photo, (width, height))
