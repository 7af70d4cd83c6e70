"""Generator of the two sample content images, rendered from a fixed seed: a mountain lake and a harbor town."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tools.paint_scenes.harbor import harbor_town
from tools.paint_scenes.landscape import landscape

Renderer: TypeAlias = Callable[[int, np.random.Generator], NDArray[np.uint8]]

SCENES: dict[str, Renderer] = {"landscape": landscape, "harbor-town": harbor_town}
SEED = 5


def render(slug: str, width: int = 1280) -> NDArray[np.uint8]:
    """Render the scene `slug`, "landscape" or "harbor-town", as uint8 RGB (2/3 width, width, 3).

    The image is deterministic for each width.
    """
    return SCENES[slug](width, np.random.default_rng(SEED))
