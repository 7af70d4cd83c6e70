"""What stands out in a photo, after Zhu et al. 2014, "Saliency Optimization from Robust Background Detection".

The photo is divided into a few hundred patches of one color each. A patch is background as far as much of what looks
like it, and hangs together with it, lies along the photo's border; a patch is salient as far as it differs from the
background around it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist
from skimage.color import rgb2lab
from skimage.segmentation import slic

from nst.images.io import Pixels

Array = NDArray[np.float64]

PATCHES, COMPACT = 250, 15.0
# Deviations of the paper's Gaussians: of CIE Lab distances, of distances in parts of the long side, and of how much a
# patch belongs to the border.
COLOR, SPACE, BORDER = 10.0, 0.25, 1.0
DRAWN = 0.1  # together are neighbors, whatever their colors
LEAST = 5.0  # in CIE Lab: less contrast than this is nothing that stands out


@dataclass(frozen=True)
class Patches:
    """A photo in n patches."""

    labels: NDArray[np.intp]  # (H, W), which patch a pixel is in
    unlike: Array  # (n, n), CIE Lab distances of their mean colors
    apart: Array  # (n, n), distances of their centers in parts of the long side
    rim: NDArray[np.intp]  # those along the photo's border
    pairs: NDArray[np.intp]  # (2, m), all that touch

    @classmethod
    def of(cls, photo: Pixels) -> Patches:
        """Divide uint8 RGB (H, W, 3)."""
        lab = rgb2lab(photo)
        labels = slic(photo, PATCHES, compactness=COMPACT, start_label=0, channel_axis=-1)
        grid = np.mgrid[: labels.shape[0], : labels.shape[1]] / max(labels.shape)
        colors, centers = _means(lab, labels), _means(np.moveaxis(grid, 0, -1), labels)
        rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
        return cls(labels, cdist(colors, colors), cdist(centers, centers), rim, _touching(labels))


def saliency(photo: Pixels) -> NDArray[np.float32]:
    """How much each pixel of uint8 RGB (H, W, 3) stands out: float32 (H, W) in [0, 1]; all 0 where nothing does."""
    patches = Patches.of(photo)
    background = _background(patches)
    contrast = (patches.unlike * np.exp(-((patches.apart / SPACE) ** 2) / 2)) @ background
    if contrast.max() < LEAST:
        return np.zeros(photo.shape[:2], np.float32)
    scores = _settled(patches, background, contrast / contrast.max())
    return np.clip(scores, 0, 1).astype(np.float32)[patches.labels]


def _background(patches: Patches) -> Array:
    """(n,) in [0, 1]: how sure it is that a patch is background; equations 1 to 4 of the paper."""
    # Patches at the border are neighbors of each other, for what is in front may well cut the background in two.
    along = np.stack(np.meshgrid(patches.rim, patches.rim)).reshape(2, -1)
    first, second = np.unique(np.sort(np.concatenate([patches.pairs, along], 1), 0), axis=1)
    steps = patches.unlike[first, second] + 1e-9  # a step of no length would be no way at all to SciPy
    count = len(patches.unlike)
    ways = dijkstra(coo_matrix((steps, (first, second)), (count, count)).tocsr(), directed=False)
    alike = np.exp(-((ways / COLOR) ** 2) / 2)
    belonging = alike[:, patches.rim].sum(1) / np.sqrt(alike.sum(1))
    return np.asarray(1 - np.exp(-((belonging / BORDER) ** 2) / 2))


def _settled(patches: Patches, background: Array, contrast: Array) -> Array:
    """(n,): salient where contrast is high, not where there is background, and alike in neighbors; equation 9."""
    first, second = patches.pairs
    near = np.exp(-((patches.unlike[first, second] / COLOR) ** 2) / 2) + DRAWN
    links = np.zeros_like(patches.unlike)
    links[first, second] = links[second, first] = near
    system = np.diag(background + contrast + links.sum(1)) - links
    return np.asarray(np.linalg.solve(system, contrast), np.float64)


def _means(values: Array, labels: NDArray[np.intp]) -> Array:
    """(n, channels): the mean of (H, W, channels) in each patch."""
    flat = labels.ravel()
    sums = [np.bincount(flat, values[..., channel].ravel()) for channel in range(values.shape[-1])]
    return np.stack(sums, -1) / np.bincount(flat)[:, None]


def _touching(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """(2, m): all pairs of patches that touch, the smaller number first."""
    across = np.stack([labels[:, :-1].ravel(), labels[:, 1:].ravel()])
    down = np.stack([labels[:-1].ravel(), labels[1:].ravel()])
    pairs = np.sort(np.concatenate([across, down], 1), 0)
    return np.unique(pairs[:, pairs[0] != pairs[1]], axis=1)
