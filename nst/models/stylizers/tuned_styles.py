"""Tuned styles: gallery styles with learned style codes, recognized by their description from fast.

Copies in another size or format, such as uploads, are recognized too and get the learned style code.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nst.models.stylizers.stylizer import Code

SAME = 0.1  # relative distance of descriptions below which an image counts as a copy of a tuned style


@dataclass(frozen=True, eq=False)
class TunedStyles:
    """Descriptions and learned style codes of the tuned styles."""

    descriptions: NDArray[np.float32]  # (styles, nst.models.stylizers.fast.CODE)
    codes: NDArray[np.float32]  # (styles, numbers)
    fingerprint: str = ""  # of the weights of fast that the codes were learned for

    @classmethod
    def load(cls, path: Path) -> TunedStyles:
        """Load from an `.npz` file. Raises OSError if it cannot be opened."""
        with np.load(path) as file:
            descriptions, codes = (file[name].astype(np.float32) for name in ("descriptions", "codes"))
            return cls(descriptions, codes, str(file["fingerprint"]))

    def find(self, description: NDArray[np.float32]) -> Code | None:
        """Return the learned style code of the tuned style nearest to `description` (CODE,), or None if too far."""
        distances = np.linalg.norm(self.descriptions - description, axis=1)
        near = distances < SAME * np.linalg.norm(self.descriptions, axis=1)
        return self.codes[distances.argmin()] if near.any() else None
