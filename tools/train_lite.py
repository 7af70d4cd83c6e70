"""Distill lite, a small feature network, from VGG19 and SqueezeNet.

    python -m tools.train_lite --teachers WEIGHTS_DIR --photos DIR --paintings DIR

The student is trained on random crops of photos and paintings. Through 1x1 adapters, discarded afterwards, each of its
layers learns to predict the standardized features of a teacher's layer (FitNets, Romero et al. 2015, arXiv:1412.6550):
VGG19 for the three shallow blocks, and SqueezeNet for the deep block and part of the third; SqueezeNet gets the image
at twice the size so that its strides agree. Predictions are compared per location and by their Gram matrices, because
these represent the style in style transfer. A stopped training resumes from its last checkpoint when started again.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from nst.models.extractors.extractor import FeatureExtractor, Tensor
from nst.models.extractors.lite import LITE
from nst.models.extractors.vgg19 import VGG19
from nst.optimization.losses import TINY
from nst.training import weight_average
from nst.training.data import batches, load, split
from nst.training.fast_losses import grams
from tools.squeezenet import SqueezeNet

# student layer -> teachers' layers
LESSONS = {
    "block1_conv1": ("block1_conv1",),
    "block1_conv2": ("block1_conv2",),
    "block2_conv1": ("block2_conv1",),
    "block2_conv2": ("block2_conv2",),
    "block3_conv1": ("block3_conv1",),
    "block3_conv2": ("block3_conv2",),
    "block3_conv3": ("block3_conv4", "fire5"),
    "block4_conv1": ("fire6",),
    "block4_conv2": ("fire7",),
    "block4_conv3": ("fire9",),
}
TAUGHT = tuple(name for names in LESSONS.values() for name in names)
VGG19_SHARE = 4  # VGG19 sees one crop in four, because it is slow and its shallow layers are learned early
GRAM_WEIGHT = 0.2  # weight of the Gram term in the loss
DEAD = 0.01  # channels with a standard deviation below this share of the median are noise and are not scaled up
STANDARDISE_OVER = 40  # batches used for the teachers' channel means and standard deviations

ChannelMoments = dict[str, tuple[Tensor, Tensor]]  # channel means and standard deviations by teacher layer


@dataclass(frozen=True)
class Teachers:
    """Networks from whose features lite learns: blocks 1-3 of VGG19, and SqueezeNet."""

    vgg19: FeatureExtractor
    squeezenet: SqueezeNet

    def features(self, rgb: Tensor) -> dict[str, Tensor]:
        """Return the teachers' features of `rgb`, float32 (N, H, W, 3) in [0, 1], by layer.

        All layers from which lite learns are included, each float32 (N, H / stride, W / stride, channels). VGG19's
        features cover only the first quarter of the crops, at least one, because VGG19 is slow.
        """
        few = rgb[: max(1, rgb.shape[0] // VGG19_SHARE)]
        double = tf.image.resize(rgb, tf.shape(rgb)[1:3] * 2, "bicubic")
        found = self.vgg19.features(few, [n for n in TAUGHT if n.startswith("block")])
        return found | self.squeezenet.features(double, [n for n in TAUGHT if n.startswith("fire")])


class Student(tf.Module):
    """Trainable version of the extractor lite: weights, their moving averages, and adapters to the teachers' features.

    `widths` are the numbers of channels by teacher layer; `seed` is that of the random initial weights.
    """

    def __init__(self, widths: dict[str, int], seed: int) -> None:
        super().__init__()
        normal = keras.initializers.HeNormal(seed)
        shapes = LITE.kernel_shapes()
        self.kernels = {n: tf.Variable(normal(s), name=n) for n, s in shapes.items()}
        self.biases = {n: tf.Variable(tf.zeros(s[-1]), name=n) for n, s in shapes.items()}
        sums = {layer: sum(widths[n] for n in names) for layer, names in LESSONS.items()}
        self.adapters = {n: tf.Variable(normal((1, 1, shapes[n][-1], w)) * 0.5, name=n) for n, w in sums.items()}
        self.offsets = {n: tf.Variable(tf.zeros(w), name=n) for n, w in sums.items()}
        self.average_kernels = {n: tf.Variable(v, trainable=False, name=n) for n, v in self.kernels.items()}
        self.average_biases = {n: tf.Variable(v, trainable=False, name=n) for n, v in self.biases.items()}
        self.followed = tf.Variable(0.0, trainable=False)  # number of updates of the average
        self._widths = widths

    def predict(self, rgb: Tensor) -> dict[str, Tensor]:
        """Return the predicted standardized features of the teachers, by teacher layer, for `rgb` (N, H, W, 3)."""
        weights = {n: (self.kernels[n], self.biases[n]) for n in self.kernels}
        features = FeatureExtractor(LITE, weights, dtype="bfloat16").features(rgb, LESSONS)
        guesses: dict[str, Tensor] = {}
        for layer, names in LESSONS.items():
            guess = tf.nn.conv2d(features[layer], self.adapters[layer], 1, "SAME") + self.offsets[layer]
            guesses |= dict(zip(names, tf.split(guess, [self._widths[n] for n in names], -1), strict=True))
        return guesses

    def follow(self) -> None:
        """Update the moving averages with the current weights; call after each training step."""
        weight_average.follow(self.average_kernels, self.kernels, self.followed)
        weight_average.follow(self.average_biases, self.biases, self.followed)
        self.followed.assign_add(1.0)

    def averaged(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Return the moving averages of kernel and bias as NumPy arrays, by layer of lite."""
        return {n: (self.average_kernels[n].numpy(), self.average_biases[n].numpy()) for n in self.kernels}


