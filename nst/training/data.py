"""Random crops of photos and paintings for training, and the pictures that are kept out of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
HELD_OUT = 12  # pictures of a folder that no training sees, so that quality is measured on unseen ones


def list_pictures(folder: Path) -> list[Path]:
    """All pictures of a folder, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def split(folder: Path) -> tuple[list[Path], list[Path]]:
    """(training, held out): twelve pictures, evenly spread over the sorted names, are held out."""
    pictures = list_pictures(folder)
    held = {round(i * len(pictures) / HELD_OUT) for i in range(HELD_OUT)}
    return (
        [path for i, path in enumerate(pictures) if i not in held],
        [path for i, path in enumerate(pictures) if i in held],
    )


def load(paths: list[Path]) -> list[NDArray[np.uint8]]:
    """The pictures as uint8 RGB (H, W, 3), all in memory."""
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def random_crop(picture: NDArray[np.uint8], size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A square crop at a random place, scale (0.75 to 2 source pixels a pixel) and mirroring, with color jitter.

    Returns float32 RGB in [0, 1], shape (size, size, 3).
    """
    height, width = picture.shape[:2]
    side = int(min(height, width, size * rng.uniform(0.75, 2.0)))
    top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
    crop = Image.fromarray(picture[top : top + side, left : left + side]).resize((size, size), Image.Resampling.BICUBIC)
    pixels = np.asarray(crop, np.float32)[:, :: rng.choice([-1, 1])] / 255
    gain, offset = rng.uniform(0.8, 1.2, 3), rng.uniform(-0.08, 0.08)
    jittered: NDArray[np.float32] = np.clip(pixels * gain + offset, 0, 1).astype(np.float32)
    return jittered


def batches(
    photos: list[NDArray[np.uint8]], paintings: list[NDArray[np.uint8]], count: int, size: int, seed: int
) -> Iterator[NDArray[np.float32]]:
    """Endless batches of `count` crops, half of photos and half of paintings: float32 RGB (count, size, size, 3)."""
    rng = np.random.default_rng(seed)
    while True:
        sources = [photos if i % 2 else paintings for i in range(count)]
        yield np.stack([random_crop(source[rng.integers(len(source))], size, rng) for source in sources])
