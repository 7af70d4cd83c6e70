"""lite: a small VGG-shaped network that ships with the package and needs no download.

It was distilled from VGG19 and SqueezeNet by `nst.training.distill`; its model card is `assets/models/lite.md`.
"""

from __future__ import annotations

from nst.models.architecture import Architecture

_BLOCKS = ((32, 2), (64, 2), (128, 3), (192, 3))

LITE = Architecture(
    name="lite",
    blocks=_BLOCKS,
    bgr=False,
    scale=4.0,
    mean=(2.0, 2.0, 2.0),  # about zero mean and unit deviation for photos
    content_layers=(("block3_conv2", 1.0),),
    style_layers=tuple(
        (f"block{b}_conv{c}", 1.0) for b, (_, count) in enumerate(_BLOCKS, 1) for c in range(1, count + 1)
    ),
)
