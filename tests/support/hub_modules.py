"""Small networks in Magenta's forms, with NumPy to tell what they paint."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import tensorflow as tf
from numpy.typing import NDArray

PICTURE = tf.TensorSpec((None, None, None, 3), tf.float32)


def painted(photo: NDArray[Any], style: NDArray[Any]) -> NDArray[Any]:
    """Return the output of save()'s SavedModel for floats in [0, 1]."""
    return 0.5 * photo + 0.5 * style.mean((0, 1))


class _Painter(tf.Module):
    """Insists on multiples of 4: of other sizes Magenta's gives larger pictures, a little out of place."""

    @tf.function(input_signature=[PICTURE, PICTURE])
    def __call__(self, content: Any, style: Any) -> list[Any]:
        tf.debugging.assert_equal(tf.shape(content)[1:3] % 4, 0)
        return [0.5 * content + 0.5 * tf.reduce_mean(style, (1, 2), keepdims=True)]


def save(folder: Path) -> Path:
    """A SavedModel of Magenta's signature."""
    tf.saved_model.save(_Painter(), str(folder))
    return folder


def pack(folder: Path) -> bytes:
    """The folder as TensorFlow Hub sends one."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.add(folder, ".")
    return buffer.getvalue()


SIDE = 32  # of the pictures that the files of save_pair() take


def transferred(photo: NDArray[Any], bottleneck: NDArray[Any]) -> NDArray[Any]:
    """Return the output of transfer.tflite for floats. Nonlinear: mixed bottlenecks are not mixed pictures."""
    return 0.5 * photo + 0.5 * bottleneck**2


class _Pair(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((1, SIDE, SIDE, 3))])
    def predict(self, style: Any) -> Any:
        return tf.reduce_mean(style, (1, 2), keepdims=True)

    @tf.function(input_signature=[tf.TensorSpec((1, SIDE, SIDE, 3)), tf.TensorSpec((1, 1, 1, 3))])
    def transfer(self, content: Any, bottleneck: Any) -> Any:
        return 0.5 * content + 0.5 * tf.square(bottleneck)


def save_pair(folder: Path) -> Path:
    """Two .tflite files that work together as Magenta's do."""
    pair = _Pair()
    folder.mkdir(parents=True, exist_ok=True)
    for name, function in {"one": pair.transfer, "two": pair.predict}.items():
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()], pair)
        (folder / f"{name}.tflite").write_bytes(converter.convert())
    return folder
