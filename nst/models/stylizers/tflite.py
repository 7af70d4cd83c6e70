"""TensorFlow Lite files of Magenta's network: one predicts a style's bottleneck vector, one applies it."""

from __future__ import annotations

import os
import threading
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nst.errors import WeightsUnavailable

Shape = tuple[int, ...]


class TFLitePart:
    """A loaded TensorFlow Lite file."""

    def __init__(self, path: Path) -> None:
        """Load the file. Raises WeightsUnavailable if it is damaged."""
        import tensorflow as tf

        self.path = path
        try:
            with warnings.catch_warnings():
                # The advice to move to another package is not for users.
                warnings.filterwarnings("ignore", r"\s*Warning: tf\.lite\.Interpreter is deprecated", UserWarning)
                self._interpreter = tf.lite.Interpreter(str(path), num_threads=os.cpu_count())
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise WeightsUnavailable(
                f"'{path}' cannot be read as a TensorFlow Lite model: the file is damaged. Download it again."
            ) from error
        self._running = threading.Lock()  # an interpreter has one set of tensors, so calls must not overlap
        self._inputs, self._outputs = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        self.inputs: list[Shape] = [tuple(map(int, tensor["shape"])) for tensor in self._inputs]
        self.outputs: list[Shape] = [tuple(map(int, tensor["shape"])) for tensor in self._outputs]

    @property
    def predicts(self) -> bool:
        """Return True if the file maps a style image to its bottleneck."""
        return [_kind(s) for s in self.inputs] == ["picture"] and [_kind(s) for s in self.outputs] == ["bottleneck"]

    @property
    def transfers(self) -> bool:
        """Return True if the file maps a content image and a bottleneck to a result."""
        asked = sorted(_kind(s) for s in self.inputs)
        return asked == ["bottleneck", "picture"] and [_kind(s) for s in self.outputs] == ["picture"]

    @property
    def side(self) -> int:
        """Side of the square input image, in pixels."""
        return next(shape[1] for shape in self.inputs if _kind(shape) == "picture")

    def __call__(self, **given: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the network on the inputs `given` by their kind, `picture` or `bottleneck`, and return the output."""
        with self._running:
            for tensor, shape in zip(self._inputs, self.inputs, strict=True):
                self._interpreter.set_tensor(tensor["index"], given[_kind(shape)].reshape(shape))
            self._interpreter.invoke()
            made: NDArray[np.float32] = self._interpreter.get_tensor(self._outputs[0]["index"])
            return made


def _kind(shape: Shape) -> str:
    """Return "picture" for the shape (1, S, S, 3), "bottleneck" for (1, 1, 1, N), or "other"."""
    if len(shape) != 4 or shape[0] != 1 or shape[1] != shape[2]:
        return "other"
    return "bottleneck" if shape[1] == 1 else "picture" if shape[3] == 3 else "other"
