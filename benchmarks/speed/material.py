"""Input data of the speed benchmarks: square pairs of content and style image, and VGG19 weights, real and random.

Images and real weights are read from NST_SHARED (default ../shared). They are not part of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from benchmarks.paths import BUILD, REAL_WEIGHTS, SHARED, required
from nst.models.extractors.vgg19 import VGG19

PAIRS = (("tubingen", "starry-night"), ("lion", "kandinsky"), ("taj_mahal", "the_scream"))

# Objective of TensorFlow's tutorial, on layers with real weights (SHALLOW) and on its original layers (DEEP).
CONTENT_WEIGHT, STYLE_WEIGHT = 1.0, 1e-2
SHALLOW = ("block3_conv4", ("block1_conv1", "block2_conv1", "block3_conv1"))
DEEP = ("block5_conv2", tuple(f"block{number}_conv1" for number in range(1, 6)))


@dataclass(frozen=True)
class Task:
    """Input of a style-transfer loop: two PNG files of the same square size, weights, and the layers of the losses."""

    content: Path
    style: Path
    weights: Path  # .npz with "layer/kernel" and "layer/bias"
    content_layer: str
    style_layers: tuple[str, ...]

    @property
    def layers(self) -> tuple[str, ...]:
        """All VGG19 layers down to the deepest one of the losses, shallow to deep."""
        return tuple(VGG19.kernel_shapes(VGG19.deepest((self.content_layer, *self.style_layers))))


def read(path: Path) -> NDArray[np.float32]:
    """Read an image as float32 RGB (H, W, 3) in [0, 1]."""
    return np.asarray(Image.open(path), np.float32) / 255


def shallow_task(pair: int, size: int) -> Task:
    """Return the task of pair number `pair` at `size` x `size` pixels, on real weights, which end with block 3."""
    return Task(*_pictures(pair, size), required(REAL_WEIGHTS), *SHALLOW)


def deep_task(pair: int, size: int, seed: int) -> Task:
    """Return the task of pair number `pair` at `size` x `size` pixels, with all layers of TensorFlow's tutorial.

    Weights deeper than block 3 are random, by `seed`: valid to measure speed, not image quality.
    """
    return Task(*_pictures(pair, size), seeded_weights(seed), *DEEP)


def pair_name(pair: int) -> str:
    return "-".join(PAIRS[pair])


def seeded_weights(seed: int) -> Path:
    """Return a weights file with the real weights of VGG19's blocks 1 to 3 and random ones for deeper blocks.

    Random weights are He-normal (He et al. 2015), by `seed`. The file is created if missing.
    """
    path = BUILD / "weights" / f"vgg19-seed{seed}.npz"
    if not path.is_file():
        draw = np.random.default_rng(seed)
        arrays = dict(np.load(required(REAL_WEIGHTS)))
        for name, shape in VGG19.kernel_shapes().items():
            if f"{name}/kernel" not in arrays:
                deviation = np.sqrt(2 / np.prod(shape[:3]))
                arrays[f"{name}/kernel"] = draw.normal(0, deviation, shape).astype(np.float32)
                arrays[f"{name}/bias"] = np.zeros(shape[-1], np.float32)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **arrays)
    return path


def _pictures(pair: int, size: int) -> tuple[Path, Path]:
    """Return the files of content and style image of a pair, cropped and scaled to `size` x `size` pixels.

    Sizes are square so that no library rounds them in pooling.
    """
    content, style = PAIRS[pair]
    return _square(f"{content}.jpg", size), _square(f"style-{style}.jpg", size)


def _square(name: str, size: int) -> Path:
    path = BUILD / "pictures" / f"{Path(name).stem}-{size}.png"
    if not path.is_file():
        picture = Image.open(required(SHARED / "data" / "pairs" / name)).convert("RGB")
        path.parent.mkdir(parents=True, exist_ok=True)
        ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS).save(path)
    return path
