"""Mountains as a height map under a low sun, and their view from a camera near the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles.noise import Field, Rng, fractal, step
from tools.paint_styles.palette import Color, over, ramp, rgb

# The world is WIDE units wide and DEEP units deep; the camera is at the front edge, EYE above the lake.
WIDE, DEEP, EYE = 48.0, 48.0, 0.8
HORIZON = 0.47


@dataclass(frozen=True)
class Land:
    """Landscape as maps (N, N): `height`, with the lake at 0, and sunlit `color` (N, N, 3).

    Columns go to the right, rows away from the camera.
    """

    height: Field
    color: Color


@dataclass(frozen=True)
class View:
    """Visible world position (`x` across, `z` away from the camera) for every pixel of a square image.

    `sky` is True for pixels of the sky, which have no position.
    """

    x: Field
    z: Field
    sky: NDArray[np.bool_]


def raise_land(cells: int, rng: Rng) -> Land:
    """Generate a landscape with peaks behind a lake, wooded hills on both sides and a meadow in front.

    `cells` is the side of its maps.
    """
    z, x = np.meshgrid(np.linspace(0, DEEP, cells), np.linspace(-WIDE / 2, WIDE / 2, cells), indexing="ij")
    unit = cells / WIDE
    ridges = sum(0.46**k * (1 - np.abs(fractal((cells, cells), 12 * unit / 2**k, rng, octaves=1))) for k in range(8))
    rolling = fractal((cells, cells), 5 * unit, rng, octaves=6)
    peaks = step(14, 31, z) * np.maximum(ridges + 0.25, 0) ** 1.3 * (2.5 + 0.09 * np.abs(x + 4))
    flanks = step(1.5, 8.5, np.abs(x - 0.6) - 0.22 * z) * step(4, 9, z) * (1.5 + 0.55 * rolling)
    shore = 0.25 * fractal((cells, cells), 1.2 * unit, rng, octaves=5)
    basin = -0.35 + 0.5 * step(4.5, 3.3, z + 0.4 * shore) + 0.9 * step(12.5, 17, z + 1.5 * shore)
    height = basin + peaks + flanks + 0.06 * rolling + 0.10 * shore
    wooded = step(0.06, 0.2, height) * step(2.6, 1.7, height + 0.4 * rolling) * step(4.4, 5.2, z)
    wooded = wooded * step(-0.9, -0.2, fractal((cells, cells), 1.5 * unit, rng, octaves=4) + 0.5 * (height < 1.2))
    trees = np.maximum(fractal((cells, cells), 0.085 * unit, rng, octaves=2), 0) ** 1.3
    height = height + 0.085 * wooded * trees
    return Land(height, _sunlit(height, wooded, trees, unit, rng))


def _sunlit(height: Field, wooded: Field, trees: Field, unit: float, rng: Rng) -> Color:
    """Return the colors (N, N, 3) of rock, snow, grass and trees under a low sun at the left.

    `wooded` and `trees` are density and height of the forest, `unit` is the number of cells per unit of length.
    """
    down, right = (slope * unit for slope in np.gradient(height))
    steep = np.hypot(down, right)
    patches = fractal(height.shape, 1.1 * unit, rng, octaves=7, gain=0.65)
    grass = ramp("4a5c2c 6a7a38 8f9448 a99c5c", 0.5 + 0.25 * patches)
    rock = ramp("4f4a4a 6f6864 8a8078 a89a8c", 0.5 + 0.22 * patches)
    color = over(grass, step(0.55, 1.0, steep + 0.12 * patches + 0.18 * (height - 2.2)), rock)
    color = over(color, step(3.1, 4.1, height - 0.55 * steep + 0.45 * patches), rgb("eef1f6"))
    color = over(color, wooded, ramp("16281c 24402a 38562f 5a7038", 0.15 + 0.45 * trees + 0.1 * patches))
    low_sun = 0.42
    facing = (-right * -0.86 + down * 0.25 + low_sun) / np.sqrt(1 + steep**2)
    line = height + low_sun * np.arange(height.shape[1]) / unit
    shaded = step(0.0, 0.22, np.maximum.accumulate(line, axis=1) - line)
    sun = np.clip(facing, 0, 1.2) * (1 - shaded)
    ambient = np.array([0.36, 0.43, 0.56], np.float32)
    lit: Color = color * (ambient + sun[..., None] * np.array([1.32, 1.14, 0.88], np.float32))
    return lit


def look(land: Land, side: int) -> View:
    """Return the visible positions of the land for a camera at the front edge, for `side` x `side` pixels."""
    cells = len(land.height)
    z = np.geomspace(1.8, DEEP * 0.98, max(side, 400))
    across = (np.arange(side) + 0.5) / side - 0.5
    rows = np.broadcast_to((z / DEEP * (cells - 1))[:, None], (len(z), side))
    cols = (z[:, None] * across[None] / WIDE + 0.5) * (cells - 1)
    ground = np.maximum(ndimage.map_coordinates(land.height, [rows, cols], order=1, mode="nearest"), 0)
    seen = np.maximum.accumulate((ground - EYE) / z[:, None], axis=0)
    slope = HORIZON - (np.arange(side) + 0.5) / side
    depth = np.empty((side, side))
    for column in range(side):
        depth[:, column] = np.interp(slope, seen[:, column] + 1e-9 * np.arange(len(z)), z, right=np.inf)
    sky = ~np.isfinite(depth)
    depth[sky] = DEEP
    return View((depth * across[None]).astype(np.float32), depth.astype(np.float32), sky)


def sample(image: Field, view: View) -> Field:
    """Sample a map (N, N) of the land at the positions of a view, with bilinear interpolation."""
    cells = len(image)
    rows = view.z / DEEP * (cells - 1)
    cols = (view.x / WIDE + 0.5) * (cells - 1)
    values: Field = ndimage.map_coordinates(image, [rows, cols], order=1, mode="nearest")
    return values
