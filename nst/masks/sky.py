"""The sky: what is smooth, of a color that skies have, and hangs down from the photo's upper border.

Rules find where it is for sure, or that there is none; GrabCut then finds its edge. The numbers were chosen on some
two hundred photos with sky and without. A white wall is hard to tell from a white sky: in doubt there is none.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from nst.images.io import Pixels
from nst.masks.grabcut import IN, MAYBE_OUT, OUT, cut
from nst.masks.working_size import Found, Mask, enlarged, nothing, small, without_grain

SIDE = 400  # pixels of the long side that it is looked for at
CLEAR, CLOUDY = 5.0, 16.0  # change of brightness from pixel to pixel: skies have less
LOWER = 0.1  # of the photo's height: how far it may reach below where it is for sure
WIDTH = 0.08  # of the upper border; what hangs on less of it is no part of the sky
LEAST, LEAST_ABOVE = 0.03, 0.2  # of the photo, and of its upper border; less is no sky
ALIKE = 0.3  # of its brightest channel, by which two parts of one sky differ
BLUE, TEAL = 40.0, 0.7  # more blue than red makes a hue, in which green is not so far from red to blue as in water
HAZE = 190.0  # brightness; what is brighter is pale, and its hue tells nothing
GROUND = 175.0  # brightness below a white sky; things on white paper are brighter all over
AT_BORDER = 0.1  # of the lower border; what has more of it comes down to it


def sky(photo: Pixels) -> Mask:
    """The sky of uint8 RGB (H, W, 3), float32 (H, W) in [0, 1]; all 0 where there is none."""
    reduced = small(photo, SIDE)
    sure = _sure(reduced)
    if sure is None:
        return nothing(photo)
    core = cv2.erode(sure.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0  # its edge is GrabCut's to find
    seeds = np.where(core, IN, MAYBE_OUT).astype(np.uint8)
    seeds[_rows(sure)[1] + 1 + round(len(sure) * LOWER) :] = OUT
    found = _connected(cut(reduced, seeds) | core, core)
    return enlarged(found | _clouds(~found, reduced), photo)


def _sure(photo: Pixels) -> Found | None:
    """Where there is sky for sure; None where there may be none."""
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
    """Where it is blue, or bright and gray."""
    red, green, blue = np.moveaxis(photo.astype(np.float32), -1, 0)
    is_blue = (blue > red + 8) & (blue > green - 4) & (blue > 40)
    found: Found = is_blue | ((np.ptp(photo, -1) < 45) & (_brightness(photo) > 120) & (blue > red - 30))
    return found


def _roughness(photo: Pixels) -> NDArray[np.float32]:
    """(H, W): by how much of 255 brightness changes from a pixel to the next, around each."""
    bright = _brightness(photo)
    across, down = (cv2.Sobel(bright, -1, x, 1 - x, scale=1 / 4) for x in (1, 0))
    return cv2.blur(cv2.magnitude(across, down), (5, 5)).astype(np.float32)


def _hanging(found: Found) -> Found:
    """The parts that hang on enough of the upper border."""
    count, labels = cv2.connectedComponents(found.astype(np.uint8))
    widths = np.bincount(labels[0], minlength=count)
    widths[0] = 0
    kept: Found = (widths > WIDTH * found.shape[1])[labels]
    return kept


def _cut_off(sky: Found, smooth: Found, photo: Pixels) -> Found:
    """Other smooth parts, beside it and of much the same color: a cloud or a tree hangs before them."""
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
    """The first and the last that it is in."""
    rows = np.flatnonzero(found.any(1))
    return int(rows[0]), int(rows[-1])


def _is_clear(found: Found, photo: Pixels) -> bool:
    """Whether that is large enough, and its color is a sky's in this photo's light."""
    if not _is_large(found):
        return False
    bright, blueness = _brightness(photo), _blueness(found, photo)
    here = float(bright[found].mean())
    if blueness > 15:
        return (here > 100 or blueness > 45) and not _is_teal(found, photo)  # in the dark, it is blue or it is no sky
    # A wall is warmer than an overcast sky, and darker; paper and backdrops come down to the lower border.
    elsewhere = float(bright[~found].mean()) if not found.all() else here
    fills = found[-1].mean() > AT_BORDER or found[:, [0, -1]].mean() > 0.85
    return blueness > -1.5 and here > max(185, elsewhere + 40) and elsewhere < GROUND and not fills


def _is_teal(found: Found, photo: Pixels) -> bool:
    """Whether its hue is that of water, a pool or a painted wall: no sky is as green."""
    red, green, blue = photo[found].astype(np.float32).mean(0)
    pale = float(_brightness(photo)[found].mean()) > HAZE
    return not pale and bool(blue - red > BLUE and green - red > TEAL * (blue - red))


def _is_large(found: Found) -> bool:
    return bool(found.mean() >= LEAST and found[0].mean() >= LEAST_ABOVE)


def _connected(found: Found, core: Found) -> Found:
    """The parts of what was found that have some of the core in them."""
    count, labels = cv2.connectedComponents(found.astype(np.uint8))
    inside = np.bincount(labels.ravel(), core.ravel(), count) > 0
    kept: Found = inside[labels] & found
    return kept


def _clouds(left: Found, photo: Pixels) -> Found:
    """What is left over, cut off from the ground and of a sky's color."""
    count, labels = cv2.connectedComponents(left.astype(np.uint8))
    sizes = np.bincount(labels.ravel(), minlength=count)
    alike = np.bincount(labels.ravel(), _has_color(photo).ravel(), count) > 0.7 * sizes
    alike[labels[-1]] = False
    kept: Found = alike[labels] & left
    return kept


def _blueness(found: Found, photo: Pixels) -> float:
    """How much more blue there is than red, of 255."""
    return float((photo[found, 2].astype(np.float32) - photo[found, 0]).mean()) if found.any() else 0.0


def _brightness(photo: Pixels) -> NDArray[np.float32]:
    return cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32)
