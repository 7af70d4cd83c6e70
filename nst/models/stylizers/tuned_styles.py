"""Styles whose codes were learned, the sample styles of the gallery: found by what fast says of a picture.

So any copy of such a picture is painted as well as the original: in another size or format, from an upload.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nst.models.stylizers.stylizer import Code

SAME = 0.1  # relative distance of descriptions below which a picture is a copy of a tuned style


@dataclass(frozen=True, eq=False)
class TunedStyles:
    """Descriptions and learned codes of some styles."""

    descriptions: NDArray[np.float32]  # (styles, nst.models.stylizers.fast.CODE)
    codes: NDArray[np.float32]  # (styles, numbers)

    @classmethod
    def load(cls, path: Path) -> TunedStyles:
        """From an `.npz`. Raises OSError."""
        with np.load(path) as file:
            return cls(file["descriptions"].astype(np.float32), file["codes"].astype(np.float32))

    def find(self, description: NDArray[np.float32]) -> Code | None:
        """The learned code of a style described as (CODE,); None for a style that is not among them."""
        distances = np.linalg.norm(self.descriptions - description, axis=1)
        near = distances < SAME * np.linalg.norm(self.descriptions, axis=1)
        return self.codes[distances.argmin()] if near.any() else None
