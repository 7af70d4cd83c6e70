"""lite: a small VGG-shaped network that ships with the package and needs no download.

Distilled from VGG19 and SqueezeNet by `tools.train_lite`. Model card: `assets/models/lite.md`.
"""

from __future__ import annotations

from nst.models.extractors.architecture import Architecture

# Chosen by the results of held-out pairs: content from three depths, style from all layers of the shallow blocks. Deep
# Gram matrices transfer whole shapes from the style image and get a low weight.
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
    mean=(2.0, 2.0, 2.0),  # gives photos about zero mean and unit standard deviation
    content_layers=tuple((name, 1.0) for name in _CONTENT),
    style_layers=_STYLE,
)
