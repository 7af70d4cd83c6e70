"""What becomes of the colors: the painting's, the photo's, or those of one given to the other.

Pictures are worked at strip by strip, so that large ones take no more memory than small ones.

Sources: Gatys, Bethge, Hertzmann & Shechtman, "Preserving color in neural artistic style transfer", 2016,
arXiv:1606.05897, for keeping and matching; Pitié & Kokaram, "The linear Monge-Kantorovitch linear colour mapping for
example-based colour transfer", CVMP 2007, for the map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nst.images.io import Pixels, to_float, to_pixels
from nst.settings.engines import BLENDED_COLORS, Settings

Array = NDArray[np.float32]  # RGB (..., 3) in [0, 1] where nothing else is said
Matrix = NDArray[np.float64]

STRIP = 1 << 16  # pixels that are worked at together: few enough for any memory
LUMA = np.array([0.2126, 0.7152, 0.0722])  # of Rec. 709, sRGB's primaries
# A map stretches no direction of colors by more. What is nearly gray has hardly any color but noise, and would be
# stretched by hundreds.
MOST = 4.0
FAINTEST = 1e-6  # variance that is taken for none
HALVINGS = 7  # of the way back into what a screen can show: to less than a step of 8 bits

# CIE Lab with a white of D65, and IEC 61966-2-1's primaries: the same numbers as scikit-image's.
WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)
XYZ_TO_RGB = np.linalg.inv(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
).astype(np.float32)
SHOWN = 1e-4  # beyond 0 to 1 of linear light that nobody sees


@dataclass(frozen=True)
class Palette:
    """Mean (3,) and covariance (3, 3) of RGB in [0, 1]: all that linear maps know of a picture's colors."""

    mean: Matrix
    covariance: Matrix

    @classmethod
    def of(cls, pixels: Pixels, alpha: Pixels | None = None) -> Palette:
        """Those of uint8 RGB (H, W, 3); pixels count as far as `alpha`, uint8 (H, W), makes them seen."""
        total, sums, products = 0.0, np.zeros(3), np.zeros((3, 3))
        for rows in _strips(pixels):
            colors = pixels[rows].reshape(-1, 3) / 255
            seen = np.ones(len(colors)) if alpha is None else alpha[rows].reshape(-1) / 255 + FAINTEST
            total += seen.sum()
            sums += seen @ colors
            products += (colors * seen[:, None]).T @ colors
        mean = sums / total
        return cls(mean, products / total - np.outer(mean, mean))

    @classmethod
    def mixed(cls, parts: Sequence[Palette], shares: Sequence[float]) -> Palette:
        """That of pictures side by side, by weight."""
        weights = np.divide(shares, np.sum(shares))
        means = np.array([part.mean for part in parts])
        mean = weights @ means
        within = sum(weight * part.covariance for weight, part in zip(weights, parts, strict=True))
        return cls(mean, within + (means - mean).T @ (weights[:, None] * (means - mean)))

    def onto(self, other: Palette) -> Map:
        """The linear map that gives these colors the other's mean and covariance and moves them the least.

        It is optimal transport between normal distributions: C^-1/2 (C^1/2 D C^1/2)^1/2 C^-1/2.
        """
        values, axes = np.linalg.eigh(self.covariance)
        spreads = np.sqrt(np.maximum(values, FAINTEST))
        root, inverse = (axes * spreads) @ axes.T, (axes / spreads) @ axes.T
        matrix = inverse @ _root(root @ other.covariance @ root) @ inverse
        stretches, axes = np.linalg.eigh(matrix)
        return self._moved((axes * np.minimum(stretches, MOST)) @ axes.T, other.mean)

    def relit(self, other: Palette) -> Map:
        """The map that gives luminance the other's mean and deviation, and leaves what differs from it alone."""
        spread, wanted = (np.sqrt(max(LUMA @ each.covariance @ LUMA, FAINTEST)) for each in (self, other))
        matrix = np.eye(3) + (min(wanted / spread, MOST) - 1) * np.outer(np.ones(3), LUMA)
        return self._moved(matrix, self.mean + LUMA @ (other.mean - self.mean))

    def _moved(self, matrix: Matrix, mean: Matrix) -> Map:
        return Map(matrix, mean - matrix @ self.mean)


@dataclass(frozen=True)
class Map:
    """Colors x become matrix @ x + offset."""

    matrix: Matrix
    offset: Matrix

    def __call__(self, pixels: Pixels, share: float = 1.0) -> Pixels:
        """uint8 RGB with other colors; `share` is how far they go, from 0 to 1.

        Colors that a screen cannot show lose saturation, not their luminance or hue.
        """
        matrix = (np.eye(3) + share * (self.matrix - np.eye(3))).astype(np.float32)
        offset = (share * self.offset).astype(np.float32)
        result = np.empty_like(pixels)
        for rows in _strips(pixels):
            result[rows] = to_pixels(_faded(to_float(pixels[rows]) @ matrix.T + offset))
        return result


