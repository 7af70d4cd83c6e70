"""Train fast, the feed-forward stylizer for any style, on photos and paintings.

    python -m nst.training.train_fast --photos DIR --paintings DIR

Each step repaints crops of photos in the manner of crops of other pictures, each at a strength of its own. What comes
out is compared by lite: with the photo in deep features, with the style in Gram matrices at two sizes. Stopping and
starting again resumes at the last checkpoint.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from nst.models import fast, networks
from nst.models.convnet import Tensor
from nst.models.lite import LITE
from nst.training import data, kept_weights
from nst.training.fast_losses import STYLE_WEIGHT, compare, judge, style_targets
from nst.training.student import Student, clipped

# How loud the photo's own features enter the decoder in the beginning. At their full voice the decoder would copy its
# edges and never learn to paint: from there, the style loss stayed at 0.47 where this way it fell to 0.36.
SKIPS = {"skip4": 0.4, "skip2": 0.05}


def beginner(seed: int) -> Student:
    """A student that knows nothing yet but how lite looks at styles."""
    learning = {n: _initial(n, shape, seed + i) for i, (n, shape) in enumerate(trained().items())}
    return Student(learning, _lite_for_styles(), "bfloat16")


def trained() -> dict[str, tuple[int, ...]]:
    """Shapes of the weights that are learned: all but lite's copy."""
    return {n: s for n, s in fast.shapes().items() if not n.startswith(fast.STYLE_PREFIX)}


def _initial(name: str, shape: tuple[int, ...], seed: int) -> Tensor:
    if name == "modulation/bias":
        scales = ([SKIPS.get(layer, 1.0) - 1.0] * width + [0.0] * width for layer, width in fast.modulated().items())
        return tf.constant([value for layer in scales for value in layer])
    if name.endswith("/bias"):
        return tf.zeros(shape)
    gain = {"modulation": 0.05, "paint": 0.1}.get(name.partition("/")[0], 1.0)
    kind = keras.initializers.HeNormal if len(shape) == 4 else keras.initializers.LecunNormal
    return kind(seed)(shape) * gain


def _lite_for_styles() -> dict[str, np.ndarray]:
    with np.load(networks.LITE_WEIGHTS) as file:
        names = LITE.kernel_shapes(fast.LOOKS[-1])
        return {
            f"{fast.STYLE_PREFIX}{n}/{part}": file[f"{n}/{part}"].astype(np.float32)
            for n in names
            for part in ("kernel", "bias")
        }


def train(arguments: argparse.Namespace) -> None:
    """Run or resume the training, then write the averaged weights."""
    lite = judge("bfloat16")
    student = beginner(arguments.seed)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, arguments.steps, alpha=0.02, warmup_target=arguments.rate, warmup_steps=300
    )
    optimizer = keras.optimizers.Adam(rate)
    variables = list(student.trained.values())
    optimizer.build(variables)
    step_now = tf.Variable(0, dtype=tf.int64)
    checkpoint = tf.train.Checkpoint(student=student, optimizer=optimizer, step=step_now)
    manager = tf.train.CheckpointManager(checkpoint, str(arguments.build), max_to_keep=1)
    checkpoint.restore(manager.latest_checkpoint)

    @tf.function(reduce_retracing=True)
    def learn(photos: Tensor, styles: Tensor, alpha: Tensor) -> Tensor:
        wanted = style_targets(lite, styles)
        looks = [{n: wanted[k][n] for n in fast.LOOKS} for k in range(2)]
        with tf.GradientTape() as tape:
            network = student.network()
            painted = network.decode(network.encode(photos), network.code(looks), alpha)
            losses = compare(lite, painted, photos, wanted, alpha, arguments.style_weight)
        gradients = clipped(tape.gradient(losses.total, variables), 3.0)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        student.follow(tf.cast(step_now, tf.float32))
        return tf.stack(losses)

    seed = arguments.seed + int(step_now)
    material = data.pairs(arguments.photos, arguments.paintings, arguments.batch, arguments.crop, seed)
    started, average = time.monotonic(), None
    while step_now < arguments.steps:
        losses = learn(*map(tf.constant, next(material))).numpy()
        average = losses if average is None else 0.99 * average + 0.01 * losses
        step_now.assign_add(1)
        if int(step_now) % arguments.report == 0 or step_now == arguments.steps:
            manager.save()
            kept_weights.save(student.averaged(), arguments.out)
            shown = " ".join(f"{v:.4f}" for v in average)
            took = time.monotonic() - started
            print(f"step {int(step_now)}  {took:.0f} s  loss, content, style, plain {shown}", flush=True)


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m nst.training.train_fast", description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--paintings", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("assets/models/fast.npz"))
    parser.add_argument("--build", type=Path, default=Path("build/fast"), help="folder of the checkpoints")
    parser.add_argument("--steps", type=int, default=8_000)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--crop", type=int, default=192, help="pixels, a multiple of 16")
    parser.add_argument("--style-weight", type=float, default=STYLE_WEIGHT)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report", type=int, default=250, help="steps between checkpoints")
    return parser.parse_args(argv)


if __name__ == "__main__":
    train(parse())
