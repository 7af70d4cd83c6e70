"""Origami: folded sheets of patterned paper in layers that cast shadows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop, light, paper


def paper_cranes(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint folded cranes above folded mountains and a sun of cut paper, with patterned sheets."""
    side = size * 3 // 2
    grain = paper(side, rng, tooth=2.2)
    color, height = _sky(side, rng)
    color = _sun(color)
    for number in range(5):
        color, height = _range(color, height, number, rng)
    color = _waves(color)
    for place in (
        (0.36, 0.33, 0.30, 0.10, 0),
        (0.73, 0.23, 0.20, -0.12, 1),
        (0.15, 0.145, 0.15, 0.2, 2),
        (0.82, 0.475, 0.15, 0.05, 3),
    ):
        color = _crane(color, place)
    return develop(light(color * (1 + 0.020 * grain)[..., None], height + 0.30 * grain, 0.10, 0.0), size)


def _pattern(x: Field, y: Field, kind: int) -> Field:
    """Return a pattern of Japanese paper as a mask: waves, hemp leaves, stripes, checks, scales or dots."""
    soft = 0.9 / 1536
    if kind == 0:
        pitch = 0.030
        wave = np.full_like(x, 9.0)
        for row in range(3, -1, -1):
            v = y / pitch * 2 - row * 0.5
            u = x / pitch + 0.5 * (np.floor(v) % 2)
            ring = np.hypot((u % 1) - 0.5, 0.5 * (1 - (v % 1)) + 0.25 * row)
            wave = np.where(ring < 0.5, ring, wave)
        lines = np.abs((wave * 7) % 1 - 0.5)
        return step(0.16, 0.10, 0.5 - lines) * (wave < 0.5)
    if kind == 1:
        pitch = 0.036
        hexes = [
            np.abs(np.sin(np.pi * (x * np.cos(t) + y * np.sin(t)) / pitch)) for t in (0.0, np.pi / 3, 2 * np.pi / 3)
        ]
        finer = [
            np.abs(np.sin(np.pi * (x * np.cos(t) + y * np.sin(t)) / pitch * 1.732))
            for t in (np.pi / 6, np.pi / 2, 5 * np.pi / 6)
        ]
        near = np.minimum(np.minimum.reduce(hexes), np.minimum.reduce(finer) / 1.732)
        return step(0.15 + 60 * soft, 0.10, near)
    if kind == 2:
        return step(-0.1, 0.1, np.sin(2 * np.pi * (x + y) / 0.016))
    if kind == 3:
        return step(-0.08, 0.08, np.sin(2 * np.pi * x / 0.028) * np.sin(2 * np.pi * y / 0.028))
    if kind == 4:
        u, v = x / 0.024, y / 0.024
        return step(
            0.30,
            0.24,
            np.minimum(np.hypot(u % 1 - 0.5, v % 1 - 0.5), np.hypot((u + 0.5) % 1 - 0.5, (v + 0.5) % 1 - 0.5)),
        )
    return step(0.0, 0.25, np.sin(2 * np.pi * (y / 0.02 + 0.35 * np.sin(2 * np.pi * x / 0.05))))


def _facet(color: Color, outline: Points, tint: Color, pattern: tuple[int, Color] | None, turn: float) -> None:
    """Paint one flat facet, with a fold line lit on one side, into `color`."""
    piece = shapes.cut(len(color), outline)
    if 0 in piece.x.shape:
        return
    mask = piece.masks[0]
    u = piece.x * np.cos(turn) + piece.y * np.sin(turn)
    v = -piece.x * np.sin(turn) + piece.y * np.cos(turn)
    fill = np.broadcast_to(tint, (*mask.shape, 3))
    if pattern is not None:
        fill = over(fill, 0.85 * _pattern(u, v, pattern[0]), pattern[1])
    middle = outline.mean(0)
    away = np.hypot(piece.x - middle[0], piece.y - middle[1]) / max(float(np.ptp(outline, axis=0).max()), 1e-6)
    shade = 1.03 - 0.16 * away + 0.10 * ((piece.x - middle[0]) - (piece.y - middle[1])) / 0.2
    rim = ndimage.gaussian_filter(mask, 0.0011 * len(color))
    crease = 1 + 0.10 * step(0.95, 0.75, rim)
    color[piece.window] = over(color[piece.window], mask, np.clip(fill * (shade * crease)[..., None], 0, 1))


