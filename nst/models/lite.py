"""lite: a small VGG-shaped network that ships with the package and needs no download.

It was distilled from VGG19 and SqueezeNet by `nst.training.distill`; its model card is `assets/models/lite.md`.
"""

from __future__ import annotations

from nst.models.architecture import Architecture

_STYLE = ("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block4_conv3")

LITE = Architecture(
    name="lite",
    blocks=((32, 2), (64, 2), (128, 3), (192, 3)),
    bgr=False,
    scale=4.0,
    mean=(2.0, 2.0, 2.0),  # about zero mean and unit deviation for photos
    content_layers=(("block4_conv1", 1.0),),
    style_layers=tuple((name, 1.0) for name in _STYLE),
)
