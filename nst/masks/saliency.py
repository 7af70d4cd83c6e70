"""Saliency map after Zhu et al. 2014, "Saliency Optimization from Robust Background Detection".

The image is segmented into a few hundred superpixels (patches). The background probability of a patch grows with the
share of its connected, similarly colored surroundings that lies on the image border. The saliency of a patch is its
color contrast to the background patches around it.
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
# Standard deviations of the paper's Gaussians: CIE Lab distance, spatial distance relative to the long side, boundary
# connectivity.
COLOR, SPACE, BORDER = 10.0, 0.25, 1.0
DRAWN = 0.1  # minimum smoothness weight between adjacent patches, independent of color
LEAST = 5.0  # in CIE Lab: if the highest contrast is below it, nothing is salient


@dataclass(frozen=True)
class Patches:
    """Segmentation of an image into n superpixels (patches), with their color and spatial distances and neighbors."""

    labels: NDArray[np.intp]  # (H, W), patch index of each pixel
    unlike: Array  # (n, n), CIE Lab distances between mean colors
    apart: Array  # (n, n), distances between centers, relative to the long side
    rim: NDArray[np.intp]  # indices of the patches on the image border
    pairs: NDArray[np.intp]  # (2, m), adjacent patches

    @classmethod
    def of(cls, photo: Pixels) -> Patches:
        """Segment uint8 RGB (H, W, 3) into about PATCHES superpixels."""
        lab = rgb2lab(photo)
        labels = slic(photo, PATCHES, compactness=COMPACT, start_label=0, channel_axis=-1)
        grid = np.mgrid[: labels.shape[0], : labels.shape[1]] / max(labels.shape)
        colors, centers = _means(lab, labels), _means(np.moveaxis(grid, 0, -1), labels)
        rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
        return cls(labels, cdist(colors, colors), cdist(centers, centers), rim, _touching(labels))


def saliency(photo: Pixels) -> NDArray[np.float32]:
    """Return the saliency map of uint8 RGB (H, W, 3): float32 (H, W) in [0, 1]; all 0 if nothing is salient."""
    patches = Patches.of(photo)
    background = _background(patches)
    contrast = (patches.unlike * np.exp(-((patches.apart / SPACE) ** 2) / 2)) @ background
    if contrast.max() < LEAST:
        return np.zeros(photo.shape[:2], np.float32)
    scores = _settled(patches, background, contrast / contrast.max())
    return np.clip(scores, 0, 1).astype(np.float32)[patches.labels]


def _background(patches: Patches) -> Array:
    """Return the background probability of each patch, (n,) in [0, 1]; equations 1 to 4 of the paper."""
    # All border patches count as adjacent, because a foreground object may split the background in two.
    along = np.stack(np.meshgrid(patches.rim, patches.rim)).reshape(2, -1)
    first, second = np.unique(np.sort(np.concatenate([patches.pairs, along], 1), 0), axis=1)
    steps = patches.unlike[first, second] + 1e-9  # SciPy treats an edge of weight 0 as missing
    count = len(patches.unlike)
    ways = dijkstra(coo_matrix((steps, (first, second)), (count, count)).tocsr(), directed=False)
    alike = np.exp(-((ways / COLOR) ** 2) / 2)
    belonging = alike[:, patches.rim].sum(1) / np.sqrt(alike.sum(1))
    return np.asarray(1 - np.exp(-((belonging / BORDER) ** 2) / 2))


def _settled(patches: Patches, background: Array, contrast: Array) -> Array:
    """Return the saliency of each patch, (n,), that minimizes equation 9 of the paper.

    Saliency is high where `contrast` is, low where the background probability `background` is high, and similar in
    adjacent patches of similar color. Both arguments have shape (n,).
    """
    first, second = patches.pairs
    near = np.exp(-((patches.unlike[first, second] / COLOR) ** 2) / 2) + DRAWN
    links = np.zeros_like(patches.unlike)
    links[first, second] = links[second, first] = near
    system = np.diag(background + contrast + links.sum(1)) - links
    return np.asarray(np.linalg.solve(system, contrast), np.float64)


def _means(values: Array, labels: NDArray[np.intp]) -> Array:
    """Return the mean of `values` (H, W, channels) over each patch, (n, channels); `labels` is (H, W)."""
    flat = labels.ravel()
    sums = [np.bincount(flat, values[..., channel].ravel()) for channel in range(values.shape[-1])]
    return np.stack(sums, -1) / np.bincount(flat)[:, None]


def _touching(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return all pairs of adjacent patches, (2, m), smaller index first; `labels` (H, W) are patch indices."""
    across = np.stack([labels[:, :-1].ravel(), labels[:, 1:].ravel()])
    down = np.stack([labels[:-1].ravel(), labels[1:].ravel()])
    pairs = np.sort(np.concatenate([across, down], 1), 0)
    return np.unique(pairs[:, pairs[0] != pairs[1]], axis=1)
