"""A folder of anybody's photos, as material to train on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nst.errors import ImageError
from nst.images import io as images
from nst.images.io import Pixels
from nst.system.files import reason

MOST = 300  # photos that are kept in memory, 0.6 MB each; more would teach little else
SIDE = 512  # pixels of a photo's long side: the size that pictures are usually painted at


@dataclass(frozen=True)
class Photos:
    """Photos as uint8 RGB (H, W, 3), and the files that were found to be none."""

    pictures: list[Pixels]
    skipped: list[Path]


def read(folder: Path, seed: int) -> Photos:
    """The photos of a folder and the folders in it; of very many a choice that the seed decides.

    Raises ImageError for a folder that cannot be read, or that has no photo.
    """
    try:
        paths = sorted(path for path in _visible(folder) if path.is_file())
    except OSError as error:
        raise ImageError(f"Cannot read the folder '{folder}': {reason(error)}") from error
    found = Photos([], [])
    for i in np.random.default_rng(seed).permutation(len(paths)):
        try:
            rgb = images.read(paths[i], "photo").rgb
        except ImageError:  # it is named to the caller, who decides whether it matters
            found.skipped.append(paths[i])
            continue
        found.pictures.append(images.fit(rgb, min(SIDE, max(rgb.shape))))
        if len(found.pictures) == MOST:
            break
    if not found.pictures:
        raise ImageError(
            f"There is no photo to train on in '{folder}': none of its {len(paths)} files can be read as a picture. "
            "Name a folder with one photo or more."
        )
    return found


def _visible(folder: Path) -> list[Path]:
    """All paths below a folder but the hidden ones. Raises OSError where it is no folder."""
    next(folder.iterdir(), None)  # rglob() finds nothing where there is no folder, and says nothing
    return [path for path in folder.rglob("*") if not any(p.startswith(".") for p in path.relative_to(folder).parts)]
