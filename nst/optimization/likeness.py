"""Likeness loss: keeps protected pixels recognizable while they are painted in the style of the whole image.

The loss compares brightness with that of the content image in the tones of the style, at a half and at a quarter of the
size, so that fine strokes are free; and it makes chroma calm, because fine chroma detail shows as specks on skin.
Style statistics stay those of the whole image. More weight on deep content layers was tried in its place: it brings
back the photo's skin, and specks where it opposes the style.

Images are float32 RGB in [0, 1], shape (H, W, 3). The loss depends on pixels only, so it is the same with tiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nst.images.color_transfer import Palette
from nst.optimization.losses import CHROMA, TINY
from nst.optimization.minimize import Array
from nst.run.regions import Map

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # Rec. 601
HALVINGS = (1, 2)  # sizes at which brightness is compared: a half and a quarter
BRIGHTNESS = 36.0  # weight of the brightness loss at a gain of 1
CALM = 25.0  # weight of the chroma variation at a gain of 1
FLAT = 1 / 255  # minimum standard deviation of brightness, so that a flat photo can be stretched
MOST_GAIN = 2.0  # maximum stretch of brightness

Pooled = NDArray[np.float32]


@dataclass(frozen=True)
class Likeness:
    """Likeness loss at one image size."""

    weights: Map  # (H, W), weight of each pixel
    levels: tuple[tuple[Pooled, Pooled], ...]  # per halving: pooled weights, and pooled brightness of the target

    @classmethod
    def of(cls, brightness: Map, weights: Map) -> Likeness:
        """Return the loss for the brightness to keep, of toned(), and the weight of each pixel, both (H, W)."""
        levels = tuple((_pooled(weights, halving), _pooled(brightness, halving)) for halving in HALVINGS)
        return cls(weights, levels)

    def evaluate(self, x: Array) -> tuple[float, Array]:
        """Return the loss of an image and its gradient, of the image's shape."""
        bright, bright_slope = self._brightness(x @ LUMA)
        calm, calm_slope = self._chroma_variation(x)
        slope: Array = BRIGHTNESS * bright_slope[..., None] * LUMA + CALM * calm_slope
        return BRIGHTNESS * bright + CALM * calm, slope.astype(np.float32)

    def _brightness(self, brightness: Map) -> tuple[float, Map]:
        """Return the weighted squared differences of brightness (H, W), relative to the target's energy."""
        total, slope = 0.0, np.zeros_like(brightness)
        for halving, (weights, target) in zip(HALVINGS, self.levels, strict=True):
            differences = _pooled(brightness, halving) - target
            energy = float(np.square(target).sum()) + TINY
            total += float((weights * np.square(differences)).sum()) / energy
            slope += _spread(2 / energy * weights * differences, halving, brightness.shape)
        return total, slope

    def _chroma_variation(self, x: Array) -> tuple[float, Array]:
        """Return the weighted squared chroma differences of neighboring pixels over the number of values."""
        total, slope = 0.0, np.zeros_like(x)
        for axis in (0, 1):
            weights = np.delete(self.weights, -1, axis)[..., None]  # of the upper or left pixel
            differences = np.diff(x, axis=axis)
            differences -= differences.mean(-1, keepdims=True)
            total += CHROMA / x.size * float((weights * np.square(differences)).sum())
            pull = 2 * CHROMA / x.size * weights * differences
            first, last = _ends(axis)
            slope[last] += pull
            slope[first] -= pull
        return total, slope


def toned(photo: Array, own: Palette, wanted: Palette) -> Map:
    """Return the brightness of the content image (H, W), shifted and stretched to that of other colors.

    What is brighter stays brighter. `own` are the colors of the content image, `wanted` those of the style.
    """
    spreads = [float(np.sqrt(LUMA @ colors.covariance @ LUMA)) for colors in (own, wanted)]
    gain = min(spreads[1] / max(spreads[0], FLAT), MOST_GAIN)
    brightness: Map = ((photo - own.mean) @ LUMA * gain + wanted.mean @ LUMA).astype(np.float32)
    return np.clip(brightness, 0, 1)


def _ends(axis: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the indices of all pixels but the last, and of all but the first, along `axis`."""
    whole = slice(None)
    first, last = slice(None, -1), slice(1, None)
    return ((first, whole), (last, whole)) if axis == 0 else ((whole, first), (whole, last))


def _pooled(values: Map, halving: int) -> Pooled:
    """Return the means of squares of 2^halving pixels; those at the lower and right border may be smaller."""
    side = 1 << halving
    rows, columns = (np.arange(0, length, side) for length in values.shape)
    sums = np.add.reduceat(np.add.reduceat(values, rows, 0), columns, 1)
    return (sums / _counts(values.shape, side)).astype(np.float32)


def _spread(upstream: Pooled, halving: int, shape: tuple[int, ...]) -> Map:
    """Return the adjoint of _pooled(): each mean's gradient, shared by its pixels."""
    side = 1 << halving
    shares = upstream / _counts(shape, side)
    spread: Map = np.repeat(np.repeat(shares, side, 0), side, 1)[: shape[0], : shape[1]]
    return spread


def _counts(shape: tuple[int, ...], side: int) -> NDArray[np.float32]:
    """Return the number of pixels in each square."""
    rows, columns = (np.minimum(side, length - np.arange(0, length, side)) for length in shape)
    counts: NDArray[np.float32] = np.outer(rows, columns).astype(np.float32)
    return counts
