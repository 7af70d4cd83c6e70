"""What the loops work on: square pictures of three pairs, and VGG19's weights, real ones and seeded ones.

Pictures and real weights are looked for in NST_SHARED (default ../shared). They are not part of the project.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from benchmarks.quality import ROOT, SHARED
from nst.models.extractors.vgg19 import VGG19

BUILD = ROOT / "build" / "bench"
REAL_WEIGHTS = SHARED / "weights" / "vgg19_blocks1-3.npz"
PAIRS = (("tubingen", "starry-night"), ("lion", "kandinsky"), ("taj_mahal", "the_scream"))

# The objective of TensorFlow's tutorial, on layers whose weights are at hand, and on the layers that it names.
CONTENT_WEIGHT, STYLE_WEIGHT = 1.0, 1e-2
SHALLOW = ("block3_conv4", ("block1_conv1", "block2_conv1", "block3_conv1"))
DEEP = ("block5_conv2", tuple(f"block{number}_conv1" for number in range(1, 6)))


@dataclass(frozen=True)
class Task:
    """One job for every loop: two PNG files of the same square size, weights, and layers to compare."""

    content: Path
    style: Path
    weights: Path  # .npz with "layer/kernel" and "layer/bias"
    content_layer: str
    style_layers: tuple[str, ...]

    @property
    def layers(self) -> tuple[str, ...]:
        """All layers down to the deepest in use, shallow to deep."""
        return tuple(VGG19.kernel_shapes(VGG19.deepest((self.content_layer, *self.style_layers))))


def read(path: Path) -> NDArray[np.float32]:
    """A picture as float32 RGB (H, W, 3) in [0, 1]."""
    return np.asarray(Image.open(path), np.float32) / 255


def shallow_task(pair: int, size: int) -> Task:
    """A pair on real weights, which reach down to block 3."""
    return Task(*_pictures(pair, size), _there(REAL_WEIGHTS), *SHALLOW)


def deep_task(pair: int, size: int, seed: int) -> Task:
    """A pair on all layers of the tutorial, the deep weights drawn by `seed`: for speed, not for beauty."""
    return Task(*_pictures(pair, size), seeded_weights(seed), *DEEP)


def pair_name(pair: int) -> str:
    return "-".join(PAIRS[pair])


def seeded_weights(seed: int) -> Path:
    """File with the real weights of blocks 1 to 3 and He-normal ones (He et al. 2015) below."""
    path = BUILD / "weights" / f"vgg19-seed{seed}.npz"
    if not path.is_file():
        draw = np.random.default_rng(seed)
        arrays = dict(np.load(_there(REAL_WEIGHTS)))
        for name, shape in VGG19.kernel_shapes().items():
            if f"{name}/kernel" not in arrays:
                deviation = np.sqrt(2 / np.prod(shape[:3]))
                arrays[f"{name}/kernel"] = draw.normal(0, deviation, shape).astype(np.float32)
                arrays[f"{name}/bias"] = np.zeros(shape[-1], np.float32)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **arrays)
    return path


def _pictures(pair: int, size: int) -> tuple[Path, Path]:
    """Both pictures of a pair, cropped and scaled to a square: pooling then rounds nowhere, in no library."""
    content, style = PAIRS[pair]
    return _square(f"{content}.jpg", size), _square(f"style-{style}.jpg", size)


def _square(name: str, size: int) -> Path:
    path = BUILD / "pictures" / f"{Path(name).stem}-{size}.png"
    if not path.is_file():
        picture = Image.open(_there(SHARED / "data" / "pairs" / name)).convert("RGB")
        path.parent.mkdir(parents=True, exist_ok=True)
        ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS).save(path)
    return path


def _there(path: Path) -> Path:
    if not path.is_file():
        sys.exit(f"'{path}' is missing. It is not part of the project: set NST_SHARED to the folder that has it.")
    return path
