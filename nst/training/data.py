"""Training images: lists of files, the split into training and held-out images, and random crops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nst.system.assets import ASSETS

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
STYLES = ASSETS / "styles"
FLAT, FLAT_TRIES = 0.05, 8  # standard deviation below which a crop is featureless; maximum number of crops tried
HELD_OUT = 12  # images of a folder that are never trained on, so that quality is measured on unseen images


def list_pictures(folder: Path) -> list[Path]:
    """Return the image files of a folder (.jpg, .jpeg, .png, .webp), sorted by path."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def split(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return (training, held-out) image files of a folder.

    12 images, evenly spread over the sorted names, are held out.
    """
    pictures = list_pictures(folder)
    held = {round(i * len(pictures) / HELD_OUT) for i in range(HELD_OUT)}
    return (
        [path for i, path in enumerate(pictures) if i not in held],
        [path for i, path in enumerate(pictures) if i in held],
    )


def load(paths: list[Path]) -> list[NDArray[np.uint8]]:
    """Read image files as uint8 RGB (H, W, 3), all in memory."""
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def load_all(folders: Sequence[Path]) -> list[NDArray[np.uint8]]:
    """Read the images of several folders as uint8 RGB (H, W, 3), all in memory.

    Images that split() holds out of the first folder are left out.
    """
    first, *others = folders
    return load(split(first)[0] + [path for folder in others for path in list_pictures(folder)])


def random_crop(picture: NDArray[np.uint8], size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a random square crop of an image uint8 RGB (H, W, 3), as float32 RGB (size, size, 3) in [0, 1].

    Position is random, and scale too: 0.5 to 2 source pixels per pixel. Half of the crops are mirrored, half are
    recolored.
    """
    crop = _cut(picture, size, 2 ** rng.uniform(-1, 1), 0.0, rng)
    return _recolor(crop, rng) if rng.random() < 0.5 else crop


def batches(
    photos: list[NDArray[np.uint8]], paintings: list[NDArray[np.uint8]], count: int, size: int, seed: int
) -> Iterator[NDArray[np.float32]]:
    """Yield endless batches of `count` random_crop() results, alternately of paintings and photos.

    `photos` and `paintings` are uint8 RGB (H, W, 3), `size` is the side of a crop in pixels. A batch is float32 RGB in
    [0, 1], (count, size, size, 3).
    """
    rng = np.random.default_rng(seed)
    while True:
        sources = [photos if i % 2 else paintings for i in range(count)]
        yield np.stack([random_crop(source[rng.integers(len(source))], size, rng) for source in sources])


def content_crop(picture: NDArray[np.uint8], size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a random square crop of a photo uint8 RGB (H, W, 3), as float32 RGB (size, size, 3) in [0, 1].

    The scale is 0.55 to 1.1 source pixels per pixel, because training photos are small. Featureless crops such as plain
    sky are avoided if possible: instance normalization would amplify their noise to a gradient that dominates all
    others.
    """
    for _ in range(FLAT_TRIES):
        crop = _cut(picture, size, rng.uniform(0.55, 1.1), 0.0, rng)
        if crop.std() >= FLAT:
            break
    return crop


def style_crop(pictures: list[NDArray[np.uint8]], size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a random square crop of one of the style images `pictures`, uint8 RGB (H, W, 3).

    The crop is float32 RGB (size, size, 3) in [0, 1] at 0.6 to 1.8 source pixels per pixel. Crops are rotated by up to
    15 degrees, one in four additionally by 90 degrees; half are recolored, and one in eight is averaged with a second
    crop.
    """
    crop = _cut(pictures[rng.integers(len(pictures))], size, rng.uniform(0.6, 1.8), 15.0, rng)
    if rng.random() < 0.25:
        crop = np.rot90(crop)
    if rng.random() < 0.5:
        crop = _recolor(crop, rng)
    if rng.random() < 0.125:
        crop = 0.5 * (crop + _cut(pictures[rng.integers(len(pictures))], size, 1.0, 0.0, rng))
    return np.ascontiguousarray(crop, np.float32)


def _cut(
    picture: NDArray[np.uint8], size: int, scale: float, turn: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return a random square crop, float32 RGB (size, size, 3) in [0, 1], at `scale` source pixels per pixel.

    The scale is reduced if the image is too small. Crops are rotated by a random angle up to `turn` degrees, and half
    of them are mirrored.
    """
    height, width = picture.shape[:2]
    side = int(min(height, width, size * scale))
    angle = rng.uniform(-turn, turn)
    top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
    square = Image.fromarray(picture[top : top + side, left : left + side])
    slack = 1 + abs(np.sin(np.radians(angle))) * 1.2  # enlargement at which a rotated square has no empty corners
    large = square.resize((int(size * slack), int(size * slack)), Image.Resampling.BICUBIC)
    if angle:
        large = large.rotate(angle, Image.Resampling.BICUBIC)
    cut = (large.width - size) // 2
    pixels = np.asarray(large, np.float32)[cut : cut + size, cut : cut + size] / 255
    return pixels[:, :: rng.choice([-1, 1])].astype(np.float32)


def _recolor(rgb: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Rotate the hues of RGB in [0, 1] by a random angle around the gray axis, then apply random gain and offset."""
    angle = rng.uniform(-np.pi, np.pi) if rng.random() < 0.5 else rng.normal(0, 0.3)
    cos, sin = np.cos(angle), np.sin(angle)
    axis = np.full((3, 3), (1 - cos) / 3)
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / np.sqrt(3)
    turned = rgb @ (cos * np.eye(3) + axis + sin * cross).T
    shifted = turned * rng.uniform(0.8, 1.2, 3) + rng.uniform(-0.08, 0.08)
    recolored: NDArray[np.float32] = np.clip(shifted, 0, 1).astype(np.float32)
    return recolored