@dataclass(frozen=True)
class Coloring:
    """Whose colors a picture has, as in nst.settings.engines.Look, and how far they go."""

    colors: str
    amount: float  # percent, of those of which there may be more or less

    @classmethod
    def of(cls, settings: Settings) -> Coloring:
        """As a run begins."""
        return cls(settings.colors, settings.color_amount)

    def turned(self, colors: str | None, amount: float | None) -> Coloring:
        """With others, where they are given."""
        return Coloring(colors or self.colors, self.amount if amount is None else amount)


def ready(styles: Sequence[Pixels], photo: Pixels, alpha: Pixels | None, coloring: Coloring) -> list[Pixels]:
    """Styles in the colors that they are painted with.

    matched: in the photo's mean and covariance. photo: in its brightness and contrast (section 3.2 of Gatys et al.:
    a dark painting would else leave no room for the photo's bright colors).
    """
    if coloring.colors not in BLENDED_COLORS:
        return list(styles)
    wanted, share = Palette.of(photo, alpha), coloring.amount / 100
    palettes = [Palette.of(style) for style in styles]
    maps = [own.onto(wanted) if coloring.colors == "matched" else own.relit(wanted) for own in palettes]
    return [change(style, share) for change, style in zip(maps, styles, strict=True)]


def finished(painted: Pixels, photo: Pixels, coloring: Coloring) -> Pixels:
    """What was painted, with the photo's colors where they are wanted; both uint8 RGB of one size."""
    if coloring.colors != "photo" or coloring.amount == 0:
        return painted
    return with_chroma(painted, photo, coloring.amount / 100)


def with_chroma(painted: Pixels, photo: Pixels, share: float) -> Pixels:
    """The lightness of one picture with the other's chroma, a* and b* of CIE Lab, or a `share` of the way to it.

    Where no screen can show that, lightness goes back towards the photo's as far as it must.
    """
    result = np.empty_like(painted)
    for rows in _strips(painted):
        result[rows] = to_pixels(_recombined(to_float(painted[rows]), to_float(photo[rows]), np.float32(share)))
    return result


def _recombined(painted: Array, photo: Array, share: np.float32) -> Array:
    from skimage.color import rgb2lab

    lab, own = rgb2lab(painted), rgb2lab(photo)
    shown = lab + share * (own - lab)  # at its full share the photo's very color
    wanted = np.concatenate([lab[..., :1], shown[..., 1:]], -1)
    linear = _linear(wanted)
    beyond = ((linear < -SHOWN) | (linear > 1 + SHOWN)).any(-1)
    linear[beyond] = _back(wanted[beyond], shown[beyond])
    return _encoded(linear)


def _back(beyond: Array, shown: Array) -> Array:
    """Linear RGB (N, 3) of Lab colors on the way from `beyond` what can be shown to `shown`: of the first that can."""
    near, far = np.zeros((len(beyond), 1), np.float32), np.ones((len(beyond), 1), np.float32)
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        linear = _linear(beyond + middle * (shown - beyond))
        fits = ((linear >= -SHOWN) & (linear <= 1 + SHOWN)).all(-1, keepdims=True)
        near, far = np.where(fits, near, middle), np.where(fits, middle, far)
    return _linear(beyond + far * (shown - beyond))


def _linear(lab: Array) -> Array:
    """Linear RGB of CIE Lab, also beyond 0 to 1, where scikit-image's lab2rgb() would cut."""
    y = (lab[..., 0] + 16) / 116
    roots = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], -1)
    xyz = np.where(roots > 6 / 29, roots**3, (roots - 4 / 29) * (3 * (6 / 29) ** 2)) * WHITE
    linear: Array = (xyz @ XYZ_TO_RGB.T).astype(np.float32)
    return linear


def _encoded(linear: Array) -> Array:
    """sRGB of linear light, cut to [0, 1]."""
    cut = np.clip(linear, 0, 1)
    return np.where(cut > 0.0031308, 1.055 * cut ** (1 / 2.4) - 0.055, 12.92 * cut).astype(np.float32)


def _faded(colors: Array) -> Array:
    """Colors (..., 3) moved towards the gray of their luminance until they are in [0, 1]."""
    gray = np.clip(colors @ LUMA.astype(np.float32), 0, 1)[..., None]
    away = colors - gray
    room = np.where(away > 0, 1 - gray, gray)
    share = np.min(room / np.maximum(np.abs(away), np.float32(FAINTEST)), -1, keepdims=True, initial=1.0)
    faded: Array = np.clip(gray + share * away, 0, 1)
    return faded


def _root(matrix: Matrix) -> Matrix:
    """The square root of a symmetric matrix without negative eigenvalues, but for rounding."""
    values, axes = np.linalg.eigh(matrix)
    root: Matrix = (axes * np.sqrt(np.maximum(values, 0))) @ axes.T
    return root


def _strips(pixels: Pixels) -> Iterator[slice]:
    """Rows of (H, W, 3), so many at a time as make a strip."""
    height, width = pixels.shape[:2]
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        yield slice(top, top + rows)
