"""VGG19 as in Keras Applications (Simonyan & Zisserman 2015, arXiv:1409.1556), without its classifier."""

from __future__ import annotations

from nst.models.extractors.architecture import Architecture

VGG19 = Architecture(
    name="vgg19",
    blocks=((64, 2), (128, 2), (256, 4), (512, 4), (512, 4)),
    padding="zero",
    bgr=True,
    scale=255.0,
    mean=(103.939, 116.779, 123.68),  # of ImageNet, the training set
    content_layers=(("block4_conv2", 1.0),),
    style_layers=tuple((f"block{number}_conv1", 1.0) for number in range(1, 6)),
)
