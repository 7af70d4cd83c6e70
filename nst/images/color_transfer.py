"""Color transfer between style and content image: color statistics, affine color maps and transfer of chroma.

Images are processed in strips, so working memory does not grow with image size.

Sources: Gatys, Bethge, Hertzmann & Shechtman, "Preserving color in neural artistic style transfer", 2016,
arXiv:1606.05897, for color preservation and matching; Pitié & Kokaram, "The linear Monge-Kantorovitch linear colour
mapping for example-based colour transfer", CVMP 2007, for the linear map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nst.images.io import Pixels, to_float, to_pixels
from nst.settings.engines import BLENDED_COLORS, Settings

Array = NDArray[np.float32]  # RGB (..., 3) in [0, 1] unless noted otherwise
Matrix = NDArray[np.float64]

STRIP = 1 << 16  # pixels per strip: small enough for any machine
LUMA = np.array([0.2126, 0.7152, 0.0722])  # Rec. 709 luma coefficients, sRGB's primaries
# Maximum gain of a color map along any axis. A nearly gray image has hardly any chroma but noise, which would otherwise
# be amplified by a factor of hundreds.
MOST = 4.0
FAINTEST = 1e-6  # minimum variance and alpha weight, against division by zero
HALVINGS = 7  # bisection steps back into the sRGB gamut: error below one 8-bit step

# CIE Lab with D65 white point and IEC 61966-2-1 primaries: the same constants as in scikit-image.
WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)
XYZ_TO_RGB = np.linalg.inv(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
).astype(np.float32)
SHOWN = 1e-4  # gamut tolerance: invisible excess of linear RGB beyond [0, 1]


@dataclass(frozen=True)
class Palette:
    """Color statistics of an image: mean (3,) and covariance (3, 3) of RGB in [0, 1]."""

    mean: Matrix
    covariance: Matrix

    @classmethod
    def of(cls, pixels: Pixels, alpha: Pixels | None = None) -> Palette:
        """Return the color statistics of uint8 RGB (H, W, 3), weighted by `alpha`, uint8 (H, W), unless None."""
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
        """Return the pooled statistics of several images; `shares` are their weights, normalized to sum 1."""
        weights = np.divide(shares, np.sum(shares))
        means = np.array([part.mean for part in parts])
        mean = weights @ means
        within = sum(weight * part.covariance for weight, part in zip(weights, parts, strict=True))
        return cls(mean, within + (means - mean).T @ (weights[:, None] * (means - mean)))

    def onto(self, other: Palette) -> Map:
        """Return the affine map to the mean and covariance of `other` with the least displacement of colors.

        The linear part is optimal transport between normal distributions with covariances C (self) and D (`other`),
        C^-1/2 (C^1/2 D C^1/2)^1/2 C^-1/2, with gains limited to 4.
        """
        values, axes = np.linalg.eigh(self.covariance)
        spreads = np.sqrt(np.maximum(values, FAINTEST))
        root, inverse = (axes * spreads) @ axes.T, (axes / spreads) @ axes.T
        matrix = inverse @ _root(root @ other.covariance @ root) @ inverse
        stretches, axes = np.linalg.eigh(matrix)
        return self._moved((axes * np.minimum(stretches, MOST)) @ axes.T, other.mean)

    def relit(self, other: Palette) -> Map:
        """Return the map that adapts only luminance, to the mean and standard deviation of `other`.

        RGB minus luminance is kept. The gain of luminance is limited to 4.
        """
        spread, wanted = (np.sqrt(max(LUMA @ each.covariance @ LUMA, FAINTEST)) for each in (self, other))
        matrix = np.eye(3) + (min(wanted / spread, MOST) - 1) * np.outer(np.ones(3), LUMA)
        return self._moved(matrix, self.mean + LUMA @ (other.mean - self.mean))

    def _moved(self, matrix: Matrix, mean: Matrix) -> Map:
        return Map(matrix, mean - matrix @ self.mean)


@dataclass(frozen=True)
class Map:
    """Affine color map of RGB in [0, 1]: x -> matrix @ x + offset, with matrix (3, 3) and offset (3,)."""

    matrix: Matrix
    offset: Matrix

    def __call__(self, pixels: Pixels, share: float = 1.0) -> Pixels:
        """Apply the map to uint8 RGB (H, W, 3); `share` is 0 for the identity and 1 for the full map.

        Colors outside the sRGB gamut lose saturation but keep luminance and hue.
        """
        matrix = (np.eye(3) + share * (self.matrix - np.eye(3))).astype(np.float32)
        offset = (share * self.offset).astype(np.float32)
        result = np.empty_like(pixels)
        for rows in _strips(pixels):
            result[rows] = to_pixels(_faded(to_float(pixels[rows]) @ matrix.T + offset))
        return result


@dataclass(frozen=True)
class Coloring:
    """Color transfer of a style-transfer run: the settings `colors` and `color_amount`."""

    colors: str
    amount: float  # percent; applies to BLENDED_COLORS

    @classmethod
    def of(cls, settings: Settings) -> Coloring:
        """Return the color transfer in the settings of a style-transfer run."""
        return cls(settings.colors, settings.color_amount)

    def with_values(self, colors: str | None, amount: float | None) -> Coloring:
        """Return a copy with mode and amount replaced by the arguments; None keeps the current value."""
        return Coloring(colors or self.colors, self.amount if amount is None else amount)


def ready(styles: Sequence[Pixels], photo: Pixels, alpha: Pixels | None, coloring: Coloring) -> list[Pixels]:
    """Return the style images with the colors to use during stylization, all uint8 RGB (H, W, 3).

    `alpha`, uint8 (h, w) or None, weights the pixels of the content image `photo` in its color statistics. By mode
    (`coloring.colors`): "matched" gives each style image the mean and covariance of the content image's colors. "photo"
    gives it the brightness and contrast of the content image (section 3.2 of Gatys et al.: with a dark style image the
    result would be too dark for the content image's bright colors). Other modes leave the style images unchanged.
    `coloring.amount` is the share of the change, in percent.
    """
    if coloring.colors not in BLENDED_COLORS:
        return list(styles)
    wanted, share = Palette.of(photo, alpha), coloring.amount / 100
    palettes = [Palette.of(style) for style in styles]
    maps = [own.onto(wanted) if coloring.colors == "matched" else own.relit(wanted) for own in palettes]
    return [change(style, share) for change, style in zip(maps, styles, strict=True)]


def finished(painted: Pixels, photo: Pixels, coloring: Coloring) -> Pixels:
    """Return the result `painted` after color transfer: in mode "photo" with the chroma of the content image `photo`.

    Both are uint8 RGB (H, W, 3) of equal size; `coloring.amount` is the share of the change, in percent.
    """
    if coloring.colors != "photo" or coloring.amount == 0:
        return painted
    return with_chroma(painted, photo, coloring.amount / 100)


def with_chroma(painted: Pixels, photo: Pixels, share: float) -> Pixels:
    """Return `painted` with its chroma, a* and b* of CIE Lab, moved towards that of `photo`.

    Both are uint8 RGB (H, W, 3) of equal size; `share` in [0, 1] is 1 for the full chroma of `photo`. Lightness is
    kept, except for colors outside the sRGB gamut: their lightness also moves towards the photo's as far as necessary.
    """
    result = np.empty_like(painted)
    for rows in _strips(painted):
        result[rows] = to_pixels(_recombined(to_float(painted[rows]), to_float(photo[rows]), np.float32(share)))
    return result


def _recombined(painted: Array, photo: Array, share: np.float32) -> Array:
    from skimage.color import rgb2lab

    lab, own = rgb2lab(painted), rgb2lab(photo)
    shown = lab + share * (own - lab)  # with share 1 exactly the photo's color
    wanted = np.concatenate([lab[..., :1], shown[..., 1:]], -1)
    linear = _linear(wanted)
    beyond = ((linear < -SHOWN) | (linear > 1 + SHOWN)).any(-1)
    linear[beyond] = _back(wanted[beyond], shown[beyond])
    return _encoded(linear)


def _back(beyond: Array, shown: Array) -> Array:
    """Return the first color in the sRGB gamut on each line in CIE Lab from `beyond` to `shown`, both (N, 3).

    The result is linear RGB (N, 3).
    """
    near, far = np.zeros((len(beyond), 1), np.float32), np.ones((len(beyond), 1), np.float32)
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        linear = _linear(beyond + middle * (shown - beyond))
        fits = ((linear >= -SHOWN) & (linear <= 1 + SHOWN)).all(-1, keepdims=True)
        near, far = np.where(fits, near, middle), np.where(fits, middle, far)
    return _linear(beyond + far * (shown - beyond))


def _linear(lab: Array) -> Array:
    """Convert CIE Lab (..., 3) to linear RGB (..., 3) without clipping to [0, 1], unlike scikit-image's lab2rgb()."""
    y = (lab[..., 0] + 16) / 116
    roots = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], -1)
    xyz = np.where(roots > 6 / 29, roots**3, (roots - 4 / 29) * (3 * (6 / 29) ** 2)) * WHITE
    linear: Array = (xyz @ XYZ_TO_RGB.T).astype(np.float32)
    return linear


