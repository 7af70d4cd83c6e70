"""Objective of TensorFlow's tutorial in float32, written from the published page and sharing no code with nst.

"Neural style transfer", tensorflow.org/tutorials/generative/style_transfer: Gram matrices over locations, means of
squares, a mean over layers. The total variation term is left out. Every loop is evaluated by this objective, and the
loops in float32 minimize it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from benchmarks.speed.material import CONTENT_WEIGHT, STYLE_WEIGHT, Task, read

Tensor = Any


class Objective:
    """Loss of an image for one task, as in TensorFlow's tutorial.

    Images are float32 RGB (H, W, 3) in [0, 1], or uint8.
    """

    def __init__(self, task: Task) -> None:
        self._network = _network(task)
        self._content, _ = self._look(tf.constant(read(task.content)))
        _, self._style = self._look(tf.constant(read(task.style)))
        self._value = tf.function(self.of)

    def _look(self, rgb: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return the content features and the Gram matrices of an image, float32 RGB (H, W, 3) in [0, 1]."""
        content, *styles = self._network(keras.applications.vgg19.preprocess_input(rgb[None] * 255.0))
        return content, [_gram(features) for features in styles]

    def of(self, rgb: Tensor) -> Tensor:
        """Return the loss of float32 RGB (H, W, 3) as a scalar tensor, for use inside a gradient tape."""
        content, grams = self._look(rgb)
        style = tf.add_n([tf.reduce_mean((g - a) ** 2) for g, a in zip(grams, self._style, strict=True)])
        return CONTENT_WEIGHT * tf.reduce_mean((content - self._content) ** 2) + STYLE_WEIGHT * style / len(grams)

    def loss(self, picture: NDArray[Any]) -> float:
        rgb = picture.astype(np.float32) / 255 if picture.dtype == np.uint8 else picture
        return float(self._value(tf.constant(rgb)))


@lru_cache(maxsize=2)
def objective(task: Task) -> Objective:
    """Return the Objective of a task; cached, so that a second run reuses its trace."""
    return Objective(task)


def _gram(features: Tensor) -> Tensor:
    locations = tf.cast(tf.shape(features)[1] * tf.shape(features)[2], tf.float32)
    return tf.einsum("bijc,bijd->bcd", features, features) / locations


def _network(task: Task) -> Any:
    """Return Keras' VGG19 with the weights of the task, as a model whose outputs are the layers of the task."""
    vgg = keras.applications.VGG19(include_top=False, weights=None)
    vgg.trainable = False
    weights = np.load(task.weights)
    for name in task.layers:
        vgg.get_layer(name).set_weights([weights[f"{name}/kernel"], weights[f"{name}/bias"]])
    return keras.Model(vgg.input, [vgg.get_layer(name).output for name in (task.content_layer, *task.style_layers)])
