"""Snapshots, the output stream of an engine: images of a run with losses, timing and checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nst.settings.engines import OptimizeSettings

if TYPE_CHECKING:
    from PIL import Image

PREVIEW_SIDE = 1024  # maximum long side of a preview in pixels


@dataclass(frozen=True)
class Losses:
    """Content, style and total variation loss at one step, each multiplied by its weight."""

    content: float
    style: float
    tv: float

    @property
    def total(self) -> float:
        return self.content + self.style + self.tv


@dataclass(frozen=True)
class Checkpoint:
    """Complete state of a run after `step` steps and `seconds` seconds, sufficient to resume the run.

    `arrays` is the engine's internal state, as plain NumPy arrays that can be written to disk.
    """

    settings: OptimizeSettings
    step: int
    seconds: float
    arrays: Mapping[str, NDArray[np.generic]] = field(repr=False)


@dataclass(frozen=True)
class Snapshot:
    """An intermediate or final image of a run.

    Previews (all but the last) have the final aspect ratio and at most PREVIEW_SIDE pixels a side; the last snapshot
    of a stream is full size. `checkpoint` is set on the last snapshot of a run with steps left, after a stop or early
    stopping, and on a preview after Control.save().
    """

    image: NDArray[np.uint8] = field(repr=False)  # RGB (H, W, 3), not shared; stylized also where transparent
    step: int  # 1..total; 0 for the draft of the fast engine with init="fast"
    total: int  # steps of the whole run
    losses: Losses | None  # None for a draft or a one-pass engine
    seconds: float  # since the start of the run
    network: str  # extractor or stylizer, e.g. "lite"
    working_size: tuple[int, int]  # (width, height) in pixels at this step
    remaining: float = 0.0  # estimated seconds left
    final: bool = False  # last of its stream: the result, full size
    checkpoint: Checkpoint | None = None
    note: str = ""  # information about the run for the user
    alpha: NDArray[np.uint8] | None = field(default=None, repr=False)  # (H, W); None if opaque

    @property
    def picture(self) -> NDArray[np.uint8]:
        """`image` with its alpha channel, if any: uint8 (H, W, 3) or (H, W, 4)."""
        return self.image if self.alpha is None else np.dstack([self.image, self.alpha])

    @property
    def on_white(self) -> NDArray[np.uint8]:
        """`image` composited on white: uint8 RGB (H, W, 3)."""
        from nst.images.alpha import on_white  # imports image libraries, which would slow down `import nst`

        return on_white(self.picture)

    def to_pil(self) -> Image.Image:
        """Return `picture` as a PIL image, RGB or RGBA."""
        from PIL import Image  # imported on use, as above

        return Image.fromarray(self.picture)

    def save(self, path: str | PathLike[str]) -> None:
        """Write `picture` to a file, in the format of its suffix: .png, .jpg, .webp, .avif, .bmp or .tif.

        Formats without transparency are composited on white. The file is replaced only once written completely.
        Raises FileError if the suffix is another one or the path cannot be written.
        """
        from nst.images.io import write  # imported on use, as above

        write(self.picture, path)
