"""lite: a small VGG-shaped network that ships with the package and needs no download.

It was distilled from VGG19 and SqueezeNet by `nst.training.distill`; its model card is `assets/models/lite.md`.
"""

from __future__ import annotations

from nst.models.convnet import Architecture, Tensor


def _preprocess(rgb: Tensor) -> Tensor:
    return rgb * 4.0 - 2.0  # about zero mean and unit deviation for photos


LITE = Architecture("lite", ((32, 2), (64, 2), (128, 3), (192, 3)), _preprocess)
