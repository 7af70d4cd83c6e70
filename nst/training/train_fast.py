"""Train fast, the feed-forward stylizer for any style, on photos and paintings.

    python -m nst.training.train_fast --photos DIR --paintings DIR

Each step repaints crops of photos in the manner of crops of other pictures, each at a strength of its own. What comes
out is compared by lite: with the photo in deep features, with the style in Gram matrices at two sizes. Stopping and
starting again resumes at the last checkpoint.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nst.losses import TINY
from nst.models import fast, networks
from nst.models.convnet import FeatureExtractor, Tensor
from nst.models.fast import Fast, moments
from nst.models.lite import LITE
from nst.training import data

CONTENT = {"block2_conv2": 0.5, "block3_conv3": 1.0, "block4_conv1": 1.0}
STYLE = {"block1_conv1": 1.0, "block1_conv2": 1.0, "block2_conv1": 1.0, "block2_conv2": 1.0,
         "block3_conv1": 1.0, "block3_conv2": 1.0, "block3_conv3": 1.0, "block4_conv1": 0.5}  # fmt: skip
HALF_STYLE = {name: weight for name, weight in STYLE.items() if name != "block4_conv1"}
RECONSTRUCTION = 20.0  # weight of the pixels' mean squared error where no style is asked for
RANGE = 5.0  # weight of what leaves the range of colors
AVERAGE = 0.999  # decay of the weights' moving average, which is what is kept


class Student(tf.Module):
    """fast's weights as variables, and their moving average."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.trained = {n: tf.Variable(_initial(n, s, seed + i), name=n) for i, (n, s) in enumerate(trained().items())}
        self.average = {n: tf.Variable(v, trainable=False, name=n) for n, v in self.trained.items()}
        self.frozen = {n: tf.constant(v) for n, v in _lite_for_styles().items()}

    def network(self) -> Fast:
        return Fast({**self.trained, **self.frozen}, dtype="bfloat16")

    def averaged(self) -> dict[str, np.ndarray]:
        """All weights, as they are kept."""
        return {n: np.asarray(v) for n, v in {**self.average, **self.frozen}.items()}

    def follow(self, step: Tensor) -> None:
        """Let the average follow; at the beginning, when all is in motion, at a shorter distance."""
        decay = tf.minimum(AVERAGE, (1.0 + step) / (10.0 + step))
        for name, variable in self.trained.items():
            self.average[name].assign_sub((1.0 - decay) * (self.average[name] - variable))


def trained() -> dict[str, tuple[int, ...]]:
    """Shapes of the weights that are learned: all but lite's copy."""
    return {n: s for n, s in fast.shapes().items() if not n.startswith(fast.STYLE_PREFIX)}


def _initial(name: str, shape: tuple[int, ...], seed: int) -> Tensor:
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


def style_weight(alpha: Tensor) -> Tensor:
    """How much of the full style weight counts at a strength: 0 at 0, growing exponentially as the loop's does."""
    return (10.0 ** (1.5 * alpha) - 1) / (10.0**1.5 - 1)


def style_targets(lite: FeatureExtractor, rgb: Tensor) -> list[dict[str, tuple[Tensor, Tensor]]]:
    """Channel means and covariances of all style layers, at full and at half size."""
    half = tf.nn.avg_pool2d(rgb, 2, 2, "SAME")
    full_found, half_found = lite.features(rgb, STYLE), lite.features(half, HALF_STYLE)
    return [{n: moments(full_found[n]) for n in STYLE}, {n: moments(half_found[n]) for n in HALF_STYLE}]


