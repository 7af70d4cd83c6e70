"""Two figures that relate speed to hardware: the peak throughput of matrix products, and the FLOPs of a step.

    python -m benchmarks.speed.probe

Prints the peak of TensorFlow's matrix products on this machine in GFLOP/s, for float32 and bfloat16. step_flops()
counts the operations of a style-transfer step, for the share of this peak in benchmarks.speed.step_time.
"""

from __future__ import annotations

import json
import time

from nst.models.extractors.architecture import Architecture
from nst.settings.engines import LayerWeights

SIDES = (1024, 2048, 4096)  # of the square matrices
SECONDS = 2.0  # for each side and number format


def step_flops(architecture: Architecture, content: LayerWeights, style: LayerWeights, size: tuple[int, int]) -> int:
    """Return the minimum FLOPs of one evaluation of loss and gradient, for an image of `size`, (width, height).

    `content` and `style` are the layers of the losses. A multiplication and an addition count as two. Products are
    counted: each convolution down to the deepest layer once forward and once backward to the image, and for each style
    layer F^T F and, for its gradient, F (G - A), where G - A is symmetric. Not counted: additional work of a library,
    such as a second product there or gradients of weights, and small operations: ReLU, pooling, differences, the
    optimizer.
    """
    width, height = size
    styles = {name for name, _ in style}
    deepest = architecture.deepest(name for name, _ in content + style)
    flops = 0
    for name, (_, _, incoming, channels) in architecture.kernel_shapes(deepest).items():
        if name.endswith("_conv1") and name != architecture.layers[0]:
            width, height = -(-width // 2), -(-height // 2)
        flops += 2 * (2 * 9 * incoming * channels * width * height)
        if name in styles:
            flops += 2 * (2 * channels * channels * width * height)
    return flops


def peak_flops() -> dict[str, float]:
    """Measure the peak FLOPs per second of TensorFlow's product of two square matrices, by number format."""
    return {dtype: max(_product(side, dtype) for side in SIDES) for dtype in ("float32", "bfloat16")}


def _product(side: int, dtype: str) -> float:
    import tensorflow as tf

    a = tf.cast(tf.random.stateless_uniform((side, side), (0, side)), dtype)
    product = tf.function(lambda: tf.linalg.matmul(a, a)[0, 0])
    best, ends = float("inf"), time.perf_counter() + SECONDS
    product()
    while time.perf_counter() < ends:
        began = time.perf_counter()
        product().numpy()
        best = min(best, time.perf_counter() - began)
    return 2 * side**3 / best


def main() -> None:
    print(json.dumps({dtype: f"{flops / 1e9:.0f} GFLOP/s" for dtype, flops in peak_flops().items()}))


if __name__ == "__main__":
    main()
