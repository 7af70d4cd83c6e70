"""Settings of training a style of one's own; here, because the command line's help must not wait for TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, fields

from nst.errors import SettingsError
from nst.settings.fields import check, setting

GRID = 16  # crops are multiples of it: fast works at an eighth of a picture's size, lite looks at the half of it too


@dataclass(frozen=True, kw_only=True)
class StyleTraining:
    """How a copy of fast is trained on one or a few styles."""

    steps: int = setting(
        2000, "Steps", "More is closer to the style.", minimum=1, maximum=1_000_000, step=100
    )  # 10 to 15 minutes on two cores
    crop: int = setting(
        256, "Crop", "Side of the squares cut from the photos.", minimum=2 * GRID, maximum=1024, step=GRID, unit="px"
    )
    batch: int = setting(2, "Batch", "Squares painted in each step.", minimum=1, maximum=64, step=1)
    seed: int = setting(0, "Seed", "Of the choice of squares.", minimum=0, maximum=2**31 - 1, step=1)

    def __post_init__(self) -> None:
        for entry in fields(self):
            check(entry, getattr(self, entry.name))
        if self.crop % GRID:
            raise SettingsError(f"crop must be a multiple of {GRID} px, received {self.crop}.")
