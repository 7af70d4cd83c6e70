"""Reference loops: other style-transfer programs, written from their published descriptions, to compare nst with.

A loop takes a task, a number of steps, and `report`, which is called after each step with the number of the step and
the image, float32 RGB (H, W, 3). Each starts from the content image. `report` may raise an exception to end the loop.
Libraries are imported on use, because a process runs only one loop.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.material import CONTENT_WEIGHT, STYLE_WEIGHT, Task, read
from nst.models import precision

Report = Callable[[int, NDArray[Any]], None]
Loop = Callable[[Task, int, Report], None]

HISTORY = 10  # correction pairs of every L-BFGS, as in nst


def tf_tutorial(task: Task, steps: int, report: Report) -> None:
    """Perform `steps` steps of TensorFlow's style-transfer tutorial: float32, Adam, pixels clipped after each step.

    `report` is called with number and image after each step.
    """
    image, step, restart = _tutorial(task)
    restart()
    for number in range(1, steps + 1):
        step()
        report(number, image.numpy())


@lru_cache(maxsize=1)
def _tutorial(task: Task) -> tuple[Any, Callable[[], None], Callable[[], None]]:
    """Return the image, a function that performs one step, and a function that resets image and optimizer.

    They are cached, so that a second run is warm, unlike in the original tutorial.
    """
    import tensorflow as tf

    from benchmarks.speed.objective import objective

    goal, photo = objective(task), tf.constant(read(task.content))
    image = tf.Variable(photo)
    optimizer = tf.keras.optimizers.Adam(learning_rate=0.02, beta_1=0.99, epsilon=1e-1)
    optimizer.build([image])
    fresh = [tf.identity(variable) for variable in optimizer.variables]

    @tf.function
    def step() -> None:
        with tf.GradientTape() as tape:
            loss = goal.of(image)
        optimizer.apply_gradients([(tape.gradient(loss, image), image)])
        image.assign(tf.clip_by_value(image, 0.0, 1.0))

    def restart() -> None:
        image.assign(photo)
        for variable, value in zip(optimizer.variables, fresh, strict=True):
            variable.assign(value)

    return image, step, restart


def scipy_lbfgs(task: Task, steps: int, report: Report) -> None:
    """Minimize the tutorial's objective with its float32 gradient by SciPy's L-BFGS-B, at one scale.

    `report` is called with number and image after each of at most `steps` steps.
    """
    from scipy.optimize import Bounds, minimize

    gradient, x = _value_and_gradient(task), read(task.content)
    numbers = itertools.count(1)
    minimize(
        lambda flat: gradient(flat.reshape(x.shape)),
        x.ravel(),
        jac=True,
        method="L-BFGS-B",
        bounds=Bounds(0, 1),
        callback=lambda flat: report(next(numbers), flat.reshape(x.shape).astype(np.float32)),
        options={"maxiter": steps, "maxfun": 10 * steps, "maxcor": HISTORY, "ftol": 0, "gtol": 0},
    )


@lru_cache(maxsize=1)
def _value_and_gradient(task: Task) -> Callable[[NDArray[Any]], tuple[float, NDArray[np.float64]]]:
    import tensorflow as tf

    from benchmarks.speed.objective import objective

    goal = objective(task)

    @tf.function
    def both(rgb: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(rgb)
            loss = goal.of(rgb)
        return loss, tape.gradient(loss, rgb)

    def evaluate(x: NDArray[Any]) -> tuple[float, NDArray[np.float64]]:
        loss, gradient = both(tf.constant(x, tf.float32))
        return float(loss), gradient.numpy().astype(np.float64).ravel()

    return evaluate


def torch_adam(task: Task, steps: int, report: Report) -> None:
    """Minimize the objective of TensorFlow's tutorial in PyTorch, by Adam with the tutorial's parameters.

    `report` is called with number and image after each of `steps` steps.
    """
    import torch

    goal = TorchObjective(task)
    x = goal.start()
    optimizer = torch.optim.Adam([x], lr=0.02, betas=(0.99, 0.999), eps=1e-1)
    for number in range(1, steps + 1):
        goal.backward(x)
        optimizer.step()
        x.data.clamp_(0, 1)
        report(number, picture(x))


def torch_lbfgs(task: Task, steps: int, report: Report) -> None:
    """Minimize the objective of TensorFlow's tutorial in PyTorch by L-BFGS.

    `report` is called with number and image after each of `steps` steps. A step is one evaluation, including those of
    the line search. Of the setups used by existing tools, this one reached the lowest loss in as many evaluations:
    strong Wolfe line search, calls of 20 iterations, pixels clipped between calls. Full steps without a search, the
    usual choice, needed four times as many.
    """
    import torch

    goal = TorchObjective(task)
    x = goal.start()
    optimizer = torch.optim.LBFGS(
        [x], history_size=HISTORY, line_search_fn="strong_wolfe", tolerance_grad=0, tolerance_change=0
    )
    numbers = itertools.count(1)

    def closure() -> Any:
        loss = goal.backward(x)
        report(number := next(numbers), picture(x))
        if number == steps:
            raise StopIteration
        return loss

    with suppress(StopIteration):
        while True:
            optimizer.step(closure)
            x.data.clamp_(0, 1)


def picture(x: Any) -> NDArray[np.float32]:
    """Convert a PyTorch tensor (1, 3, H, W) to float32 RGB (H, W, 3) in [0, 1]."""
    found: NDArray[np.float32] = x.detach()[0].permute(1, 2, 0).clamp(0, 1).contiguous().numpy()
    return found


class TorchObjective:
    """Objective of TensorFlow's tutorial in PyTorch, tuned for speed.

    Memory format is channels last, and convolutions are bfloat16 by autocast if the processor supports it, with weights
    cast beforehand. Gram matrices and differences are float32. Only data needed for the gradient of the image is kept.
    """

    def __init__(self, task: Task) -> None:
        import torch

        self._torch, self._task = torch, task
        self._bfloat16 = precision.processor_has_bfloat16()
        weights = np.load(task.weights)
        self._layers = [(name, *self._cast(weights[f"{name}/kernel"], weights[f"{name}/bias"])) for name in task.layers]
        self._mean = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
        with torch.no_grad():
            self._content = self._features(self._tensor(task.content))[task.content_layer]
            style = self._features(self._tensor(task.style))
            self._style = [self._gram(style[name]) for name in task.style_layers]

    def start(self) -> Any:
        """Return the content image, float32 (1, 3, H, W), as a tensor to optimize."""
        return self._tensor(self._task.content).requires_grad_()

    def backward(self, x: Any) -> Any:
        """Return the loss of the image `x` (1, 3, H, W) and store its gradient in `x.grad`."""
        x.grad = None
        found = self._features(x)
        content = (found[self._task.content_layer] - self._content).square().mean()
        grams = [self._gram(found[name]) for name in self._task.style_layers]
        style = sum((g - a).square().mean() for g, a in zip(grams, self._style, strict=True)) / len(grams)
        loss = CONTENT_WEIGHT * content + STYLE_WEIGHT * style
        loss.backward()
        return loss

    def _features(self, x: Any) -> dict[str, Any]:
        torch, functional = self._torch, self._torch.nn.functional
        wanted = {self._task.content_layer, *self._task.style_layers}
        found = {}
        x = (x.flip(1) * 255 - self._mean).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            for name, kernel, bias in self._layers:
                if name.endswith("conv1") and name != self._layers[0][0]:
                    x = functional.max_pool2d(x, 2)
                x = functional.relu(functional.conv2d(x, kernel, bias, padding=1))
                if name in wanted:
                    found[name] = x.float()
        return found

    def _gram(self, features: Any) -> Any:
        flat = features[0].flatten(1)
        return flat @ flat.T / flat.shape[1]

    def _cast(self, kernel: NDArray[Any], bias: NDArray[Any]) -> tuple[Any, Any]:
        torch = self._torch
        kind = torch.bfloat16 if self._bfloat16 else torch.float32
        turned = torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()).to(kind, memory_format=torch.channels_last)
        return turned, torch.from_numpy(bias).to(kind)

    def _tensor(self, path: Any) -> Any:
        return self._torch.from_numpy(read(path)).permute(2, 0, 1)[None].contiguous()
