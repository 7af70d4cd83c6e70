"""Preconditioner for L-BFGS: an initial inverse Hessian that is diagonal in space and in frequency.

Two averages of the observed curvature y = H s are kept: per pixel, because features respond strongly where the image
has structure, and per frequency band, because the network's filters are insensitive to some frequencies. L-BFGS then
needs two thirds of the steps needed with a multiple of the identity (equation 7.20 of Nocedal & Wright 2006).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy.fft import dctn, idctn
from scipy.ndimage import gaussian_filter

from nst.optimization.minimize import Array

OCTAVES = 8  # number of frequency bands, not counting the lowest one
ROOT2, ROOT3, ROOT6 = np.sqrt(np.array([2, 3, 6], np.float32))
NEIGHBORHOOD = 2.0  # pixels, standard deviation of the Gaussian that smooths the per-pixel curvature
FADING = 0.9  # weight of a pair relative to the next newer one
RANGE = 30.0  # largest factor between a band and the average, either way
PLACES = 10.0  # largest factor between a pixel and the average, either way
DOUBT = 0.1  # weight of a uniform prior relative to the observed curvature
FLOOR = 1e-3  # lower bound of s * y at a pixel, relative to the mean, where the curvature is zero or negative


@dataclass(frozen=True)
class Response:
    """Sums of s * y and of y * y, for a step s and its gradient difference y.

    They are taken per color and frequency band, (3, OCTAVES + 1), and per pixel with its surroundings, (H, W).
    """

    band_sy: Array
    band_yy: Array
    place_sy: Array
    place_yy: Array


class Preconditioner:
    """Estimate of the inverse Hessian of an image of `shape` (H, W, 3), from the responses of L-BFGS pairs."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        down, across = (np.arange(length) / length for length in shape[:2])
        radius = np.hypot(down[:, None], across[None])  # 1 at a wavelength of two pixels
        octave = np.floor(np.log2(np.maximum(radius, 2.0**-OCTAVES))) + OCTAVES
        self._band = np.clip(octave, 0, OCTAVES).astype(np.int8)
        waves = np.maximum(np.bincount(self._band.ravel(), minlength=OCTAVES + 1), 1)  # small images lack some bands
        self._shares = waves / (3 * waves.sum())  # share of the coefficients, per band and color

    def response(self, s: Array, y: Array) -> Response:
        """Return the response of an L-BFGS pair: step `s` and gradient difference `y`, both (H, W, 3).

        Dividing by the product of `s` and `y` gives long and short steps the same weight.
        """
        scale = np.float32(1 / np.vdot(s, y))
        waves_s, waves_y = _waves(s), _waves(y)
        return Response(
            self._by_band(waves_s * waves_y) * scale,
            self._by_band(waves_y**2) * scale,
            _by_place(s * y) * scale,
            _by_place(y**2) * scale,
        )

    def apply(self, q: Array, responses: Sequence[Response], scale: float = 1.0) -> Array:
        """Multiply `q` (H, W, 3) by the estimated inverse Hessian and by `scale`.

        `responses` are those of the L-BFGS pairs, at least one, oldest first.
        """
        place = self._places(responses) * np.float32(scale**0.5)  # the square root, because `place` is applied twice
        waves = _waves(q * place)
        for color, band in enumerate(self._bands(responses)):  # color by color, to save memory
            waves[color] *= band[self._band]
        return _picture(waves) * place

    def _bands(self, responses: Sequence[Response]) -> Array:
        """Return the inverse curvature by color and band, (3, OCTAVES + 1)."""
        sy = _faded(each.band_sy for each in responses)
        yy = _faded(each.band_yy for each in responses)
        average = sy.sum() / yy.sum()
        found = (sy + DOUBT * self._shares * sy.sum()) / (yy + DOUBT * self._shares * yy.sum())
        limited: Array = np.clip(found, average / RANGE, average * RANGE).astype(np.float32)
        return limited

    def _places(self, responses: Sequence[Response]) -> Array:
        """Return the square root of each pixel's inverse curvature relative to the average, (H, W, 1).

        The inverse curvature has a geometric mean of 1 before it is clipped to PLACES times the average either way.
        """
        sy = _faded(each.place_sy for each in responses)
        yy = _faded(each.place_yy for each in responses)
        log = np.log(np.maximum(sy + DOUBT * sy.mean(), FLOOR * sy.mean()) / (yy + DOUBT * yy.mean()))
        relative = np.clip(np.exp(log - log.mean()), 1 / PLACES, PLACES)
        found: Array = np.sqrt(relative).astype(np.float32)[..., None]
        return found

    def _by_band(self, waves: Array) -> Array:
        sums = [np.bincount(self._band.ravel(), color.ravel(), OCTAVES + 1) for color in waves]
        return np.stack(sums).astype(np.float32)


def _faded(values: Iterable[Array]) -> Array:
    """Return the sum of `values`, oldest first, in which each weighs FADING times as much as the next newer one."""
    return reduce(lambda total, value: total * np.float32(FADING) + value, values)


def _waves(picture: Array) -> Array:
    """Return the cosine coefficients (3, H, W) of brightness and two color differences of an image (H, W, 3).

    The color rotation is written out, because the threads of a matrix product keep spinning for a while afterwards and
    slow down TensorFlow.
    """
    red, green, blue = np.moveaxis(picture, 2, 0)
    with_values = np.stack([(red + green + blue) / ROOT3, (red - blue) / ROOT2, (red - 2 * green + blue) / ROOT6])
    found: Array = dctn(with_values, axes=(1, 2), norm="ortho", overwrite_x=True)
    return found


def _picture(waves: Array) -> Array:
    """Return the image (H, W, 3) for cosine coefficients (3, H, W), the inverse of _waves()."""
    bright, first, second = idctn(waves, axes=(1, 2), norm="ortho", overwrite_x=True)
    bright, first, second = bright / ROOT3, first / ROOT2, second / ROOT6
    return np.stack([bright + first + second, bright - 2 * second, bright - first + second], 2)


def _by_place(values: Array) -> Array:
    found: Array = gaussian_filter(values.sum(-1), NEIGHBORHOOD, mode="nearest")
    return found
