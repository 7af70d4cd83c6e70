"""Art Nouveau posters: flowing outlines of varying width around muted flat colors, and ornament."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, cells, fractal, grid, spread, step
from tools.paint_styles.palette import Color, over, ramp, rgb, vary
from tools.paint_styles.surface import develop, paper

_INK = "3a2420"
_MOON = (0.53, 0.36)


def swan_lilies(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint a swan before a moon with a mosaic halo, among lilies and flowing water, as a lithograph."""
    side = size * 3 // 2
    grain = fractal((side, side), 2.4 * side / 1024, rng, octaves=2, gain=0.8)
    color = _halo(_sky(side, grain, rng), rng)
    color = _water(color, grain)
    color = _swan(color, grain)
    for place in ((0.17, 0.90, 0.135, 0), (0.80, 0.93, 0.150, 1), (0.49, 0.965, 0.095, 2), (0.93, 0.70, 0.085, 0)):
        color = _lily(color, place)
    color = _frame(color)
    tooth = paper(side, rng, tooth=3.0)
    worn = fractal((side, side), side * 0.15, rng, octaves=5)
    return develop(color * (1 + 0.022 * tooth + 0.020 * grain + 0.022 * worn)[..., None], size)


def _ink(color: Color, strokes: list[Points], code: str = _INK) -> Color:
    shapes.fill(color, strokes, rgb(code))
    return color


def _fill(color: Color, outline: Points, tint: Color, line: float) -> Color:
    """Fill a closed outline with `tint`, a color or an image, and draw a contour of `line` units of the side."""
    shapes.fill(color, [outline], tint)
    closed = np.concatenate([outline, outline[:2]])
    swell = 0.7 + 0.45 * np.sin(np.linspace(0, 3 * np.pi, len(closed))) ** 2
    return _ink(color, shapes.ribbon(closed, line * swell))


def _sky(side: int, grain: Field, rng: Rng) -> Color:
    """Return bands of smoke that curl across the sky."""
    x, y = grid(side)
    bend = 0.05 * fractal((side, side), side * 0.3, rng, octaves=2)
    turn = np.arctan2(y - _MOON[1], x - _MOON[0])
    phase = y * 9 + 1.6 * np.sin(x * 6 + 2.5 * y) + 1.1 * np.sin(turn * 2 + 3 * y) + 12 * bend
    band, inner = np.floor(phase), phase % 1
    tones = np.array([0.08, 0.52, 0.27, 0.80, 0.40, 0.62])[band.astype(int) % 6]
    tint = ramp("2f5f66 4f8580 86a890 c4c49a e4d2a2 efe0bc", tones + 0.20 * (inner - 0.5) + 0.03 * grain)
    slope = np.maximum(np.hypot(*np.gradient(phase)), 1e-5)
    edge = np.minimum(inner, 1 - inner) / slope * 1024 / side
    width = 1.0 + 0.9 * np.sin(x * 9 + y * 4) ** 2
    color = over(tint, 0.85 * step(width + 0.5, width - 0.5, edge), rgb(_INK))
    fine = np.abs((phase * 5) % 1 - 0.5) / 5 / slope * 1024 / side
    return over(color, 0.45 * step(0.9, 0.4, fine) * (inner < 0.55), rgb("f4e8c8"))


def _halo(color: Color, rng: Rng) -> Color:
    """Add the moon and rings of mosaic, petals and beads around."""
    side = len(color)
    x, y = grid(side)
    far = shapes.distance(side, _MOON)
    turn = np.arctan2(y - _MOON[1], x - _MOON[0])
    index, _near, edge = cells(side, spread(2600, rng))
    tints = vary(ramp("8f4a30 b86a3a d99a4a e8c070 7fa08a", rng.uniform(0, 1, index.max() + 1)), 0.05, 0.03, rng)
    stones = over(tints[index], step(0.0022, 0.0010, edge), rgb(_INK))
    color = over(color, step(0.335, 0.333, far), rgb(_INK))
    color = over(color, step(0.330, 0.328, far), stones)
    color = over(color, step(0.282, 0.280, far), rgb(_INK))
    petals = np.abs(np.sin(turn * 14))
    scallop = 0.238 + 0.036 * np.sqrt(petals)
    color = over(color, step(0.277, 0.275, far), ramp("a8502f c87a42 e0a85a", (far - 0.23) / 0.05))
    color = over(color, step(0.001, -0.001, far - scallop), ramp("f2dca0 e8c47a d09a50", (far - 0.22) / 0.055))
    color = over(color, step(0.0030, 0.0016, np.abs(far - scallop)) * (far < 0.278), rgb(_INK))
    beads = np.hypot((turn * 28 / np.pi) % 1 - 0.5, (far - 0.231) / 0.0250)
    color = over(color, step(0.242, 0.240, far) * step(0.219, 0.221, far), rgb("3f6f70"))
    color = over(color, step(0.36, 0.30, beads), rgb("f4e4b4"))
    color = over(color, step(0.0028, 0.0014, np.minimum(np.abs(far - 0.221), np.abs(far - 0.241))), rgb(_INK))
    spots = 0.10 * fractal((side, side), side * 0.07, rng)
    moon = ramp("fdf4d4 f8e8b4 f0d894", far / 0.22 + spots)
    rings = step(0.0016, 0.0007, np.abs((far / 0.0135 + 1.2 * spots) % 1 - 0.5) * 0.0135) * 0.35
    return over(color, step(0.220, 0.218, far), over(moon, rings, rgb("c89a50")))


