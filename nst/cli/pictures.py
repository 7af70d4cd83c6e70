"""Output of a command's pictures: checks of the files, and writing to a file or to standard output."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nst.cli.streams import STANDARD
from nst.errors import FileError, SettingsError
from nst.images.crop import cropped
from nst.images.io import WRITABLE, Pixels
from nst.recipes import image_metadata
from nst.recipes.recipe import Recipe
from nst.settings.print_size import Size
from nst.system.files import check_output, real_path, reason, same_file

FORMATS = tuple(dict.fromkeys(WRITABLE.values()))

_NUMBERED = re.compile(r"\d{5,}\.png", re.IGNORECASE)


def numbered(step: int) -> str:
    """Return the name of the file for the picture of one step in a folder of many."""
    return f"{step:05d}.png"


def check_apart(
    outputs: Iterable[Path | None], inputs: Iterable[object], overwrite: bool, folder: Path | None = None
) -> None:
    """Raise SettingsError if two outputs are one file, or an output is an input and `overwrite` is False.

    `folder` receives numbered pictures, which are outputs as well.
    """
    files = [path for path in outputs if path is not None and str(path) != STANDARD]
    given = [source for source in inputs if isinstance(source, str | Path) and str(source) != STANDARD]
    for number, path in enumerate(files):
        if any(same_file(path, other) for other in files[:number]) or _is_numbered(path, folder):
            raise SettingsError(f"'{path}' would be written twice. Choose different names for the outputs.")
    for source in () if overwrite else given:
        if any(same_file(path, source) for path in files) or _is_numbered(source, folder):
            raise SettingsError(
                f"'{source}' is an input and would be overwritten. Choose another output, or add --overwrite."
            )


def _is_numbered(path: str | Path, folder: Path | None) -> bool:
    """Return True if `path` is, or links to, a file in `folder` with the name of a numbered picture."""
    if folder is None:
        return False
    places = Path(path), Path(real_path(path))
    return any(_NUMBERED.fullmatch(place.name) and same_file(place.parent, folder) for place in places)


@dataclass(frozen=True)
class Output:
    """Destination of a picture: a file, or standard output with the path `-` and a format.

    The picture is cropped to the size `crop`, and `dpi`, dots per inch, is stored in the file.
    """

    path: Path
    format: str | None = None
    crop: Size | None = None
    dpi: int | None = None

    @property
    def is_standard(self) -> bool:
        """Return True for standard output."""
        return str(self.path) == STANDARD

    def check(self) -> None:
        """Raise FileError or SettingsError unless the output can be written."""
        if not self.is_standard:
            if self.format is not None:
                raise SettingsError(f"--format belongs to '-o -'; the suffix of '{self.path}' sets the format already.")
            check_output(self.path, WRITABLE)
        elif self.format not in FORMATS:
            raise SettingsError(f"'-o -' needs --format, one of {', '.join(FORMATS)}; received {self.format}.")
        else:
            _check_standard_output()

    def write(self, pixels: Pixels, recipe: Recipe | None = None) -> None:
        """Write RGB (H, W, 3) or RGBA (H, W, 4). Raises FileError or ImageError."""
        pixels = pixels if self.crop is None else cropped(pixels, self.crop)
        if self.format is None:
            image_metadata.write(pixels, self.path, recipe, self.dpi)
            return
        data = image_metadata.encode(pixels, self.format, recipe, dpi=self.dpi)
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except OSError as error:
            raise FileError(f"Cannot write to standard output: {reason(error)}") from error

    def announce(self) -> None:
        """Print the path of the written file."""
        if not self.is_standard:
            print(self.path)  # noqa: T201 (the command line prints its output)


def _check_standard_output() -> None:
    """Raise FileError if standard output is closed."""
    try:
        os.write(1, b"")
    except OSError as error:
        raise FileError(f"Cannot write to standard output: {reason(error)}") from error