def _encoded(linear: Array) -> Array:
    """Convert linear RGB to sRGB, float32 clipped to [0, 1]."""
    cut = np.clip(linear, 0, 1)
    return np.where(cut > 0.0031308, 1.055 * cut ** (1 / 2.4) - 0.055, 12.92 * cut).astype(np.float32)


def _faded(colors: Array) -> Array:
    """Desaturate RGB (..., 3) towards the gray of equal luminance until all channels are in [0, 1]."""
    gray = np.clip(colors @ LUMA.astype(np.float32), 0, 1)[..., None]
    away = colors - gray
    room = np.where(away > 0, 1 - gray, gray)
    share = np.min(room / np.maximum(np.abs(away), np.float32(FAINTEST)), -1, keepdims=True, initial=1.0)
    faded: Array = np.clip(gray + share * away, 0, 1)
    return faded


def _root(matrix: Matrix) -> Matrix:
    """Return the square root of a symmetric positive semidefinite matrix; negative eigenvalues count as 0."""
    values, axes = np.linalg.eigh(matrix)
    root: Matrix = (axes * np.sqrt(np.maximum(values, 0))) @ axes.T
    return root


def _strips(pixels: Pixels) -> Iterator[slice]:
    """Yield slices of the rows of an image (H, W, 3), about 65,536 pixels each."""
    height, width = pixels.shape[:2]
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        yield slice(top, top + rows)