def _water(color: Color, grain: Field) -> Color:
    """Add the lake: long curling bands of water with light outlines."""
    side = len(color)
    x, y = grid(side)
    top = 0.655 + 0.012 * np.sin(x * 8)
    phase = (y - top) * 24 + 1.5 * np.sin(x * 7 + 9 * y) + 0.7 * np.sin(x * 17 - 6 * y)
    band, inner = np.floor(phase), phase % 1
    tones = np.array([0.15, 0.50, 0.30, 0.75, 0.05, 0.6, 0.4])[band.astype(int) % 7]
    tint = ramp("1f4450 2f6468 4f8a84 88b09c c8d0ac", tones + 0.16 * (inner - 0.5) + 0.03 * grain)
    slope = np.maximum(np.hypot(*np.gradient(phase)), 1e-5)
    edge = np.minimum(inner, 1 - inner) / slope * 1024 / side
    tint = over(tint, 0.85 * step(1.9, 0.9, edge), rgb(_INK))
    fine = np.abs((phase * 4) % 1 - 0.5) / 4 / slope * 1024 / side
    tint = over(tint, 0.5 * step(1.0, 0.4, fine) * (inner > 0.45), rgb("e8ecc8"))
    glint = np.exp(-(((x - 0.53) / 0.12) ** 2)) * step(0.2, 0.8, inner) * 0.55
    return over(color, step(-0.001, 0.001, y - top), over(tint, glint, rgb("f4e0a4")))


def _swan(color: Color, grain: Field) -> Color:
    """Add the swan, with raised wings in three rows of feathers."""
    side = len(color)
    x, y = grid(side)
    white = ramp("fffaec f6ecd4 dcd2bc a8b0a8", 0.15 + 2.1 * (y - 0.52) + 0.6 * np.abs(x - 0.46) + 0.03 * grain)
    body = shapes.curve(
        [
            (0.330, 0.66),
            (0.37, 0.735),
            (0.50, 0.765),
            (0.64, 0.745),
            (0.755, 0.655),
            (0.66, 0.665),
            (0.55, 0.625),
            (0.44, 0.60),
            (0.36, 0.61),
            (0.330, 0.66),
        ],
        120,
    )
    for far_side in (True, False):
        color = _wing(color, far_side)
        if far_side:
            color = _fill(color, body, white, 0.0048)
    spine = shapes.curve(
        [(0.385, 0.66), (0.335, 0.585), (0.375, 0.49), (0.425, 0.41), (0.405, 0.335), (0.345, 0.325), (0.305, 0.362)],
        90,
    )
    width = np.interp(np.linspace(0, 1, 90), [0, 0.25, 0.8, 0.92, 1], [0.095, 0.058, 0.040, 0.052, 0.030])
    color = _ink(color, shapes.ribbon(spine, width + 0.0085))
    neck = shapes.polygons(side, shapes.ribbon(spine, width))
    color = over(color, neck, ramp("fffaec f4ead2 cfc8b4", (x - 0.33) * 5 + 0.4 * np.sin(y * 20) * 0.2))
    beak = np.array([(0.318, 0.336), (0.296, 0.358), (0.262, 0.402), (0.292, 0.392), (0.316, 0.372)])
    color = _fill(color, beak, rgb("d9783a"), 0.0040)
    color = _ink(
        color, [shapes.leaf((0.311, 0.348), 0.018, 0.014, -0.9), shapes.leaf((0.330, 0.340), 0.013, 0.010, 0.3)]
    )
    breast = [
        shapes.curve(
            [(0.345 + 0.02 * k, 0.655 + 0.012 * k), (0.37 + 0.02 * k, 0.70 + 0.008 * k), (0.41 + 0.022 * k, 0.728)]
        )
        for k in range(5)
    ]
    return _ink(color, [p for line in breast for p in shapes.ribbon(line, 0.0028 * shapes.taper(60, 0.2))], "8f8a78")


