"""A first estimate of the inverse Hessian for L-BFGS: how far a pixel may move differs by place and by frequency.

Of the curvature y = H s that the steps so far have met, two averages are kept: by place, because features answer
strongly where the picture has structure, and by band of frequencies, because a network's filters are deaf to some.
L-BFGS then needs two thirds of the steps that it needs from a multiple of the identity (equation 7.20 of Nocedal &
Wright 2006).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy.fft import dctn, idctn
from scipy.ndimage import gaussian_filter

from nst.optimization.minimize import Array

OCTAVES = 8  # bands of frequencies, the lowest one apart
ROOT2, ROOT3, ROOT6 = np.sqrt(np.array([2, 3, 6], np.float32))
NEIGHBORHOOD = 2.0  # pixels, the deviation of the Gaussian that averages places
FADING = 0.9  # what a pair counts for against the one after it
RANGE = 30.0  # most that a band may differ from the average, either way
PLACES = 10.0  # most that a place may
DOUBT = 0.1  # what an even answer at all places and in all bands counts for, against what was met
FLOOR = 1e-3  # of the average: what counts where a place bends the other way, or not at all


@dataclass(frozen=True)
class Response:
    """What one step s and its change of gradient y tell, by color and band (3, OCTAVES + 1) and by place (H, W)."""

    band_sy: Array
    band_yy: Array
    place_sy: Array
    place_yy: Array


class Preconditioner:
    """For pictures of shape (H, W, 3)."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        down, across = (np.arange(length) / length for length in shape[:2])
        radius = np.hypot(down[:, None], across[None])  # 1 where a wave is two pixels long
        octave = np.floor(np.log2(np.maximum(radius, 2.0**-OCTAVES))) + OCTAVES
        self._band = np.clip(octave, 0, OCTAVES).astype(np.int8)
        waves = np.maximum(np.bincount(self._band.ravel(), minlength=OCTAVES + 1), 1)  # small pictures lack some
        self._shares = waves / (3 * waves.sum())  # of each band and color

    def response(self, s: Array, y: Array) -> Response:
        """`s` and `y` (H, W, 3), weighed so that long steps count no more than short ones."""
        scale = np.float32(1 / np.vdot(s, y))
        waves_s, waves_y = _waves(s), _waves(y)
        return Response(
            self._by_band(waves_s * waves_y) * scale,
            self._by_band(waves_y**2) * scale,
            _by_place(s * y) * scale,
            _by_place(y**2) * scale,
        )

    def apply(self, q: Array, responses: Sequence[Response], scale: float = 1.0) -> Array:
        """The estimate times `q` (H, W, 3) and `scale`, from responses (one at least), oldest first."""
        place = self._places(responses) * np.float32(scale**0.5)  # it is applied twice
        waves = _waves(q * place)
        for color, band in enumerate(self._bands(responses)):  # one by one: large pictures need the memory
            waves[color] *= band[self._band]
        return _picture(waves) * place

    def _bands(self, responses: Sequence[Response]) -> Array:
        """Inverse curvature, (3, OCTAVES + 1)."""
        sy = _faded(each.band_sy for each in responses)
        yy = _faded(each.band_yy for each in responses)
        average = sy.sum() / yy.sum()
        found = (sy + DOUBT * self._shares * sy.sum()) / (yy + DOUBT * self._shares * yy.sum())
        limited: Array = np.clip(found, average / RANGE, average * RANGE).astype(np.float32)
        return limited

    def _places(self, responses: Sequence[Response]) -> Array:
        """Square root of the inverse curvature, (H, W, 1), of geometric mean 1."""
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
    """Their sum, oldest first; each counts for more than the one before it."""
    return reduce(lambda total, value: total * np.float32(FADING) + value, values)


def _waves(picture: Array) -> Array:
    """Cosine coefficients (3, H, W) of brightness and two color differences, from a picture (H, W, 3).

    Colors are turned by hand: a matrix product's threads would go on spinning for a while in TensorFlow's way.
    """
    red, green, blue = np.moveaxis(picture, 2, 0)
    turned = np.stack([(red + green + blue) / ROOT3, (red - blue) / ROOT2, (red - 2 * green + blue) / ROOT6])
    found: Array = dctn(turned, axes=(1, 2), norm="ortho", overwrite_x=True)
    return found


def _picture(waves: Array) -> Array:
    """The inverse of _waves()."""
    bright, first, second = idctn(waves, axes=(1, 2), norm="ortho", overwrite_x=True)
    bright, first, second = bright / ROOT3, first / ROOT2, second / ROOT6
    return np.stack([bright + first + second, bright - 2 * second, bright - first + second], 2)


def _by_place(values: Array) -> Array:
    found: Array = gaussian_filter(values.sum(-1), NEIGHBORHOOD, mode="nearest")
    return found