def standardisation(teachers: Teachers, crops: list[np.ndarray]) -> ChannelMoments:
    """Return the channel means and standard deviations of each teacher layer, by layer.

    They are computed over `crops`, a list of batches float32 RGB (N, H, W, 3).
    """
    seen: dict[str, list[np.ndarray]] = {name: [] for name in TAUGHT}
    ask = tf.function(teachers.features)
    for batch in crops:
        for name, f in ask(tf.constant(batch)).items():
            seen[name].append(np.stack([tf.reduce_mean(f, (0, 1, 2)), tf.reduce_mean(f * f, (0, 1, 2))]))
    moments = {name: np.mean(values, 0) for name, values in seen.items()}
    return {n: (m[0], np.sqrt(np.maximum(m[1] - m[0] ** 2, 1e-6))) for n, m in moments.items()}


def losses(guesses: dict[str, Tensor], features: dict[str, Tensor], moments: ChannelMoments) -> tuple[Tensor, Tensor]:
    """Return two losses for each teacher layer, in the order of TAUGHT, the names of these layers: (layers,) each.

    The first are the mean squared errors of the predictions `guesses` of the teachers' `features`, standardized by
    `moments`; the second are the relative squared errors of their Gram matrices.
    """
    errors, styles = [], []
    for name in TAUGHT:
        mean, deviation = moments[name]
        wanted = (features[name] - mean) / deviation
        guess = guesses[name][: tf.shape(wanted)[0]]  # only the crops seen by this teacher
        errors.append(tf.reduce_mean(tf.square(guess - wanted)))
        gram, target = grams(guess), grams(wanted)
        styles.append(tf.reduce_sum(tf.square(gram - target)) / (tf.reduce_sum(tf.square(target)) + TINY))
    return tf.stack(errors), tf.stack(styles)


