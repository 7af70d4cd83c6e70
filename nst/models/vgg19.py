"""VGG19 as in Keras Applications (Simonyan & Zisserman 2015, arXiv:1409.1556), without its classifier."""

from __future__ import annotations

import tensorflow as tf

from nst.models.convnet import Architecture, Tensor

MEAN_BGR = (103.939, 116.779, 123.68)  # ImageNet means that the network was trained with, 0..255


def _preprocess(rgb: Tensor) -> Tensor:
    return rgb[..., ::-1] * 255.0 - tf.constant(MEAN_BGR)


VGG19 = Architecture("vgg19", ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4)), _preprocess)