def _shadow(color: Color, outlines: list[Points], drop: float, dark: float = 0.55) -> None:
    """Darken what lies under a sheet: a soft shadow to the lower right, as long as `drop`."""
    side = len(color)
    mask = shapes.polygons(side, [np.add(outline, (0.5 * drop, drop)) for outline in outlines])
    soft = ndimage.gaussian_filter(mask, 0.45 * drop * side)
    color[:] = over(color, dark * soft, rgb("1a1430"))


def _sky(side: int, rng: Rng) -> tuple[Color, Field]:
    """Return a sky of folded strips, and the creases as height."""
    x, y = grid(side)
    crumple = np.zeros((side, side), np.float32)
    for _ in range(46):
        turn, cell = rng.uniform(0, np.pi), rng.uniform(0.25, 0.8)
        phase = (x * np.cos(turn) + y * np.sin(turn)) / cell + rng.uniform()
        crumple += (np.abs(phase % 1 - 0.5) * cell * rng.choice([-1.0, 1.0])).astype(np.float32)
    facets = np.gradient(crumple)[1] * side
    far = shapes.distance(side, (0.60, 0.36))
    fan = np.arctan2(y - 0.36, x - 0.60) / (2 * np.pi) * 28
    pleat = np.where(np.floor(fan) % 2, 0.035, -0.035) + 0.03 * (fan % 1 - 0.5)
    color = ramp("fbe3b8 f8cfa0 f2ab8e d98a9a 9a78ac 5f6fa8 3f5f98", far * 1.05 + pleat)
    color = color * (1 + 0.030 * np.clip(facets, -3, 3))[..., None]
    return np.clip(color, 0, 1).astype(np.float32), (crumple * side * 0.35).astype(np.float32)


def _sun(color: Color) -> Color:
    """Add a sun of stacked paper discs with folded rims."""
    turn = np.linspace(0, 2 * np.pi, 97)
    for radius, code, teeth in (
        (0.175, "f2704a", 32),
        (0.145, "f68a4a", 0),
        (0.112, "fba94f", 24),
        (0.078, "fdc860", 0),
        (0.045, "fee69a", 12),
    ):
        reach = radius * (1 + (0.035 * np.sign(np.sin(turn * teeth)) if teeth else 0.0))
        disc = np.stack([0.60 + reach * np.cos(turn), 0.36 + reach * np.sin(turn)], -1)
        _shadow(color, [disc], 0.010, 0.35)
        _facet(color, disc, rgb(code), (2, rgb(code) * 0.93) if not teeth else None, 0.5)
    return color