def _wing(color: Color, far_side: bool) -> Color:
    """Add one wing: long feathers, then two shorter rows over them."""
    root = np.array([0.50, 0.60]) if far_side else np.array([0.455, 0.665])
    lift = -0.16 if far_side else 0.0
    for row, (count, long, codes) in enumerate(((11, 0.330, "c8c4ac"), (9, 0.235, "e4dcc4"), (7, 0.150, "fbf4e2"))):
        for number in range(count):
            t = number / (count - 1)
            turn = -1.15 + 1.15 * t + lift + 0.04 * row
            reach = long * (1.0 - 0.42 * t**1.5) * (0.92 if far_side else 1.0)
            start = root + t * np.array([0.115, 0.035])
            outline = shapes.leaf((float(start[0]), float(start[1])), reach, 0.050 - 0.004 * row, turn, 0.16)
            tint = rgb(codes) * (0.86 if far_side else 1.0) * (1 - 0.05 * (number % 2))
            color = _fill(color, outline, tint, 0.0036)
            tip = start + reach * 0.93 * np.array([np.cos(turn), np.sin(turn)])
            rib = shapes.curve(
                [start, (start + tip) / 2 + 0.16 * reach * np.array([-np.sin(turn), np.cos(turn)]), tip], 24
            )
            color = _ink(color, shapes.ribbon(rib, 0.0020), "9a8f78")
    return color


def _lily(color: Color, place: tuple[float, float, float, int]) -> Color:
    """Add a water lily with pointed petals on round leaves."""
    cx, cy, radius, kind = place
    side = len(color)
    x, y = grid(side)
    for shift, scale in ((-0.9, 0.95), (0.85, 1.05)):
        turn = np.linspace(0.35, 2 * np.pi - 0.1, 60)
        pad = np.stack(
            [
                cx + shift * radius + scale * radius * np.cos(turn),
                cy + 0.25 * radius + 0.45 * scale * radius * np.sin(turn),
            ],
            -1,
        )
        pad = np.concatenate([pad, [(cx + shift * radius, cy + 0.25 * radius)]])
        color = _fill(
            color, pad, ramp("6f9a5a 4f8058 2f5f50", (y - cy) / radius + 0.4 + 0.3 * np.sin(x * 90) * 0.3), 0.0042
        )
        veins = [np.array([(cx + shift * radius, cy + 0.25 * radius), point]) for point in pad[4:-4:7]]
        color = _ink(color, [p for vein in veins for p in shapes.ribbon(vein, 0.0018)], "2a4a3a")
    codes = (("f6d8cc", "e0958a", "c4605f"), ("fbf0da", "ecc890", "d8923f"), ("f0d0d8", "cf87a0", "a8507a"))[kind]
    for row, (count, long) in enumerate(((9, 1.0), (7, 0.84), (5, 0.66))):
        for number in np.argsort(-np.abs(np.arange(count) - (count - 1) / 2)):
            turn = -np.pi / 2 + (number / (count - 1) - 0.5) * (2.9 - 0.55 * row)
            reach = radius * long * (1 - 0.18 * abs(np.sin(turn + np.pi / 2)))
            away = np.hypot(x - cx, y - cy) / reach
            color = _fill(
                color,
                shapes.leaf((cx, cy), reach, reach * 0.36, turn, 0.0),
                ramp(" ".join(codes[::-1]), away * 1.1),
                0.0040,
            )
    return color


def _frame(color: Color) -> Color:
    """Add the border: a band of ornament between two lines, with whiplash curves in the upper corners."""
    side = len(color)
    x, y = grid(side)
    strokes: list[Points] = []
    for look in (0, 1):
        for reach, rise, tone in ((0.33, 0.10, 0.016), (0.24, 0.20, 0.013), (0.15, 0.31, 0.011), (0.42, 0.04, 0.010)):
            knots = np.array(
                [
                    (0.055, 0.62 - reach),
                    (0.06, 0.36),
                    (0.055 + 0.22 * reach, rise + 0.06),
                    (reach, rise),
                    (reach + 0.035, rise + 0.05),
                    (reach - 0.01, rise + 0.062),
                    (reach - 0.015, rise + 0.035),
                ]
            )
            knots[:, 0] = 1 - knots[:, 0] if look else knots[:, 0]
            line = shapes.curve(knots, 120)
            color = _ink(color, shapes.ribbon(line, (tone + 0.006) * shapes.taper(120, 0.9, 0.15)))
            strokes += shapes.ribbon(line, np.maximum(tone * shapes.taper(120, 0.9, 0.15) - 0.001, 0.001))
    color = _ink(color, strokes, "b8863f")
    border = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y)).astype(np.float32)
    along = np.where(np.minimum(x, 1 - x) < np.minimum(y, 1 - y), y, x)
    wave = 0.026 + 0.0085 * np.sin(along * 2 * np.pi * 16)
    band = over(np.broadcast_to(rgb("e8d2a0"), color.shape), step(0.0040, 0.0028, np.abs(border - wave)), rgb("2f6468"))
    bud = np.hypot(
        (along * 32) % 1 - 0.5, (border - 0.026 - 0.0065 * np.sign(np.sin(along * 2 * np.pi * 16 + np.pi))) / 0.031
    )
    band = over(band, step(0.30, 0.24, bud), rgb("b8583a"))
    color = over(color, step(0.048, 0.046, border), band)
    lines = np.minimum(np.abs(border - 0.047), np.abs(border - 0.006))
    return over(color, step(0.0034, 0.0022, lines), rgb(_INK))
