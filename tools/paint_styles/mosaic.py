"""Style image of a mosaic: tesserae in rows that follow the shapes of the motif."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles.noise import Field, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb, vary
from tools.paint_styles.pieces import piece_means, seams
from tools.paint_styles.surface import develop, light


def sun_and_fish(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate a mosaic of fish in striped waves under a sun, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    point = side / 1024
    shake = [0.004 * fractal((side, side), side * 0.05, rng, octaves=3) for _ in range(2)]
    picture, row, place, region = _sea(side, shake)
    rows = np.floor(row).astype(np.int64)
    offset = rng.uniform(0, 1, 4096)[(rows + 97 * region) % 4096]
    wave = 0.16 * np.sin(place * 1.7 + offset * 40)
    columns = np.floor(place + offset + wave).astype(np.int64)
    labels = ((region + 1) * 2000 + rows % 2000) * 4000 + columns % 4000
    numbered, means = piece_means(labels, picture)
    away = seams(numbered) / point
    tint = vary(means, 0.085, 0.055, rng)[numbered]
    gap = 1.35 + 0.35 * fractal((side, side), 9 * point, rng, octaves=2)
    stone = step(0.0, 0.9, away - gap)
    tilt = rng.normal(0, 0.045, (numbered.max() + 1, 2))[numbered]
    _x, _y = np.meshgrid(np.arange(side), np.arange(side))
    facing = (tilt[..., 0] * 1.5).astype(np.float32)
    grain = fractal((side, side), 5 * point, rng, octaves=3)
    color = np.clip(tint * (1 + facing + 0.045 * grain)[..., None], 0, 1)
    grout = rgb("5d5650") * (1 + 0.12 * fractal((side, side), 3 * point, rng))[..., None]
    height = np.minimum(away - gap, 2.2).clip(0, 2.2) * 0.9 * point + 0.12 * grain
    return develop(light(over(grout, stone, color), height.astype(np.float32), 0.5, 0.16, soft=0.9 * point), size)


def _sea(side: int, shake: list[Field]) -> tuple[Color, Field, Field, NDArray[np.int64]]:
    """Return the motif, an image (S, S, 3), and row, position in the row and region label of each pixel.

    Rows and positions are in units of a tessera. `shake` are two fields that displace the pixels in x and y.
    """
    x, y = grid(side)
    x, y = x + shake[0], y + shake[1]
    tile = 0.0165
    sun = (0.70, 0.25)
    far = np.hypot(x - sun[0], y - sun[1])
    row = far / tile
    turn = np.arctan2(y - sun[1], x - sun[0]) + np.pi
    place = turn * np.maximum(np.floor(row) + 0.5, 0.7) * 1.0
    rays = 0.5 + 0.5 * np.cos(turn * 14)
    picture = ramp("fff2b8 ffd65a f7a23a f2cf9a d9e4d4 a9d4dc 7fc0d8", far * 1.55 + 0.05 * rays * (far > 0.13))
    picture = over(picture, step(0.125, 0.13, far) * step(0.30, 0.12, far) * step(0.45, 0.55, rays), rgb("ee8a3a"))
    picture = over(picture, step(0.125, 0.12, far), ramp("fff0a0 ffc83a f09428", far / 0.12))
    region = np.zeros((side, side), np.int64)
    stripes = "123a6e 1f6aa0 2fa0b8 7fd0c8 e6f2e0 1b4f8a 2a86b0"
    for number in range(5):
        level, phase = 0.47 + 0.115 * number, 1.9 * number
        crest = level + 0.040 * np.sin(x * 10.5 + phase) + 0.014 * np.sin(x * 21 + 2 * phase)
        depth = (y - crest) / tile
        band = np.clip(np.floor(depth) / 7.0, 0, 1)
        mask = (depth > 0).astype(np.float32)
        top = over(ramp(stripes, band), (depth < 1).astype(np.float32), rgb("f7f4e2"))
        picture, region = over(picture, mask, top), np.where(mask > 0, number + 1, region)
        row, place = np.where(mask > 0, depth, row), np.where(mask > 0, x / tile, place)
    return _fish(picture, row, place, region, (x, y, tile))


def _fish(
    picture: Color, row: Field, place: Field, region: NDArray[np.int64], frame: tuple[Field, Field, float]
) -> tuple[Color, Field, Field, NDArray[np.int64]]:
    x, y, tile = frame
    for number, (cx, cy, long, turn) in enumerate(
        ((0.30, 0.42, 0.22, -0.5), (0.72, 0.66, 0.20, 0.25), (0.26, 0.83, 0.19, -0.15))
    ):
        u = ((x - cx) * np.cos(turn) + (y - cy) * np.sin(turn)) / long
        v = (-(x - cx) * np.sin(turn) + (y - cy) * np.cos(turn)) / long + 0.12 * u**2
        body = (np.abs(v) < 0.30 * np.sqrt(np.maximum(1 - u**2, 0)) * (0.75 + 0.25 * u)) & (np.abs(u) < 1)
        tail = (u < -0.78) & (u > -1.25) & (np.abs(v) < 0.06 + 0.85 * (-0.82 - u)) & (np.abs(v) > 1.4 * (-1.08 - u))
        fin = (np.abs(u - 0.05) < 0.32) & (np.abs(v) < 0.44 - 0.9 * np.abs(u - 0.12)) & ~body
        scales = ramp("8f1f2f d9402f f2843a f9c65a fff0c0", 0.55 - 1.5 * v + 0.14 * np.sin(u * 26))
        head = over(scales, step(0.52, 0.56, u), ramp("f9d070 e8743a b03a3a", 0.5 + 1.4 * v))
        eye = np.hypot(u - 0.72, v + 0.05)
        head = over(
            over(head, (eye < 0.085).astype(np.float32), rgb("fffbe8")), (eye < 0.04).astype(np.float32), rgb("101018")
        )
        wings = ramp("7f1f3f d9503a f7b04a", np.clip(np.abs(v) * 2.2, 0, 1))
        for mask, top, name in ((tail, wings, 20), (fin, wings, 30), (body, head, 40)):
            inside = np.asarray(mask)
            picture, region = over(picture, inside.astype(np.float32), top), np.where(inside, name + number, region)
            row, place = (
                np.where(inside, v * long / tile * 1.15 + 100, row),
                np.where(inside, u * long / tile * 1.15 + 50, place),
            )
        spot = body & (eye < 0.085)
        region = np.where(spot, 50 + number + 5 * (eye < 0.04), region)
    return picture, row.astype(np.float32), place.astype(np.float32), region