@tf.custom_gradient
def grams(features: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Gram matrices (N, C, C) over the number of locations, of features (N, H, W, C); see nst.losses.gram()."""
    shape = tf.shape(features)
    locations = tf.cast(shape[1] * shape[2], tf.float32)
    flat = tf.reshape(features, (shape[0], -1, features.shape[-1]))

    def gradient(upstream: Tensor) -> Tensor:
        return tf.reshape(tf.matmul(flat, (upstream + tf.linalg.matrix_transpose(upstream)) / locations), shape)

    return tf.matmul(flat, flat, transpose_a=True) / locations, gradient


def distance(found: Tensor, wanted: tuple[Tensor, Tensor]) -> Tensor:
    """Norm of the difference between Gram matrices over the wanted one's, (N,).

    Not squared: so a style that is hard to meet weighs no more than one that is easy.
    """
    mean, covariance = wanted
    target = covariance + mean[:, :, None] * mean[:, None, :]
    energy = tf.reduce_sum(tf.square(target), (1, 2)) + TINY
    return tf.sqrt(tf.reduce_sum(tf.square(grams(found) - target), (1, 2)) / energy + 1e-4)


def style_loss(lite: FeatureExtractor, found: dict[str, Tensor], rgb: Tensor, wanted: list[Any]) -> Tensor:
    """(N,) weighted mean over layers and both sizes."""
    half = lite.features(tf.nn.avg_pool2d(rgb, 2, 2, "SAME"), HALF_STYLE)
    terms = [w * distance(found[n], wanted[0][n]) for n, w in STYLE.items()]
    terms += [w * distance(half[n], wanted[1][n]) for n, w in HALF_STYLE.items()]
    return tf.add_n(terms) / (sum(STYLE.values()) + sum(HALF_STYLE.values()))


def content_loss(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> Tensor:
    """(N,) weighted mean over layers of the relative energy of features without their channel means.

    Without them, because a change of colors alone moves the means, and colors are the style's.
    """

    def centered(f: Tensor) -> Tensor:
        return f - tf.reduce_mean(f, (1, 2), keepdims=True)

    def relative(a: Tensor, b: Tensor) -> Tensor:
        return tf.reduce_sum(tf.square(a - b), (1, 2, 3)) / (tf.reduce_sum(tf.square(b), (1, 2, 3)) + TINY)

    terms = [w * relative(centered(found[n]), centered(wanted[n])) for n, w in CONTENT.items()]
    return tf.add_n(terms) / sum(CONTENT.values())


def train(arguments: argparse.Namespace) -> None:
    """Run or resume the training, then write the averaged weights."""
    lite = networks.load(networks.choose("lite"), "average", "bfloat16")
    lite = FeatureExtractor(LITE, lite.weights, dtype="bfloat16")
    student = Student(arguments.seed)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, arguments.steps, alpha=0.02, warmup_target=arguments.rate, warmup_steps=300
    )
    optimizer = keras.optimizers.Adam(rate, beta_2=0.99)
    variables = list(student.trained.values())
    optimizer.build(variables)
    step_now = tf.Variable(0, dtype=tf.int64)
    checkpoint = tf.train.Checkpoint(student=student, optimizer=optimizer, step=step_now)
    manager = tf.train.CheckpointManager(checkpoint, str(arguments.build), max_to_keep=1)
    checkpoint.restore(manager.latest_checkpoint)

    @tf.function(reduce_retracing=True)
    def learn(photos: Tensor, styles: Tensor, alpha: Tensor) -> Tensor:
        wanted = style_targets(lite, styles)
        seen = lite.features(photos, CONTENT)
        looks = [{n: wanted[k][n] for n in fast.LOOKS} for k in range(2)]
        with tf.GradientTape() as tape:
            network = student.network()
            painted = network.decode(network.encode(photos), network.code(looks), alpha)
            found = lite.features(painted, {*CONTENT, *STYLE})
            content = content_loss(found, seen)
            style = style_loss(lite, found, painted, wanted)
            plain = tf.reduce_mean(tf.square(painted - photos), (1, 2, 3)) * tf.square(1.0 - alpha)
            outside = tf.reduce_mean(tf.square(tf.nn.relu(tf.abs(painted - 0.5) - 0.5)), (1, 2, 3))
            each = content + arguments.style_weight * style_weight(alpha) * style
            loss = tf.reduce_mean(each + RECONSTRUCTION * plain + RANGE * outside)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, variables), 5.0)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        student.follow(tf.cast(step_now, tf.float32))
        full = tf.cast(alpha == 1.0, tf.float32)
        shown = [tf.reduce_sum(v * full) / tf.reduce_sum(full) for v in (content, style)]
        return tf.stack([loss, *shown, tf.reduce_mean(plain)])

    seed = arguments.seed + int(step_now)
    material = data.pairs(arguments.photos, arguments.paintings, arguments.batch, arguments.crop, seed)
    started, average = time.monotonic(), None
    while step_now < arguments.steps:
        losses = learn(*map(tf.constant, next(material))).numpy()
        average = losses if average is None else 0.99 * average + 0.01 * losses
        step_now.assign_add(1)
        if int(step_now) % arguments.report == 0 or step_now == arguments.steps:
            manager.save()
            save(student.averaged(), arguments.out)
            shown = " ".join(f"{v:.4f}" for v in average)
            took = time.monotonic() - started
            print(f"step {int(step_now)}  {took:.0f} s  loss, content, style, plain {shown}", flush=True)


def save(weights: dict[str, np.ndarray], path: Path) -> None:
    """Write weights as float16 `.npz`."""
    halves: dict[str, Any] = {n: w.astype(np.float16) for n, w in weights.items()}
    if not all(np.isfinite(array).all() for array in halves.values()):
        raise FloatingPointError("the weights do not fit into float16; the training has gone wrong")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, **halves)
    partial.replace(path)


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m nst.training.train_fast", description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--paintings", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("assets/models/fast.npz"))
    parser.add_argument("--build", type=Path, default=Path("build/fast"), help="folder of the checkpoints")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--crop", type=int, default=192, help="pixels, a multiple of 16")
    parser.add_argument("--style-weight", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report", type=int, default=250, help="steps between checkpoints")
    return parser.parse_args(argv)


if __name__ == "__main__":
    train(parse())
