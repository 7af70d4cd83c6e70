"""Sky detection: smooth, sky-colored areas connected to the upper border of the image.

Rules find the certain sky, or decide that the image has none; GrabCut then refines the edge. The thresholds were tuned
on about two hundred photos with and without sky. A white wall is hard to distinguish from a white sky; ambiguous cases
count as no sky.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from nst.images.io import Pixels
from nst.masks.grabcut import IN, MAYBE_OUT, OUT, cut
from nst.masks.working_size import Found, Mask, enlarged, nothing, small, without_grain

SIDE = 400  # long side of the reduced image, in pixels
CLEAR, CLOUDY = 5.0, 16.0  # maximum roughness of a clear and of a cloudy sky; see _roughness()
LOWER = 0.1  # maximum extent of the sky below the certain sky, relative to the image height
WIDTH = 0.08  # minimum share of the upper border that a component of the sky touches
LEAST, LEAST_ABOVE = 0.03, 0.2  # minimum share of the image, and of its upper border, that is sky
ALIKE = 0.3  # maximum color difference between two components of a sky, relative to its brightest channel
# Blue minus red (0..255) above which a hue is meaningful; (green - red) / (blue - red) above which the hue is teal, as
# of water, and not of a sky.
BLUE, TEAL = 40.0, 0.7
HAZE = 190.0  # brightness (0..255) above which a color is too pale for its hue to be reliable
GROUND = 175.0  # maximum brightness outside a white sky; images of objects on white paper are brighter
AT_BORDER = 0.1  # maximum share of the lower border that a sky covers


def sky(photo: Pixels) -> Mask:
    """Return a mask of the sky in uint8 RGB (H, W, 3), float32 (H, W) in [0, 1]; all 0 if there is none."""
    reduced = small(photo, SIDE)
    sure = _sure(reduced)
    if sure is None:
        return nothing(photo)
    core = cv2.erode(sure.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0  # leaves the edge to GrabCut
    seeds = np.where(core, IN, MAYBE_OUT).astype(np.uint8)
    seeds[_rows(sure)[1] + 1 + round(len(sure) * LOWER) :] = OUT
    found = _connected(cut(reduced, seeds) | core, core)
    return enlarged(found | _clouds(~found, reduced), photo)


def _sure(photo: Pixels) -> Found | None:
    """Return a mask of the pixels that are certainly sky, bool (H, W), or None if the image may have no sky."""
    soft = without_grain(photo)
    alike, rough = _has_color(soft), _roughness(soft)
    smooth = alike & (rough < CLEAR)
    clear = _hanging(smooth)
    if _is_clear(clear, photo):
        return clear | _cut_off(clear, smooth, photo)
    cloudy = _hanging(alike & (rough < CLOUDY))
    is_blue = _is_large(cloudy) and _blueness(cloudy, photo) > BLUE and not _is_teal(cloudy, photo)
    return cloudy if is_blue and cloudy[-1].mean() < AT_BORDER else None


def _has_color(photo: Pixels) -> Found:
    """Return the sky-colored pixels, bool (H, W): blue, or bright and gray."""
    red, green, blue = np.moveaxis(photo.astype(np.float32), -1, 0)
    is_blue = (blue > red + 8) & (blue > green - 4) & (blue > 40)
    found: Found = is_blue | ((np.ptp(photo, -1) < 45) & (_brightness(photo) > 120) & (blue > red - 30))
    return found


def _roughness(photo: Pixels) -> NDArray[np.float32]:
    """Return the local mean gradient of brightness, (H, W), in levels (0..255) per pixel."""
    bright = _brightness(photo)
    across, down = (cv2.Sobel(bright, -1, x, 1 - x, scale=1 / 4) for x in (1, 0))
    return cv2.blur(cv2.magnitude(across, down), (5, 5)).astype(np.float32)


def _hanging(found: Found) -> Found:
    """Return the connected components of a mask that touch more than WIDTH of the upper border of the image."""
    count, labels = cv2.connectedComponents(found.astype(np.uint8))
    widths = np.bincount(labels[0], minlength=count)
    widths[0] = 0
    kept: Found = (widths > WIDTH * found.shape[1])[labels]
    return kept


def _cut_off(sky: Found, smooth: Found, photo: Pixels) -> Found:
    """Return parts of the sky that a cloud or a tree separates from the mask `sky`.

    They are connected components of `smooth`, not in `sky`, at a similar height and of a similar color.
    """
    count, labels = cv2.connectedComponents((smooth & ~sky).astype(np.uint8))
    color, lowest = photo[sky].mean(0), _rows(sky)[1]
    kept = np.zeros_like(sky)
    for number in range(1, count):
        part = labels == number
        top, bottom = _rows(part)
        beside = top < lowest / 2 and bottom < lowest + LOWER * len(sky)
        if beside and part.mean() > LEAST / 10 and np.abs(photo[part].mean(0) - color).max() < ALIKE * color.max():
            kept |= part
    return kept


def _rows(found: Found) -> tuple[int, int]:
    """Return the indices of the first and the last row that contain pixels of the mask."""
    rows = np.flatnonzero(found.any(1))
    return int(rows[0]), int(rows[-1])


def _is_clear(found: Found, photo: Pixels) -> bool:
    """Return True if a mask is large enough for a sky and its color fits, given the brightness of the other pixels."""
    if not _is_large(found):
        return False
    bright, blueness = _brightness(photo), _blueness(found, photo)
    here = float(bright[found].mean())
    if blueness > 15:
        return (here > 100 or blueness > 45) and not _is_teal(found, photo)  # a dark sky must be clearly blue
    # A wall is warmer and darker than an overcast sky; paper and backdrops reach the lower border.
    elsewhere = float(bright[~found].mean()) if not found.all() else here
    fills = found[-1].mean() > AT_BORDER or found[:, [0, -1]].mean() > 0.85
    return blueness > -1.5 and here > max(185, elsewhere + 40) and elsewhere < GROUND and not fills


def _is_teal(found: Found, photo: Pixels) -> bool:
    """Return True if the mean hue inside a mask is too green for a sky, as of water, a pool or a painted wall."""
    red, green, blue = photo[found].astype(np.float32).mean(0)
    pale = float(_brightness(photo)[found].mean()) > HAZE
    return not pale and bool(blue - red > BLUE and green - red > TEAL * (blue - red))


def _is_large(found: Found) -> bool:
    return bool(found.mean() >= LEAST and found[0].mean() >= LEAST_ABOVE)


def _connected(found: Found, core: Found) -> Found:
    """Return the connected components of the mask `found` that contain pixels of the mask `core`."""
    count, labels = cv2.connectedComponents(found.astype(np.uint8))
    inside = np.bincount(labels.ravel(), core.ravel(), count) > 0
    kept: Found = inside[labels] & found
    return kept


def _clouds(left: Found, photo: Pixels) -> Found:
    """Return the connected components of the mask `left` that are sky-colored and do not touch the lower border."""
    count, labels = cv2.connectedComponents(left.astype(np.uint8))
    sizes = np.bincount(labels.ravel(), minlength=count)
    alike = np.bincount(labels.ravel(), _has_color(photo).ravel(), count) > 0.7 * sizes
    alike[labels[-1]] = False
    kept: Found = alike[labels] & left
    return kept


def _blueness(found: Found, photo: Pixels) -> float:
    """Return the mean of blue minus red inside a mask, in levels (-255..255); 0 for an empty mask."""
    return float((photo[found, 2].astype(np.float32) - photo[found, 0]).mean()) if found.any() else 0.0


def _brightness(photo: Pixels) -> NDArray[np.float32]:
    return cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32)
