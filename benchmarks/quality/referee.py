"""Score stylized images by five numbers; lower is better for each.

    python -m benchmarks.quality.referee CONTENT STYLE OUTPUT [OUTPUT ...] [--magenta FOLDER] [--squeezenet FILE]

Each number is a ratio without a unit. "d" is a distance between two images.

style    d(output, style) / d(content, style), between the 100 numbers by which Magenta's network describes a style.
         0: the style image's own style; 1: no nearer to it than the content image is.
content  d(content, output) / d(content, style), between deep features of SqueezeNet.
         0: same structure as the content image; 1: as different as the style image.
layout   d(content, output) / d(content, style), between histograms of oriented gradients. Scale as for content.
strokes  d(output, style) / d(content, style), between the distributions of small color patches. Scale as for style.
noise    energy of the finest octave, output over the larger of content and style.
         About 1 is clean; above 2 the image looks grainy.

Style and strokes trade off against content and layout: compare outputs at equal content, or compare all numbers.
Magenta's network favors its own results in style, and SqueezeNet taught our network lite, which favors lite in content.

Weights of Magenta's network are searched in --magenta, then NST_MAGENTA_WEIGHTS, then NST_SHARED/weights/magenta_int8:
a folder with the .tflite file that predicts styles. Weights of SqueezeNet 1.1 (Keras .h5) are searched in --squeezenet,
then NST_SQUEEZENET_WEIGHTS, then NST_SHARED/weights/squeezenet_notop.h5. Without them, style and content are left out;
layout, strokes and noise need no weights.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import convolve1d

from benchmarks.paths import SHARED
from nst.errors import InputError, NstError, WeightsUnavailable
from nst.images import io as images
from nst.images.io import Pixels

SCORES = ("style", "content", "layout", "strokes", "noise")
SIDE = 256  # of the squares compared in style, layout and strokes, in pixels
FEATURE_SIDE = 384  # of the squares compared in content
FEATURES = ("fire5", "fire7", "fire9")  # layers of SqueezeNet
CELL, ORIENTATIONS = 16, 9  # side of a cell of the gradient histograms in pixels, and bins over 180 degrees
LEVELS, PATCH, RAYS = 4, 7, 256  # of the Laplacian pyramid; side of a patch; directions of projection
PATCHES, LAST_PATCHES = 2048, 600  # drawn on a level, and on the last level, which has only 676
BINOMIAL = np.array([1, 4, 6, 4, 1], np.float32) / 16
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
TINY = 1e-9  # a smaller distance or energy is rounding

Array = NDArray[np.float32]


class Weights(NamedTuple):
    """Weights of a network and the places to search: command-line option, environment variable, default path."""

    network: str
    option: str
    variable: str  # of the environment
    default: Path


MAGENTA = Weights("Magenta's network", "--magenta", "NST_MAGENTA_WEIGHTS", SHARED / "weights" / "magenta_int8")
SQUEEZENET = Weights("SqueezeNet", "--squeezenet", "NST_SQUEEZENET_WEIGHTS", SHARED / "weights" / "squeezenet_notop.h5")


@dataclass(frozen=True)
class Referee:
    """Scores of stylized images.

    `magenta` and `squeezenet` are weights files; None omits the number of that network.
    """

    magenta: Path | None = None  # .tflite file that predicts styles, or its folder
    squeezenet: Path | None = None  # Keras .h5 file

    @property
    def left_out(self) -> list[str]:
        """Message for each number that is omitted because its network has no weights."""
        used = {"style": (MAGENTA, self.magenta), "content": (SQUEEZENET, self.squeezenet)}
        return [
            f"No {name} score: the weights of {weights.network} were not found. Set {weights.variable} to their path."
            for name, (weights, path) in used.items()
            if path is None
        ]

    def judge(self, content: Path, style: Path, output: Path) -> dict[str, float]:
        """Return the scores of the image file `output`, a result of `content` and `style`, by name.

        The names are style, content, layout, strokes and noise. Raises ImageError if an image cannot be read,
        InputError if content and style image do not differ, and WeightsUnavailable if weights cannot be used.
        """
        photo, painting, result = (images.read(path).rgb for path in (content, style, output))
        distances: dict[str, tuple[Callable[[Pixels, Pixels], Any], Pixels]] = {
            "layout": (layout_distance, photo),
            "strokes": (stroke_distances, painting),
        }
        if self.magenta:
            distances["style"] = self._style_distance, painting
        if self.squeezenet:
            distances["content"] = self._content_distance, photo
        found = {"noise": noise(photo, painting, result)}
        for name, (distance, origin) in distances.items():
            whole = distance(photo, painting)
            if np.min(whole) < TINY:
                raise InputError(
                    f"'{content}' and '{style}' do not differ in {name}, but the number is relative to their "
                    "difference. Use two different images."
                )
            found[name] = float(np.mean(distance(result, origin) / whole))
        return {name: found[name] for name in SCORES if name in found}

    def _style_distance(self, a: Pixels, b: Pixels) -> float:
        """Return the Euclidean distance of two images' style vectors.

        Magenta's network predicts a style vector from an image of 256x256 pixels.
        """
        one, other = (self._predict(picture=square(rgb, SIDE)) for rgb in (a, b))
        return float(np.linalg.norm(one - other))

    def _content_distance(self, a: Pixels, b: Pixels) -> float:
        """Return 1 - the cosine similarity of SqueezeNet's features of two images, averaged over locations and layers.

        The images are resampled to 384x384 pixels; pooling is by averages, and each channel is centered to mean 0.
        """
        one, other = (self._features(square(rgb, FEATURE_SIDE)[None], FEATURES) for rgb in (a, b))
        return float(np.mean([1 - _cosine(centered(one[name]), centered(other[name])).mean() for name in FEATURES]))

    @cached_property
    def _predict(self) -> Callable[..., Array]:
        from nst.models.stylizers.tflite import TFLitePart

        assert self.magenta is not None
        files = sorted(self.magenta.glob("*.tflite")) if self.magenta.is_dir() else [self.magenta]
        if part := next((part for part in map(TFLitePart, files) if part.predicts), None):
            return part
        raise WeightsUnavailable(
            f"'{self.magenta}' has no .tflite file that maps an image to a style vector; found "
            f"{', '.join(file.name for file in files) or 'no .tflite file'}. Expected the predicting part of "
            "Magenta's arbitrary-image-stylization-v1-256."
        )

    @cached_property
    def _features(self) -> Callable[[Array, tuple[str, ...]], dict[str, Any]]:
        import tensorflow as tf

        from tools.squeezenet import SqueezeNet

        assert self.squeezenet is not None
        try:
            return SqueezeNet(self.squeezenet, pool=tf.nn.avg_pool2d).features
        except (OSError, KeyError) as error:
            raise WeightsUnavailable(
                f"'{self.squeezenet}' cannot be read as weights of SqueezeNet 1.1: {error}. Expected a Keras .h5 file "
                "with the layers conv1 to fire9."
            ) from error


def square(rgb: Pixels, side: int) -> Array:
    """Resample uint8 RGB (H, W, 3) to float32 (side, side, 3) in [0, 1]; the aspect ratio is lost."""
    return images.to_float(images.resize(rgb, (side, side)))


def centered(features: Any) -> Array:
    """Subtract the mean over locations from each channel of features (1, H, W, C)."""
    found = np.asarray(features, np.float32)
    return found - found.mean((1, 2), keepdims=True)


def _cosine(a: Array, b: Array) -> Array:
    """Return the cosine similarity of vectors along the last axis; 0 where one of the vectors is 0."""
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    similarity: Array = (a * b).sum(-1) / np.maximum(lengths, TINY)
    return similarity


def layout_distance(a: Pixels, b: Pixels) -> float:
    """Return 1 - the cosine similarity of the oriented_gradients() of two images."""
    return float(1 - _cosine(oriented_gradients(a), oriented_gradients(b)))


def oriented_gradients(rgb: Pixels) -> Array:
    """Return histograms of the gradients of luminance, centered to mean 0, (16 * 16 * 9,).

    The image is resampled to 256x256 pixels and divided into cells of 16x16 pixels. A cell has 9 bins of 20 degrees.
    Each pixel adds the length of its gradient to the bin of its orientation, which is the direction modulo 180 degrees.
    """
    along_y, along_x = np.gradient(square(rgb, SIDE) @ LUMA)
    orientation = np.arctan2(along_y, along_x) % np.pi
    bins = (orientation / np.pi * ORIENTATIONS).astype(int) % ORIENTATIONS
    row, column = np.indices(bins.shape) // CELL
    cells = row * (SIDE // CELL) + column
    flat = (cells * ORIENTATIONS + bins).ravel()
    histogram = np.bincount(flat, np.hypot(along_x, along_y).ravel(), minlength=(SIDE // CELL) ** 2 * ORIENTATIONS)
    return histogram - histogram.mean()


def stroke_distances(a: Pixels, b: Pixels) -> Array:
    """Return the sliced Wasserstein distance between the patches of two images on each level of a pyramid, (4,).

    Patches are projected onto random directions; the distance in one direction is the mean absolute difference of the
    sorted projections. The unit is that of colors in [0, 1], summed over a patch with weights of length 1.
    """
    rays = np.random.default_rng(1).normal(size=(PATCH * PATCH * 3, RAYS)).astype(np.float32)
    rays /= np.linalg.norm(rays, axis=0)
    levels = zip(patches(a), patches(b), strict=True)
    return np.array([np.abs(np.sort(p @ rays, 0) - np.sort(q @ rays, 0)).mean() for p, q in levels])


def patches(rgb: Pixels) -> list[Array]:
    """Return random 7x7 patches of each level of the Laplacian pyramid, (count, 147), from 256x256 to 32x32 pixels."""
    draw = np.random.default_rng(0)
    found = []
    for level, band in enumerate(laplacian_pyramid(square(rgb, SIDE))):
        every = sliding_window_view(band, (PATCH, PATCH), (0, 1)).reshape(-1, PATCH * PATCH * 3)
        count = PATCHES if level < LEVELS - 1 else LAST_PATCHES
        found.append(every[draw.choice(len(every), count, replace=False)])
    return found


def laplacian_pyramid(x: Array) -> list[Array]:
    """Split an image (H, W, 3) into 4 frequency bands, each half the size of the previous one.

    A band is the difference between a level and the next level enlarged by bicubic interpolation; the last band is the
    last level itself.
    """
    bands = []
    for _ in range(LEVELS - 1):
        low = halved(x)
        bands.append(x - enlarged(low, x.shape[1::-1]))
        x = low
    return [*bands, x]


def halved(x: Array) -> Array:
    """Blur (H, W, 3) by a binomial filter of five taps, mirrored at the border, and return every second pixel."""
    for axis in (0, 1):
        x = convolve1d(x, BINOMIAL, axis, mode="mirror")
    return x[::2, ::2]


def enlarged(x: Array, size: tuple[int, int]) -> Array:
    """Resample float32 (H, W, 3) to (width, height) by bicubic interpolation."""
    channels = [
        Image.fromarray(np.ascontiguousarray(x[..., c])).resize(size, Image.Resampling.BICUBIC) for c in range(3)
    ]
    return np.stack([np.asarray(channel) for channel in channels], -1)


def noise(photo: Pixels, painting: Pixels, result: Pixels) -> float:
    """Return the fine_energy() of the result, divided by the larger one of content image and style image.

    Both are first resized to the size of the result.
    """
    size = result.shape[1], result.shape[0]
    usual = max(fine_energy(images.resize(rgb, size)) for rgb in (photo, painting))
    if usual < TINY:
        raise InputError(
            "Content and style image have no fine detail, but noise is relative to theirs. Use images with detail."
        )
    return fine_energy(result) / usual


def fine_energy(rgb: Pixels) -> float:
    """Return the mean square of the finest octave of luminance in [0, 1].

    The finest octave has more than 1/4 cycle per pixel along at least one axis.
    """
    luminance = images.to_float(rgb) @ LUMA
    spectrum = np.abs(np.fft.fft2(luminance)) ** 2 / luminance.size**2
    along_y, along_x = (np.abs(np.fft.fftfreq(length)) for length in luminance.shape)
    return float(spectrum[np.maximum(along_y[:, None], along_x) > 0.25].sum())


def search(weights: Weights, given: Path | None = None) -> Path | None:
    """Return the path of a network's weights: `given`, else the environment variable, else the default path.

    Returns None if neither is set and the default path does not exist. Raises WeightsUnavailable if the path from
    `given` or the variable does not exist.
    """
    variable = os.environ.get(weights.variable)
    named = given or (Path(variable) if variable else None)
    if named is None:
        return weights.default if weights.default.exists() else None
    if not named.exists():
        origin = weights.option if given else weights.variable
        raise WeightsUnavailable(
            f"The weights of {weights.network}, '{named}' ({origin}), do not exist. Check the path."
        )
    return named


def complete() -> Referee:
    """Return a referee with all numbers, or exit the program with a message that names the missing weights."""
    try:
        referee = Referee(search(MAGENTA), search(SQUEEZENET))
    except WeightsUnavailable as error:
        sys.exit(str(error))
    if referee.left_out:
        sys.exit("\n".join(referee.left_out))
    return referee


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("style", type=Path)
    parser.add_argument("outputs", type=Path, nargs="+", metavar="output")
    parser.add_argument(MAGENTA.option, type=Path, help="folder of Magenta's .tflite files")
    parser.add_argument(SQUEEZENET.option, type=Path, help="Keras .h5 file with the weights of SqueezeNet 1.1")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's log would hide the numbers
    try:
        referee = Referee(search(MAGENTA, given.magenta), search(SQUEEZENET, given.squeezenet))
        for message in referee.left_out:
            print(message, file=sys.stderr)
        for output in given.outputs:
            scores = referee.judge(given.content, given.style, output)
            print(output.name, *(f"{name} {score:.3f}" for name, score in scores.items()), flush=True)
    except NstError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
