"""Houses with weathered walls, tiled roofs, shuttered windows, doors and awnings, lit from the upper left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, step
from tools.paint_styles.palette import Color, over, ramp, rgb

_PLASTERS = [
    "e8b04f",
    "d9704a",
    "f0dcb8",
    "c9563f",
    "e6c27a",
    "b9c4a8",
    "eec9a0",
    "d98a62",
    "f2e6d0",
    "a8bccb",
    "e09a8a",
    "f0c860",
]


_SHUTTERS = ["2f5f4a", "3f6f8f", "5a3a2f", "6a8f6a", "8a3f34"]


@dataclass
class Town:
    """Image of a town in progress.

    `color` is the image (S, S, 3), `weather` the texture (S, S) of weathered surfaces. Coordinates are x and y in 0..1.
    """

    color: Color
    weather: Field
    rng: Rng
    street: float = 1.0  # y; houses with the foot at this y or below have doors

    def fill(self, outline: Points, tint: Color, rough: float = 0.06, opacity: float = 1.0) -> shapes.Cut:
        """Draw a polygon in the color `tint` and return its window and mask.

        `outline` (N, 2) has x and y in 0..1; `rough` is the strength of the weathered texture.
        """
        piece = shapes.cut(len(self.color), outline)
        grain = 1 + rough * self.weather[piece.window]
        under = self.color[piece.window]
        self.color[piece.window] = over(under, piece.masks[0] * opacity, np.clip(tint * grain[..., None], 0, 1))
        return piece

    def shade(self, outline: Points, amount: float) -> None:
        """Draw a bluish shadow on the polygon `outline` (N, 2); `amount` is its opacity in 0..1."""
        piece = shapes.cut(len(self.color), outline)
        dark = self.color[piece.window] * np.array([0.45, 0.50, 0.62], np.float32)
        self.color[piece.window] = over(self.color[piece.window], piece.masks[0] * amount, dark)


def box(left: float, top: float, right: float, bottom: float) -> Points:
    """Return the outline (4, 2) of a rectangle."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def house(town: Town, frame: tuple[float, float, float, float], pitch: float) -> None:
    left, top, right, foot = frame
    rng = town.rng
    plaster = rgb(str(rng.choice(_PLASTERS))) * rng.uniform(0.9, 1.05)
    wall = town.fill(box(left, top, right, foot), plaster)
    # Walls are darker to the right and, from dirt, at the foot.
    soot = step(foot - 0.03, foot, wall.y) * 0.25 + 0.18 * (wall.x - left) / (right - left)
    town.color[wall.window] *= 1 - (soot * wall.masks[0])[..., None]
    town.shade(box(left, top, right, top + 0.006), 0.6)
    town.shade(box(right - 0.0035, top, right, foot), 0.55)
    _roof(town, (left, top, right), pitch)
    _windows(town, frame)


def _roof(town: Town, edge: tuple[float, float, float], pitch: float) -> None:
    left, top, right = edge
    tint = ramp("8f4a34 b5623f c9784f a0583f", np.array(town.rng.uniform()))
    inset = min(pitch * 0.5, (right - left) * 0.3)
    corners = [
        [left - 0.003, top + 0.002],
        [left + inset, top - pitch],
        [right - inset, top - pitch],
        [right + 0.003, top + 0.002],
    ]
    roof = shapes.cut(len(town.color), np.array(corners))
    courses = 0.5 + 0.5 * np.sin((roof.y - top) * 2 * np.pi / 0.0034)
    tiles = 0.5 + 0.5 * np.sin(roof.x * 2 * np.pi / 0.0042 + np.floor((roof.y - top) / 0.0034) * 1.7)
    value = 0.80 + 0.18 * courses + 0.12 * tiles + 0.16 * town.weather[roof.window]
    lit = np.clip(tint * value[..., None], 0, 1)
    town.color[roof.window] = over(town.color[roof.window], roof.masks[0], lit)
    if town.rng.uniform() < 0.7:
        at = town.rng.uniform(left + inset, right - inset - 0.006)
        town.fill(box(at, top - pitch - 0.010, at + 0.007, top - pitch * 0.5), rgb("a8795a"))
        town.shade(box(at + 0.0045, top - pitch - 0.010, at + 0.007, top - pitch * 0.5), 0.7)
        town.fill(box(at - 0.001, top - pitch - 0.0115, at + 0.008, top - pitch - 0.0095), rgb("7a5040"))


def _windows(town: Town, frame: tuple[float, float, float, float]) -> None:
    left, top, right, foot = frame
    rng = town.rng
    wide, tall = 0.0042, 0.0075
    columns = max(int((right - left - 0.006) / 0.0165), 1)
    floors = max(int((foot - top - 0.016) / 0.0235), 1)
    shutters = rgb(str(rng.choice(_SHUTTERS)))
    for i in range(columns):
        x = left + (right - left) * (i + 0.5) / columns
        for j in range(floors):
            y = top + 0.017 + j * (foot - top - 0.018) / floors
            _window(town, (x, y, wide, tall), shutters)
    if town.street <= foot:
        door = left + (right - left) * rng.uniform(0.2, 0.7)
        town.fill(box(door - 0.0055, foot - 0.019, door + 0.0055, foot), rgb("efe4d0"), 0.03)
        town.fill(box(door - 0.0042, foot - 0.018, door + 0.0042, foot), rgb("4a3228"), 0.1)
        if rng.uniform() < 0.6:
            _awning(town, door, foot - 0.02)


def _window(town: Town, place: tuple[float, float, float, float], shutters: Color) -> None:
    x, y, wide, tall = place
    town.fill(box(x - wide - 0.001, y - tall - 0.001, x + wide + 0.001, y + tall + 0.0015), rgb("f2e9d8"), 0.03)
    glass = town.fill(
        box(x - wide, y - tall, x + wide, y + tall), ramp("27333f 4a6277", np.array(town.rng.uniform())), 0.25
    )
    gleam = step(0.0, 1.0, 0.6 - (glass.x - x) / wide - (glass.y - y) / tall) * glass.masks[0] * 0.45
    town.color[glass.window] = over(town.color[glass.window], gleam, rgb("a9c4da"))
    town.fill(box(x - 0.0005, y - tall, x + 0.0005, y + tall), rgb("efe6d6"), 0.0)
    town.fill(box(x - wide, y - 0.0005, x + wide, y + 0.0005), rgb("efe6d6"), 0.0)
    town.shade(box(x - wide, y - tall, x + wide, y - tall + 0.0022), 0.7)
    for near in (x - wide * 1.95, x + wide * 1.05):
        leaf = town.fill(box(near, y - tall, near + wide * 0.9, y + tall), shutters, 0.05)
        slats = 0.82 + 0.18 * np.sin(leaf.y * 2 * np.pi / 0.0016)
        town.color[leaf.window] *= 1 - leaf.masks[0][..., None] * (1 - slats[..., None])


def _awning(town: Town, x: float, y: float) -> None:
    tint = rgb(str(town.rng.choice(["c9483f", "e8c25a", "4f7fa0", "5f8f5a"])))
    piece = town.fill(
        np.array([[x - 0.012, y], [x + 0.012, y], [x + 0.015, y + 0.008], [x - 0.015, y + 0.008]]), tint, 0.04
    )
    stripes = (np.floor((piece.x - x) / 0.003) % 2) * piece.masks[0] * 0.85
    town.color[piece.window] = over(town.color[piece.window], stripes, rgb("f6efe0"))
    town.shade(box(x - 0.013, y + 0.008, x + 0.013, y + 0.012), 0.5)
