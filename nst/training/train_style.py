"""Train a style of one's own: a copy of fast learns to paint one style, or what a few have in common, better.

Only the decoder and what modulates it learn; the photo's encoder and the style's description stay as they were, so
that the copy goes on to know other styles. Each step repaints squares of photos, most at full strength, and compares
them by the losses that fast was trained by; the style is a target that never changes. Training is a stream, like an
engine: it yields, it never prints. What it has learned is kept in a folder, from which the same call goes on.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image, ImageOps

from nst import images, samples
from nst.canvas import of_area
from nst.control import Control
from nst.errors import Diverged
from nst.images import Pixels, to_float, to_pixels
from nst.models import fast, precision, stylizers
from nst.models.convnet import FeatureExtractor, Tensor
from nst.models.fast import Fast
from nst.models.trained_style import PICTURE_SIDE, TrainedStyle
from nst.settings import FastSettings
from nst.training.data import content_crop, random_strengths
from nst.training.fast_losses import STYLE_WEIGHT, Moments, compare, judge, style_targets
from nst.training.keeping import Identity, Keeping
from nst.training.student import Student, clipped
from nst.training.style_settings import StyleTraining

LEARNING = ("block", "up", "fine", "paint", "modulation")  # how the names of the weights begin that learn
RATE = 3e-4  # what fast itself learned at; at 1e-3 and more such a training may run away after a few hundred steps
WARM_UP = 0.05  # share of the steps in which the rate grows to it
EVERY = 50  # steps between previews, and between checkpoints
STEADY = 0.95  # of the moving mean of the losses that are told


@dataclass(frozen=True)
class Lesson:
    """What is known after a step; `loss` and `style`, its part at full strength, are means over the last steps."""

    step: int
    total: int
    loss: float
    style: float
    remaining: float | None  # seconds that the rest will probably take, once that can be told
    preview: Pixels | None = field(default=None, repr=False)  # a sample photo, repainted; now and then
    result: TrainedStyle | None = None  # of the last step


def train(
    styles: Mapping[str, Pixels],
    photos: Sequence[Pixels],
    settings: StyleTraining,
    folder: Path,
    *,
    name: str,
    control: Control | None = None,
) -> Iterator[Lesson]:
    """Train on `styles`, one or a few by name, with any photos; all are uint8 RGB (H, W, 3).

    Goes on where `folder` says that the training was left. The last Lesson has the result, called `name`; clear() the
    folder once that is safe. A stop through `control` keeps what was learned, and yields once more, without a result.
    Raises InputError or ModelError at once, before the stream is returned; Diverged in mid-run.
    """
    pictures = list(styles.values())
    network = stylizers.load(FastSettings())  # first, because it says what is wrong if the weights are missing
    code: NDArray[np.float32] = np.stack([network.describe(picture) for picture in pictures]).mean(0)
    with np.load(stylizers.MICRO_WEIGHTS) as file:
        start = {n: file[n].astype(np.float32) for n in file}
    keeping = Keeping(folder, Identity.of(list(styles), pictures, start))
    pupil = _Pupil(pictures, code, start, settings.steps)
    keeping.restore(**pupil.kept)
    return _lessons(pupil, photos, settings, keeping, name, control or Control())


def _lessons(
    pupil: _Pupil,
    photos: Sequence[Pixels],
    settings: StyleTraining,
    keeping: Keeping,
    name: str,
    control: Control,
) -> Iterator[Lesson]:
    took: list[float] = []
    while pupil.step < settings.steps and control.wait():
        began = time.monotonic()
        pupil.learn(*_squares(photos, settings, pupil.step))
        took.append(time.monotonic() - began)
        if pupil.step == settings.steps:
            break
        due = pupil.step % EVERY == 0
        if due:
            keeping.save()
        lasting = took[1:][-EVERY:]  # the first one took far longer than those to come
        left = (settings.steps - pupil.step) * median(lasting) if lasting else None
        yield Lesson(pupil.step, settings.steps, *pupil.told, left, pupil.paint() if due else None)
    keeping.save()
    if pupil.step < settings.steps:
        yield Lesson(pupil.step, settings.steps, *pupil.told, None)
    else:
        yield Lesson(pupil.step, settings.steps, *pupil.told, 0.0, pupil.paint(), pupil.result(name))


def _squares(
    photos: Sequence[Pixels], settings: StyleTraining, step: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Squares of photos (batch, crop, crop, 3) and strengths (batch,): the same at a step, however often one stops."""
    rng = np.random.default_rng((settings.seed, step))
    chosen = [photos[i] for i in rng.integers(len(photos), size=settings.batch)]
    return np.stack([content_crop(p, settings.crop, rng) for p in chosen]), random_strengths(settings.batch, rng)


