"""Train fast, the feed-forward stylizer for any style, on photos and paintings.

    python -m tools.train_fast --photos DIR [DIR ...] --paintings DIR [DIR ...]

Each step stylizes crops of photos in the style of crops of other images, one of them at a random strength and the rest
at full strength. lite compares the results with the photos in deep features, and with the styles in Gram matrices at
two sizes; the shift loss compares second views of some crops, shifted by a few pixels. A stopped training resumes from
its last checkpoint when started again. A GPU is used if available.
"""

from __future__ import annotations

import argparse
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image

from nst.images import io as images
from nst.images import samples
from nst.models import precision
from nst.models.extractors.extractor import FeatureExtractor, Tensor
from nst.models.stylizers import fast
from nst.training import data, weight_average
from nst.training.fast_losses import (
    CONTENT,
    MARGIN,
    STYLE_WEIGHT,
    ChannelMoments,
    Crops,
    clipped,
    compare,
    judge,
    style_targets,
)
from tools.student import Student

SHIFTED = 2  # number of crops per step with a second view: the last ones, including the one at a random strength
KEPT_STYLES = 256  # recent style targets kept for reuse, because computing those of a style takes a third of a step
SHEET_SIDE = 256  # pixels, side of an image on the contact sheet
Batch = tuple[NDArray[np.float32], NDArray[np.float32], float]  # crops of photos, crop of a style image, strength


class Styles:
    """Cache of the style targets of recent steps, so that each step computes targets for one new style only.

    Style targets are channel means and covariances of lite's features, from fast_losses.style_targets().
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._kept: list[list[ChannelMoments]] = []
        self._rng = rng

    def batch(self, fresh: list[ChannelMoments], count: int) -> list[ChannelMoments]:
        """Store the targets `fresh` of a new style and return the targets of `count` styles, stacked.

        The first is `fresh`; the others are drawn at random from the 256 most recent styles.
        """
        self._kept = [*self._kept[1 - KEPT_STYLES :], tf.nest.map_structure(lambda t: t.numpy(), fresh)]
        others = [self._kept[self._rng.integers(len(self._kept))] for _ in range(count - 1)]
        batch: list[ChannelMoments] = tf.nest.map_structure(lambda *each: np.concatenate(each), self._kept[-1], *others)
        return batch


class Trainer:
    """State of the training of fast, the feed-forward stylizer: weights, optimizer and checkpoints."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._lite = judge(precision.resolve("auto"))
        self.student = beginner(arguments.seed, self._lite)
        self.step = tf.Variable(0, dtype=tf.int64)
        self._style_weight = arguments.style_weight
        self._variables = list(self.student.trained.values())
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, arguments.steps, alpha=0.02, warmup_target=arguments.rate, warmup_steps=300
        )
        self._optimizer = keras.optimizers.Adam(rate)
        self._optimizer.build(self._variables)
        checkpoint = tf.train.Checkpoint(student=self.student, optimizer=self._optimizer, step=self.step)
        self._manager = tf.train.CheckpointManager(checkpoint, str(arguments.build), max_to_keep=2)
        if arguments.start is not None and self._manager.latest_checkpoint is None:
            with np.load(arguments.start) as file:
                self.student.assign(dict(file))
        checkpoint.restore(self._manager.latest_checkpoint)
        self.targets = tf.function(lambda style: style_targets(self._lite, style))
        self.learn = tf.function(self._learn, reduce_retracing=True)

    def save(self) -> None:
        self._manager.save()

    def _learn(self, crops: Tensor, wanted: list[ChannelMoments], alpha: Tensor, shift: Tensor) -> Tensor:
        """Perform one training step and return all losses, (5,), in the order of fast_losses.Losses.

        `crops` are photos (N, side + MARGIN, side + MARGIN, 3), `wanted` the style targets of N styles, `alpha` the
        strengths (N,), `shift` the offset (2,) of the second views.
        """
        views = Crops.of(crops, shift, SHIFTED, self.step)
        seen = self._lite.features(views.photos, {*CONTENT, *fast.STYLE_LAYERS})
        with tf.GradientTape() as tape:
            network = self.student.network()
            asked = network.parameters(self._codes(network, views.photos[-1:], seen, wanted, alpha))
            painted = views.painted(network, asked, alpha)
            losses = compare(self._lite, views, painted, seen, wanted, alpha, self._style_weight)
        gradients = clipped(tape.gradient(losses.total, self._variables), 3.0)
        self._optimizer.apply_gradients(zip(gradients, self._variables, strict=True))
        self.student.follow(tf.cast(self.step, tf.float32))
        self.step.assign_add(1)
        return tf.stack(losses)

    def _codes(
        self, network: fast.Fast, photo: Tensor, seen: dict[str, Tensor], wanted: list[ChannelMoments], alpha: Tensor
    ) -> Tensor:
        """Return the style codes (N, CODE) that `network` predicts from the style targets `wanted`.

        The last one is interpolated by its strength in `alpha`, starting from the code of its own content image
        `photo`; `seen` are lite's features of all content images.
        """
        codes = network.code([{n: wanted[k][n] for n in fast.STYLE_LAYERS} for k in range(2)])
        half = self._lite.features(tf.nn.avg_pool2d(photo, 2, 2, "SAME"), fast.STYLE_LAYERS)
        own = network.code([{n: fast.moments(f[n][-1:]) for n in fast.STYLE_LAYERS} for f in (seen, half)])
        return tf.concat([codes[:-1], own + alpha[-1] * (codes[-1:] - own)], 0)


