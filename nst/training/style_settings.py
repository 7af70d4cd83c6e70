"""Settings of style training, in a module of its own so that the command line's help does not import TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass

from nst.errors import SettingsError
from nst.settings.fields import setting, validate

GRID = 16  # pixels; crop sides are multiples, because fast works at 1/8 of the size and lite also reads images halved


@dataclass(frozen=True, kw_only=True)
class StyleTraining:
    """Settings of style training: learning a style code of the stylizer fast from one or a few style images."""

    steps: int = setting(
        2000,
        "Steps",
        "Number of training steps. More steps give a closer match to the style.",
        minimum=1,
        maximum=1_000_000,
        step=100,
    )  # 10 to 15 minutes on two cores
    crop: int = setting(
        256, "Crop", "Side of the squares cut from the photos.", minimum=2 * GRID, maximum=1024, step=GRID, unit="px"
    )
    batch: int = setting(2, "Batch", "Number of squares per step.", minimum=1, maximum=64, step=1)
    seed: int = setting(
        0,
        "Seed",
        "Number that selects the squares. The same seed gives the same training.",
        minimum=0,
        maximum=2**31 - 1,
        step=1,
    )

    def __post_init__(self) -> None:
        validate(self)
        if self.crop % GRID:
            raise SettingsError(f"crop must be a multiple of {GRID} px, received {self.crop}.")
