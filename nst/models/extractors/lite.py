"""lite: a small VGG-shaped network that ships with the package and needs no download.

It was distilled from VGG19 and SqueezeNet by `tools.train_lite`; its model card is `assets/models/lite.md`.
"""

from __future__ import annotations

from nst.models.extractors.architecture import Architecture

# Chosen by how pictures of held-out pairs come out: structure from three depths, style from all layers of the shallow
# blocks; deep Gram matrices pull whole shapes over from the painting and count little.
_CONTENT = ("block2_conv2", "block3_conv3", "block4_conv1")
_STYLE = (
    ("block1_conv1", 1.0),
    ("block1_conv2", 1.0),
    ("block2_conv1", 1.0),
    ("block2_conv2", 1.0),
    ("block3_conv1", 1.0),
    ("block3_conv2", 1.0),
    ("block3_conv3", 1.0),
    ("block4_conv1", 0.2),
)

LITE = Architecture(
    name="lite",
    blocks=((32, 2), (64, 2), (128, 3), (192, 3)),
    padding="mirror",
    bgr=False,
    scale=4.0,
    mean=(2.0, 2.0, 2.0),  # about zero mean and unit deviation for photos
    content_layers=tuple((name, 1.0) for name in _CONTENT),
    style_layers=_STYLE,
)