def beginner(seed: int, lite: FeatureExtractor) -> Student:
    """Return a Student, the trainable version of fast, with random initial weights; `lite` is its extractor."""
    return Student({n: _initial(n, s, seed + i) for i, (n, s) in enumerate(fast.shapes().items())}, lite)


def _initial(name: str, shape: tuple[int, ...], seed: int) -> Tensor:
    if name.endswith("/bias"):
        return tf.zeros(shape)
    gain = {"modulation": 0.3, "paint": 0.1}.get(name.partition("/")[0], 1.0)
    kind = keras.initializers.HeNormal if len(shape) == 4 else keras.initializers.LecunNormal
    return kind(seed)(shape) * gain


def material(arguments: argparse.Namespace, seed: int) -> Iterator[Batch]:
    """Yield endless training batches, prepared in a background thread.

    A batch is crops of photos, a crop of one style image, and a random strength in [0, 1]. `arguments` are those of the
    command line.
    """
    ready: queue.Queue[Batch] = queue.Queue(8)

    def cut() -> None:
        rng = np.random.default_rng(seed)
        photos, paintings = data.load_all(arguments.photos), data.load_all(arguments.paintings)
        paintings += data.load(data.list_pictures(data.STYLES))
        while True:
            side = arguments.crop + MARGIN
            crops = [data.content_crop(photos[rng.integers(len(photos))], side, rng) for _ in range(arguments.batch)]
            style = data.style_crop(paintings if rng.random() < 0.93 else photos, arguments.crop * 3 // 2, rng)
            ready.put((np.stack(crops), style[None], float(rng.random())))

    threading.Thread(target=cut, daemon=True).start()
    while True:
        yield ready.get()


class VariationSheet:
    """Contact sheet to monitor the training: three sample photos in three sample styles, with averaged weights."""

    def __init__(self, student: Student) -> None:
        photos = [images.read(sample.source()).rgb for sample in samples.photos()[:3]]
        self._photos = [images.resize(photo, (SHEET_SIDE, SHEET_SIDE)) for photo in photos]
        self._styles = [images.resize(style, (448, 448)) for style in data.load(data.list_pictures(data.STYLES))[:9:3]]
        self._noise = tf.random.stateless_normal((1, SHEET_SIDE, SHEET_SIDE, 1), (0, 0))

        @tf.function
        def paint(photo: Tensor, style: Tensor) -> Tensor:
            network = student.kept()
            return network.decode(network.encode(photo, self._noise), network.parameters(network.describe(style)))

        self._paint = paint

    def save(self, path: Path) -> None:
        """Write the contact sheet to `path`, with one row per photo and one column per style."""
        given = [[tf.constant(images.to_float(p)[None]) for p in pictures] for pictures in (self._photos, self._styles)]
        rows = [np.hstack([self._paint(photo, style).numpy()[0] for style in given[1]]) for photo in given[0]]
        Image.fromarray(images.to_pixels(np.clip(np.vstack(rows), 0, 1))).save(path)


def train(arguments: argparse.Namespace) -> None:
    """Run the training, or resume it from the last checkpoint; `arguments` are those of the command line.

    Every `--report` steps, checkpoints, averaged weights and the contact sheet are written.
    """
    trainer = Trainer(arguments)
    sheet = VariationSheet(trainer.student)
    seed = arguments.seed + int(trainer.step)
    rng, batches = np.random.default_rng(seed), material(arguments, seed)
    styles = Styles(rng)
    started, average = time.monotonic(), None
    while trainer.step < arguments.steps:
        crops, style, strength = next(batches)
        wanted = styles.batch(trainer.targets(style), len(crops))
        alpha = np.ones(len(crops), np.float32)
        alpha[-1] = strength
        losses = trainer.learn(crops, wanted, alpha, rng.integers(0, MARGIN, 2, np.int32)).numpy()
        average = losses if average is None else 0.99 * average + 0.01 * losses
        if int(trainer.step) % arguments.report == 0 or trainer.step == arguments.steps:
            trainer.save()
            weight_average.save(trainer.student.averaged(), arguments.out)
            sheet.save(arguments.build / "sheet.png")
            shown = " ".join(f"{v:.4f}" for v in average)
            took = time.monotonic() - started
            print(f"step {int(trainer.step)}  {took:.0f} s  loss, content, style, plain, shift {shown}", flush=True)


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.train_fast", description=__doc__)
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders; some pictures are held out")
    parser.add_argument("--paintings", type=Path, nargs="+", required=True, help="folders; some pictures are held out")
    parser.add_argument("--out", type=Path, default=Path("assets/models/fast.npz"))
    parser.add_argument("--build", type=Path, default=Path("checkpoints/fast"), help="folder of the checkpoints")
    parser.add_argument("--start", type=Path, help="weights to begin with, an .npz; default: random ones")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--crop", type=int, default=192, help="pixels, a multiple of 16")
    parser.add_argument("--style-weight", type=float, default=STYLE_WEIGHT)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report", type=int, default=200, help="steps between checkpoints")
    return parser.parse_args(argv)


if __name__ == "__main__":
    train(parse())
