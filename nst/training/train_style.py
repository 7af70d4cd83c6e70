"""Train a style of one's own: learn the code by which fast paints one style, or what a few have in common, best.

The network stays as it is; the deviations and means of its modulated layers learn (as in Dumoulin et al. 2017,
arXiv:1610.07629), from the ones that it predicts for the style. Each step repaints squares of photos and compares them
by the losses that fast was trained by; the style is a target that never changes. Training is a stream, like an engine:
it yields, it never prints. Progress is kept in a folder, from which the same call goes on.
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

from nst.errors import Diverged
from nst.images import io as images
from nst.images import samples
from nst.images.io import Pixels, to_float
from nst.models import precision
from nst.models.extractors.extractor import FeatureExtractor, Tensor
from nst.models.stylizers import fast
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers.fast_stylizer import FastStylizer
from nst.models.stylizers.stylizer import Code
from nst.models.stylizers.trained_style import PICTURE_SIDE, TrainedStyle
from nst.optimization.problem import of_area
from nst.run.control import Control
from nst.training.data import content_crop
from nst.training.fast_losses import CONTENT, MARGIN, Crops, Moments, clipped, compare, judge, style_targets
from nst.training.progress_folder import Identity, Keeping
from nst.training.style_settings import StyleTraining
from nst.training.weight_average import follow

RATE = 1e-2
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
    network = stylizers.load_fast()  # first, because its error says what to do if the weights are missing
    code: Code = np.stack([network.description(picture)[1] for picture in pictures]).mean(0)
    keeping = Keeping(folder, Identity.of(list(styles), pictures, network.fingerprint))
    pupil = _Pupil(pictures, code, network, settings.steps)
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


def _squares(photos: Sequence[Pixels], settings: StyleTraining, step: int) -> tuple[NDArray[np.float32], Any]:
    """Squares of photos (batch, crop + MARGIN, ...) and a shift: the same at a step, however often one stops."""
    rng = np.random.default_rng((settings.seed, step))
    chosen = [photos[i] for i in rng.integers(len(photos), size=settings.batch)]
    squares = np.stack([content_crop(p, settings.crop + MARGIN, rng) for p in chosen])
    return squares, rng.integers(0, MARGIN, 2, np.int32)


class _Pupil:
    """The code that learns, and the losses that teach it."""

    def __init__(self, styles: Sequence[Pixels], code: Code, network: FastStylizer, steps: int) -> None:
        """`code` is the code that `network` predicts for the styles together."""
        dtype = precision.resolve("auto")
        self._lite = judge(dtype)
        self._network, self._fast = network, network.network
        self._styles = styles
        self._code = tf.Variable(code)
        self._average = tf.Variable(code, trainable=False)
        self._targets = _common_targets(self._lite, styles)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, steps, alpha=0.02, warmup_target=RATE, warmup_steps=math.ceil(WARM_UP * steps)
        )
        self._optimizer = keras.optimizers.Adam(rate)
        self._optimizer.build([self._code])
        self._done, self._told = tf.Variable(0, dtype=tf.int64), tf.Variable(tf.zeros(2))
        self._learn: Any = tf.function(self._traced)
        self._sample = images.fit(images.read(samples.photos()[0].source()).rgb, PICTURE_SIDE)

    @property
    def kept(self) -> dict[str, Any]:
        """All that changes, as TensorFlow's objects."""
        kept = {"code": self._code, "average": self._average, "optimizer": self._optimizer}
        return {**kept, "step": self._done, "told": self._told}

    @property
    def step(self) -> int:
        return int(self._done)

    @property
    def told(self) -> tuple[float, float]:
        """Moving means of the loss, and of its style part at full strength."""
        loss, style = self._told.numpy()
        return float(loss), float(style)

    def learn(self, photos: NDArray[np.float32], shift: Any) -> None:
        """Take one step. Raises Diverged."""
        losses = self._learn(tf.constant(photos), tf.constant(shift)).numpy()
        if not np.isfinite(losses).all():
            raise Diverged(
                f"The training left the finite numbers at step {self.step + 1}. Run it again to go on from what was "
                "kept last; if that does not help, give other photos."
            )
        share = STEADY if self.step else 0.0
        self._told.assign(share * self._told + (1 - share) * losses)
        self._done.assign_add(1)

    def paint(self) -> Pixels:
        """A preview: a sample photo at full strength, uint8 RGB (H, W, 3)."""
        return self._network.paint(self._network.encode(self._sample), self._average.numpy(), 1.0)

    def result(self, name: str) -> TrainedStyle:
        """The learned style. Raises Diverged."""
        code = self._average.numpy()
        if not np.isfinite(code).all():
            raise Diverged("The training went wrong: it left the finite numbers. Give other photos.")
        return TrainedStyle(name, sheet(self._styles), code, self._network.fingerprint)

    def _traced(self, photos: Tensor, shift: Tensor) -> Tensor:
        crops, alpha = Crops.of(photos, shift, 1), tf.ones(photos.shape[0])
        seen = self._lite.features(crops.photos, CONTENT)
        with tf.GradientTape() as tape:
            views = crops.painted(self._fast, tf.repeat(self._code[None], photos.shape[0], 0), alpha)
            losses = compare(self._lite, crops, views, seen, self._targets, alpha)
        self._optimizer.apply_gradients([(clipped(tape.gradient(losses.total, [self._code]), 5.0)[0], self._code)])
        follow({"code": self._average}, {"code": self._code}, tf.cast(self._done, tf.float32))
        return tf.stack([losses.total, losses.style])


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