def _range(color: Color, height: Field, number: int, rng: Rng) -> tuple[Color, Field]:
    """Add one range of folded mountains, nearer with `number`; each mountain has a lit and a dark side."""
    level = 0.50 + 0.085 * number
    codes = ("8f86b8 6f6aa4", "6a8fb4 4a6f98", "4fa0a0 2f7a80", "3f8a70 24645a", "2a5f60 183f4a")[number].split()
    caps = ("f4e4e4", "eef0ee", "f4ecd0", "dfe8c0", "b8d8c0")[number]
    count = 6 - number // 2
    middles = (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count
    peaks = [(float(at), level - rng.uniform(0.06, 0.17), rng.uniform(0.16, 0.24)) for at in rng.permutation(middles)]
    for cx, top, half in sorted(peaks, key=lambda peak: peak[1]):
        foot = level + 0.30
        kink = top + 0.45 * (foot - top)
        wide = half * (foot - top) / 0.28
        valley = (cx + 0.20 * half * rng.uniform(-1, 1), foot)
        outline = np.array(
            [
                (cx, top),
                (cx + 0.55 * wide, kink),
                (cx + 1.2 * wide, foot),
                (cx - 1.2 * wide, foot),
                (cx - 0.5 * wide, kink),
            ]
        )
        _shadow(color, [outline], 0.016, 0.40)
        lit, dark = rgb(codes[0]), rgb(codes[1])
        kinds = rng.permutation(6)
        fold = (cx + 0.16 * wide, kink + 0.02)
        faces = (
            ([(cx, top), (cx - 0.5 * wide, kink), (cx - 1.2 * wide, foot), (cx - 0.35 * wide, foot), fold], lit, 1.06),
            ([(cx, top), fold, (cx - 0.35 * wide, foot), valley, (cx + 0.5 * wide, foot)], lit, 0.86),
            ([(cx, top), (cx + 0.5 * wide, foot), (cx + 1.2 * wide, foot), (cx + 0.55 * wide, kink)], dark, 0.96),
            ([(cx, top), fold, (cx + 0.28 * wide, kink + 0.12), (cx + 0.30 * wide, kink - 0.05)], dark, 0.80),
        )
        for face, (points, tint, tone) in enumerate(faces):
            pattern = (int(kinds[face]), np.clip(tint * 1.28 + 0.03, 0, 1)) if (face + number) % 2 == 0 else None
            _facet(color, np.array(points), np.clip(tint * tone, 0, 1), pattern, rng.uniform(0, 3))
        t = 0.30
        cap = np.array(
            [
                (cx, top),
                (cx + t * 0.55 * wide, top + t * (kink - top)),
                (cx + 0.10 * wide, top + 0.22 * (kink - top)),
                (cx, top + 0.46 * (kink - top)),
                (cx - 0.08 * wide, top + 0.24 * (kink - top)),
                (cx - t * 0.5 * wide, top + t * (kink - top)),
            ]
        )
        _facet(color, cap, rgb(caps), None, 0.0)
    return color, height


def _waves(color: Color) -> Color:
    """Add pleated strips of water along the lower edge."""
    for number, (code, tip) in enumerate((("2f6f9a", "8fc8dc"), ("24567f", "5fa0c8"), ("183a62", "3f7ab0"))):
        level, pitch = 0.865 + 0.050 * number, 0.085 + 0.012 * number
        tops = np.arange(-1, 15) * pitch + 0.45 * pitch * (number % 2)
        crest = [point for left in tops for point in ((left, level + 0.030), (left + 0.62 * pitch, level - 0.012))]
        sheet = np.array([*crest, (1.3, 1.1), (-0.3, 1.1)])
        _shadow(color, [sheet], 0.012, 0.45)
        _facet(color, sheet, rgb(code), (0, rgb(tip) * 0.75), 0.0)
        for left in tops:
            peak = (left + 0.62 * pitch, level - 0.012)
            fold = np.array([peak, (left + pitch, level + 0.030), (left + 0.80 * pitch, level + 0.085)])
            _facet(color, fold, rgb(code) * 0.72, None, 0.0)
            _facet(
                color,
                np.array([peak, (left, level + 0.030), (left + 0.45 * pitch, level + 0.018)]),
                rgb(tip),
                None,
                0.0,
            )
    return color


def _crane(color: Color, place: tuple[float, float, float, float, int]) -> Color:
    """Add a folded crane in flight: two wings, body, neck with head, and tail."""
    cx, cy, scale, tilt, kind = place
    white, accent = (("fbf4e6", "d9402f"), ("f4c23a", "b8402f"), ("e85a5a", "fbe8c8"), ("5fb0c0", "fbf4e6"))[kind]

    def put(*points: tuple[float, float]) -> Points:
        turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
        placed: Points = np.array(points) @ turn * scale + (cx, cy)
        return placed

    faces = (
        (put((-0.06, 0.02), (0.20, -0.46), (0.44, -0.60), (0.16, 0.06)), 0.80, None),
        (put((-0.18, 0.10), (-0.66, -0.16), (-0.26, 0.20)), 0.92, None),
        (put((-0.18, 0.10), (-0.66, -0.16), (-0.42, 0.055)), 0.74, None),
        (put((0.14, 0.08), (0.42, -0.02), (0.60, -0.30), (0.50, 0.02), (0.20, 0.20)), 0.96, None),
        (put((0.42, -0.02), (0.60, -0.30), (0.50, 0.02)), 0.78, None),
        (put((0.565, -0.235), (0.60, -0.30), (0.74, -0.235)), 1.0, accent),
        (put((-0.26, 0.16), (0.00, 0.02), (0.24, 0.16), (0.00, 0.34)), 0.88, None),
        (put((0.00, 0.02), (0.24, 0.16), (0.00, 0.34)), 0.72, None),
        (put((-0.20, 0.13), (-0.40, -0.52), (-0.08, -0.30), (0.14, 0.10)), 1.03, "pattern"),
        (put((-0.40, -0.52), (-0.08, -0.30), (-0.16, -0.12)), 0.86, None),
    )
    _shadow(color, [outline for outline, _, _ in faces], 0.07 * scale + 0.012, 0.40)
    for outline, tone, extra in faces:
        tint = rgb(accent if extra == accent else white) * tone
        pattern = (kind, rgb(accent)) if extra == "pattern" else None
        _facet(color, outline, np.clip(tint, 0, 1), pattern, 0.6 + tilt)
    return color