def train(arguments: argparse.Namespace) -> None:
    """Run the training, or resume it from the last checkpoint; `arguments` are those of the command line.

    Every `--report` steps, a checkpoint and the averaged weights of lite are written.
    """
    folder: Path = arguments.teachers
    teachers = Teachers(
        vgg19_from(folder / "vgg19_blocks1-3.npz"), SqueezeNet(folder / "squeezenet_notop.h5", "bfloat16")
    )
    photos, paintings = (load(split(d)[0]) for d in (arguments.photos, arguments.paintings))
    probe = batches(photos, paintings, arguments.batch, arguments.crop, seed=1)
    moments = standardisation(teachers, [next(probe) for _ in range(STANDARDISE_OVER)])

    student = Student({n: len(mean) for n, (mean, _) in moments.items()}, seed=arguments.seed)
    rate = keras.optimizers.schedules.CosineDecay(0.0, arguments.steps, warmup_target=2e-3, warmup_steps=200)
    optimizer = keras.optimizers.Adam(rate, beta_2=0.99)
    optimizer.build(student.trainable_variables)
    step_now = tf.Variable(0, dtype=tf.int64)
    checkpoint = tf.train.Checkpoint(student=student, optimizer=optimizer, step=step_now)
    manager = tf.train.CheckpointManager(checkpoint, str(arguments.build), max_to_keep=1)
    checkpoint.restore(manager.latest_checkpoint)

    @tf.function(reduce_retracing=True)
    def learn(rgb: Tensor) -> Tensor:
        features = teachers.features(rgb)
        with tf.GradientTape() as tape:
            errors, styles = losses(student.predict(rgb), features, moments)
            loss = tf.reduce_sum(errors) + GRAM_WEIGHT * tf.reduce_sum(styles)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, student.trainable_variables), 10.0)
        optimizer.apply_gradients(zip(gradients, student.trainable_variables, strict=True))
        student.follow()
        return tf.concat([errors, [tf.reduce_mean(styles)]], 0)

    crops = batches(photos, paintings, arguments.batch, arguments.crop, seed=arguments.seed + int(step_now))
    started, average = time.monotonic(), None
    while step_now < arguments.steps:
        found = learn(tf.constant(next(crops))).numpy()
        average = found if average is None else 0.98 * average + 0.02 * found
        step_now.assign_add(1)
        if int(step_now) % arguments.report == 0 or step_now == arguments.steps:
            manager.save()
            save(student.averaged(), arguments.out, photos, paintings)
            shown = " ".join(f"{v:.3f}" for v in average)
            took = time.monotonic() - started
            print(f"step {int(step_now)}  {took:.0f} s  unexplained variance {shown} Gram", flush=True)


def vgg19_from(path: Path) -> FeatureExtractor:
    """Load VGG19 down to block3_conv4 from an .npz file with Keras layer names."""
    with np.load(path) as file:
        names = {key.split("/")[0] for key in file}
        weights = {n: (tf.constant(file[f"{n}/kernel"]), tf.constant(file[f"{n}/bias"])) for n in names}
    return FeatureExtractor(VGG19, weights, pooling="max", dtype="bfloat16")


def save(
    weights: dict[str, tuple[np.ndarray, np.ndarray]],
    path: Path,
    photos: list[np.ndarray],
    paintings: list[np.ndarray],
) -> None:
    """Write lite's kernels and biases as float16 .npz, with each channel scaled to unit standard deviation.

    `weights` are (kernel, bias) by layer; deviations are measured on crops of `photos` and `paintings`. ReLU and
    average pooling are positively homogeneous, so scaling only changes the units of the features, and prevents channels
    of large values from dominating the Gram matrices. (Gatys et al. 2016 scale VGG's channels to a mean of one, which
    amplifies rarely active channels: far worse on held-out pairs.)
    """
    crops = tf.constant(next(batches(photos, paintings, 32, 128, seed=2)))
    features = FeatureExtractor(LITE, weights).features(crops, LITE.layers)
    scaled, incoming = {}, np.ones(3, np.float32)
    for name in LITE.layers:
        deviation = np.std(features[name], (0, 1, 2))
        deviation[deviation < DEAD * np.median(deviation)] = 1.0
        kernel, bias = weights[name]
        scaled[f"{name}/kernel"] = kernel * incoming[:, None] / deviation
        scaled[f"{name}/bias"] = bias / deviation
        incoming = deviation
    weight_average.save(scaled, path)


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.train_lite", description=__doc__)
    parser.add_argument(
        "--teachers", type=Path, required=True, help="folder of vgg19_blocks1-3.npz and squeezenet_notop.h5"
    )
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--paintings", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("assets/models/lite.npz"))
    parser.add_argument("--build", type=Path, default=Path("build/distill"), help="folder of the checkpoints")
    parser.add_argument("--steps", type=int, default=14_000)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--crop", type=int, default=128, help="pixels, a multiple of 16")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report", type=int, default=250, help="steps between checkpoints")
    return parser.parse_args(argv)


if __name__ == "__main__":
    train(parse())
