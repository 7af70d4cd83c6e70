"""Style training: learn the style code with which fast best reproduces one style, or the common style of a few images.

The weights of fast are frozen; the style code, the scales and shifts of its modulated layers, is trained (as in
Dumoulin et al. 2017, arXiv:1610.07629), starting from the code predicted for the style. Each step stylizes crops of
photos and evaluates the losses of nst.training.fast_losses; the style targets are constant. Like an engine, training is
a generator and never prints. Progress is saved in a folder, from which the same call resumes.
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
from nst.run.control import Control, EngineControl
from nst.training.data import content_crop
from nst.training.fast_losses import CONTENT, MARGIN, ChannelMoments, Crops, clipped, compare, judge, style_targets
from nst.training.progress_folder import Identity, TrainingFolder
from nst.training.style_settings import StyleTraining
from nst.training.weight_average import follow

RATE = 1e-2  # peak learning rate
WARM_UP = 0.05  # share of the steps in which the learning rate rises to RATE
EVERY = 50  # steps between previews, and between checkpoints
STEADY = 0.95  # decay of the moving averages of the reported losses


@dataclass(frozen=True)
class TrainingStep:
    """Progress after a training step.

    `loss` is a moving average of the total loss, `style` one of its style term at full strength.
    """

    step: int
    total: int
    loss: float
    style: float
    remaining: float | None  # estimated seconds left; None if unknown
    preview: Pixels | None = field(default=None, repr=False)  # stylized sample photo, at some steps
    result: TrainedStyle | None = None  # after the last step


def train(
    styles: Mapping[str, Pixels],
    photos: Sequence[Pixels],
    settings: StyleTraining,
    folder: Path,
    *,
    name: str,
    control: Control | None = None,
) -> Iterator[TrainingStep]:
    """Return an iterator that trains a style code on `styles`, one or a few style images by name, with any photos.

    All images are uint8 RGB (H, W, 3). The training resumes from its progress in `folder`, if any. The last
    TrainingStep has the trained style, named `name`; call progress_folder.clear() after saving this style. A stop
    through `control` saves the progress and yields a last step without a result.

    Before the iterator is returned, raises InputError if `folder` holds other files or another training, ModelError if
    the weights of fast are missing or the progress is damaged. Iteration raises Diverged if losses or weights are not
    finite.
    """
    pictures = list(styles.values())
    network = stylizers.load_fast()  # first, because its error explains what to do if the weights are missing
    code: Code = np.stack([network.description(picture)[1] for picture in pictures]).mean(0)
    keeping = TrainingFolder(folder, Identity.of(list(styles), pictures, network.fingerprint))
    pupil = _Learner(pictures, code, network, settings.steps)
    keeping.restore(**pupil.kept)
    return _lessons(pupil, photos, settings, keeping, name, EngineControl(control or Control()))


def _lessons(
    pupil: _Learner,
    photos: Sequence[Pixels],
    settings: StyleTraining,
    keeping: TrainingFolder,
    name: str,
    control: EngineControl,
) -> Iterator[TrainingStep]:
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
        lasting = took[1:][-EVERY:]  # without the first step, which takes far longer
        left = (settings.steps - pupil.step) * median(lasting) if lasting else None
        yield TrainingStep(pupil.step, settings.steps, *pupil.told, left, pupil.paint() if due else None)
    keeping.save()
    if pupil.step < settings.steps:
        yield TrainingStep(pupil.step, settings.steps, *pupil.told, None)
    else:
        yield TrainingStep(pupil.step, settings.steps, *pupil.told, 0.0, pupil.paint(), pupil.result(name))


def _squares(photos: Sequence[Pixels], settings: StyleTraining, step: int) -> tuple[NDArray[np.float32], Any]:
    """Return the input of training step `step`: crops of photos and the shift of their second views.

    Crops are float32 RGB (batch, crop + MARGIN, crop + MARGIN, 3), the shift is (2,). Both depend on the seed and the
    step only, so that a resumed training uses the same crops as an uninterrupted one.
    """
    rng = np.random.default_rng((settings.seed, step))
    chosen = [photos[i] for i in rng.integers(len(photos), size=settings.batch)]
    squares = np.stack([content_crop(p, settings.crop + MARGIN, rng) for p in chosen])
    return squares, rng.integers(0, MARGIN, 2, np.int32)


class _Learner:
    """Style code in training, with its optimizer, losses and moving average."""

    def __init__(self, styles: Sequence[Pixels], code: Code, network: FastStylizer, steps: int) -> None:
        """Prepare a training of `steps` steps that starts from the style code `code`.

        `code` is the mean of the codes that `network` predicts for the style images `styles`, uint8 RGB (H, W, 3).
        """
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
        """TensorFlow objects to save in a checkpoint, by name: code, averages, optimizer and step."""
        kept = {"code": self._code, "average": self._average, "optimizer": self._optimizer}
        return {**kept, "step": self._done, "told": self._told}

    @property
    def step(self) -> int:
        return int(self._done)

    @property
    def told(self) -> tuple[float, float]:
        """Moving averages of the total loss and of its style term at full strength, as reported in TrainingStep."""
        loss, style = self._told.numpy()
        return float(loss), float(style)

    def learn(self, photos: NDArray[np.float32], shift: Any) -> None:
        """Perform one training step on crops of photos and a shift, both from _squares().

        Raises Diverged if a loss is not finite.
        """
        losses = self._learn(tf.constant(photos), tf.constant(shift)).numpy()
        if not np.isfinite(losses).all():
            raise Diverged(
                f"The training diverged at step {self.step + 1}. Run it again to resume from the last saved step. If "
                "it diverges again, use other photos."
            )
        share = STEADY if self.step else 0.0
        self._told.assign(share * self._told + (1 - share) * losses)
        self._done.assign_add(1)

    def paint(self) -> Pixels:
        """Return a preview: the sample photo stylized with the averaged code at full strength, uint8 RGB (H, W, 3)."""
        return self._network.paint(self._network.encode(self._sample), self._average.numpy(), 1.0)

    def result(self, name: str) -> TrainedStyle:
        """Return the trained style with the averaged code, named `name`. Raises Diverged if the code is not finite."""
        code = self._average.numpy()
        if not np.isfinite(code).all():
            raise Diverged("The training diverged: its numbers are no longer finite. Use other photos.")
        return TrainedStyle(name, sheet(self._styles), code, self._network.fingerprint)

    def _traced(self, photos: Tensor, shift: Tensor) -> Tensor:
        crops, alpha = Crops.of(photos, shift, 1, self._done), tf.ones(photos.shape[0])
        seen = self._lite.features(crops.photos, CONTENT)
        with tf.GradientTape() as tape:
            views = crops.painted(self._fast, tf.repeat(self._code[None], photos.shape[0], 0), alpha)
            losses = compare(self._lite, crops, views, seen, self._targets, alpha)
        self._optimizer.apply_gradients([(clipped(tape.gradient(losses.total, [self._code]), 5.0)[0], self._code)])
        follow({"code": self._average}, {"code": self._code}, tf.cast(self._done, tf.float32))
        return tf.stack([losses.total, losses.style])


def _common_targets(lite: FeatureExtractor, styles: Sequence[Pixels]) -> list[ChannelMoments]:
    """Return style_targets() of style images scaled to the size used by fast, averaged over the images.

    Gram matrices are averaged; they are returned as covariances with means of zero.
    """
    each = [style_targets(lite, tf.constant(to_float(of_area(s, fast.STYLE_SIDE**2))[None])) for s in styles]

    def common(size: int, layer: str) -> tuple[Tensor, Tensor]:
        found = [targets[size][layer] for targets in each]
        grams = [covariance + mean[:, :, None] * mean[:, None, :] for mean, covariance in found]
        return tf.zeros_like(found[0][0]), tf.add_n(grams) / len(grams)

    return [{layer: common(size, layer) for layer in targets} for size, targets in enumerate(each[0])]


def sheet(styles: Sequence[Pixels]) -> Pixels:
    """Return one image of all style images, with sides of at most 512 pixels.

    Several style images are shown as a grid of square crops.
    """
    if len(styles) == 1:
        return images.fit(styles[0], min(PICTURE_SIDE, max(styles[0].shape)))
    columns = math.ceil(math.sqrt(len(styles)))
    rows = math.ceil(len(styles) / columns)
    side = PICTURE_SIDE // columns
    squares = [np.asarray(ImageOps.fit(Image.fromarray(s), (side, side), Image.Resampling.LANCZOS)) for s in styles]
    filled = [squares[i % len(squares)] for i in range(rows * columns)]  # no empty cell: style statistics include it
    return np.vstack([np.hstack(filled[row * columns : (row + 1) * columns]) for row in range(rows)])