class _Pupil:
    """The copy of fast that learns, and what it is taught by."""

    def __init__(
        self,
        styles: Sequence[Pixels],
        code: NDArray[np.float32],
        start: Mapping[str, NDArray[np.float32]],
        steps: int,
    ) -> None:
        """`code` is what fast calls the styles together, `start` are fast's weights."""
        dtype = precision.resolve("auto")
        learning = {n: w for n, w in start.items() if n.startswith(LEARNING)}
        self._student = Student(learning, {n: w for n, w in start.items() if n not in learning}, dtype)
        self._lite = judge(dtype)
        self._styles, self._code = styles, code
        self._targets = _common_targets(self._lite, styles)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, steps, alpha=0.02, warmup_target=RATE, warmup_steps=math.ceil(WARM_UP * steps)
        )
        self._optimizer = keras.optimizers.Adam(rate)
        self._optimizer.build(list(self._student.trained.values()))
        self._done, self._told = tf.Variable(0, dtype=tf.int64), tf.Variable(tf.zeros(2))
        self._learn: Any = tf.function(self._traced)
        self._easel = _Easel(self._student.kept(), self._code)

    @property
    def kept(self) -> dict[str, Any]:
        """All that changes, as TensorFlow's objects."""
        return {"student": self._student, "optimizer": self._optimizer, "step": self._done, "told": self._told}

    @property
    def step(self) -> int:
        return int(self._done)

    @property
    def told(self) -> tuple[float, float]:
        """Moving means of the loss, and of its style part at full strength."""
        loss, style = self._told.numpy()
        return float(loss), float(style)

    def learn(self, photos: NDArray[np.float32], strengths: NDArray[np.float32]) -> None:
        """Take one step. Raises Diverged."""
        losses = self._learn(tf.constant(photos), tf.constant(strengths)).numpy()
        if not np.isfinite(losses).all():
            raise Diverged(
                f"The training left the finite numbers at step {self.step + 1}. Run it again to go on from what was "
                "kept last; if that does not help, give other photos."
            )
        share = STEADY if self.step else 0.0
        self._told.assign(share * self._told + (1 - share) * losses)
        self._done.assign_add(1)

    def paint(self) -> Pixels:
        """A preview."""
        return self._easel.paint()

    def result(self, name: str) -> TrainedStyle:
        """What was learned. Raises Diverged."""
        halves = {n: w.astype(np.float16) for n, w in self._student.averaged().items()}
        if not all(np.isfinite(w).all() for w in halves.values()):
            raise Diverged("The training went wrong: what it learned is too large to be kept. Give other photos.")
        return TrainedStyle(name, sheet(self._styles), self._code, halves)

    def _traced(self, photos: Tensor, strengths: Tensor) -> Tensor:
        code = tf.repeat(self._code[None], photos.shape[0], 0)
        variables = list(self._student.trained.values())
        with tf.GradientTape() as tape:
            network = self._student.network()
            painted = network.decode(network.encode(photos), code, strengths)
            losses = compare(self._lite, painted, photos, self._targets, strengths, STYLE_WEIGHT)
        gradients = clipped(tape.gradient(losses.total, variables), 5.0)
        self._optimizer.apply_gradients(zip(gradients, variables, strict=True))
        self._student.follow(tf.cast(self._done, tf.float32))
        return tf.stack([losses.total, losses.style])


class _Easel:
    """A sample photo that is repainted again and again, while the network changes."""

    def __init__(self, network: Fast, code: NDArray[np.float32]) -> None:
        photo = images.fit(images.read(samples.photos()[0].source()).rgb, PICTURE_SIDE)
        height, width = (side - side % fast.STRIDE for side in photo.shape[:2])
        self._photo = to_float(photo[:height, :width])[None]
        self._code = code[None]
        self._paint: Any = tf.function(lambda rgb, code: network.decode(network.encode(rgb), code, tf.ones(1)))

    def paint(self) -> Pixels:
        """The photo at full strength, uint8 RGB (H, W, 3)."""
        painted = self._paint(tf.constant(self._photo), tf.constant(self._code)).numpy()[0]
        return to_pixels(np.clip(painted, 0, 1))


def _common_targets(lite: FeatureExtractor, styles: Sequence[Pixels]) -> list[Moments]:
    """What style_targets() says of styles as large as fast describes them; several have their mean Gram matrices,
    written as covariances around means of zero.
    """
    each = [style_targets(lite, tf.constant(to_float(of_area(s, fast.STYLE_SIDE**2))[None])) for s in styles]

    def common(size: int, layer: str) -> tuple[Tensor, Tensor]:
        found = [targets[size][layer] for targets in each]
        grams = [covariance + mean[:, :, None] * mean[:, None, :] for mean, covariance in found]
        return tf.zeros_like(found[0][0]), tf.add_n(grams) / len(grams)

    return [{layer: common(size, layer) for layer in targets} for size, targets in enumerate(each[0])]


def sheet(styles: Sequence[Pixels]) -> Pixels:
    """One picture of a few styles: the picture itself, or squares of them side by side, at most PICTURE_SIDE large."""
    if len(styles) == 1:
        return images.fit(styles[0], min(PICTURE_SIDE, max(styles[0].shape)))
    columns = math.ceil(math.sqrt(len(styles)))
    rows = math.ceil(len(styles) / columns)
    side = PICTURE_SIDE // columns
    squares = [np.asarray(ImageOps.fit(Image.fromarray(s), (side, side), Image.Resampling.LANCZOS)) for s in styles]
    filled = [squares[i % len(squares)] for i in range(rows * columns)]  # no empty place, which would be a style too
    return np.vstack([np.hstack(filled[row * columns : (row + 1) * columns]) for row in range(rows)])
