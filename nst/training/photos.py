"""Training photos from a user's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nst.errors import FileError, ImageError
from nst.images import io as images
from nst.images.io import Pixels
from nst.system.files import is_file, reason

MOST = 300  # maximum number of photos in memory, 0.6 MB each; more would hardly improve training
SIDE = 512  # pixels, maximum long side of a photo: the usual size of results


@dataclass(frozen=True)
class Photos:
    """Photos as uint8 RGB (H, W, 3), and the files that could not be read as images."""

    pictures: list[Pixels]
    skipped: list[Path]


def read(folder: Path, seed: int) -> Photos:
    """Read at most 300 photos of a folder and its subfolders, scaled down to a long side of 512 pixels.

    If there are more, `seed` determines the random choice. Hidden files are ignored. Raises FileError if the folder
    cannot be read, ImageError if no file is a photo.
    """
    try:
        paths = sorted(path for path in _visible(folder) if is_file(path))
    except OSError as error:
        raise FileError(f"Cannot read the folder '{folder}': {reason(error)}") from error
    found = Photos([], [])
    for i in np.random.default_rng(seed).permutation(len(paths)):
        try:
            rgb = images.read(paths[i], "photo").rgb
        except (FileError, ImageError):  # reported in `skipped`, for the caller to handle
            found.skipped.append(paths[i])
            continue
        found.pictures.append(images.fit(rgb, min(SIDE, max(rgb.shape))))
        if len(found.pictures) == MOST:
            break
    if not found.pictures:
        raise ImageError(
            f"There is no photo to train on in '{folder}': none of its {len(paths)} files can be read as a picture. "
            "Choose a folder with at least one photo."
        )
    return found


def _visible(folder: Path) -> list[Path]:
    """Return all paths below a folder except hidden ones. Raises OSError if `folder` is not a readable folder."""
    next(folder.iterdir(), None)  # raises OSError, where rglob() would silently find nothing
    return [path for path in folder.rglob("*") if not any(p.startswith(".") for p in path.relative_to(folder).parts)]
