"""What an engine streams: intermediate pictures of a run, and what is known about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nst.settings.engines import OptimizeSettings

PREVIEW_SIDE = 1024  # pixels of a preview's long side, at most


@dataclass(frozen=True)
class Losses:
    """Weighted losses at a step; `total` is their sum."""

    content: float
    style: float
    tv: float

    @property
    def total(self) -> float:
        return self.content + self.style + self.tv


@dataclass(frozen=True)
class Checkpoint:
    """All that an engine needs to go on from a step as if nothing had happened.

    `arrays` is the engine's own state: plain NumPy arrays, so that it can be written to disk.
    """

    settings: OptimizeSettings
    step: int
    seconds: float
    arrays: Mapping[str, NDArray[np.generic]] = field(repr=False)


@dataclass(frozen=True)
class Snapshot:
    """An intermediate or final picture of a run.

    Previews (all but the last) have the final aspect ratio and at most PREVIEW_SIDE pixels a side; the last snapshot
    of a stream is full size. `checkpoint` is there on the last snapshot of a run that has steps left, because it was
    stopped, or because there was little more to gain; and on a preview after Control.save().
    """

    image: NDArray[np.uint8] = field(repr=False)  # RGB (H, W, 3), its own copy; painted under what is transparent, too
    step: int  # 1..total; 0 for a draft that the run goes on from
    total: int  # steps of the whole run
    losses: Losses | None  # None where nothing was measured: a draft, or a picture made in one go
    seconds: float  # since the run began
    network: str  # what looked at the pictures, e.g. "lite"
    working_size: tuple[int, int]  # (width, height) in pixels that the step worked at
    remaining: float = 0.0  # seconds that the rest will probably take
    final: bool = False  # the last of its stream: the result, full size
    checkpoint: Checkpoint | None = None
    note: str = ""  # what people should know about how it was made
    alpha: NDArray[np.uint8] | None = field(default=None, repr=False)  # (H, W), of a result that is transparent

    @property
    def picture(self) -> NDArray[np.uint8]:
        """`image`, with the photo's transparency where it has one: uint8 (H, W, 3) or (H, W, 4)."""
        return self.image if self.alpha is None else np.dstack([self.image, self.alpha])

    @property
    def on_white(self) -> NDArray[np.uint8]:
        """`image`, white where it is transparent: uint8 RGB (H, W, 3)."""
        from nst.images.alpha import on_white  # brings image libraries, which `import nst` must not wait for

        return on_white(self.picture)
