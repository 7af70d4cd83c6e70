"""How much of the photo a picture keeps and how much of the style it has: losses as numbers for people."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from nst.optimization.strength import weights_of
from nst.run.regions import Parts
from nst.run.snapshot import Losses
from nst.settings.engines import OptimizeSettings


@dataclass(frozen=True)
class Meters:
    """Shares from 0 to 1; None where a run does not look at it."""

    kept: float | None
    matched: float | None


def meters(losses: Losses, settings: OptimizeSettings, strength: float | None, parts: Parts | None) -> Meters | None:
    """What the weighted losses of a run mean, whatever its size, network and weights.

    `strength` is what it is by now, None with raw weights; `parts` are those of a picture in regions. Normalized losses
    are energies relative to their target's. From these:

    - `kept` is 1 / (1 + content): the photo's share of the energy in what the network sees, where all that differs is
      taken for something new. 1: nothing differs; 1/2: as much is new as there is in the photo.
    - `matched` is 1 - sqrt(style): 1 where what makes the style is the same, 0 where it is as far off as in a picture
      that has nothing of it, or further.

    None for losses as others have published them, which are sums that depend on size and network.
    """
    if settings.formulation != OptimizeSettings.formulation:
        return None
    content, style = _weights(settings, strength, parts)
    return Meters(
        kept=1 / (1 + losses.content / content) if content else None,
        matched=max(0.0, 1 - sqrt(losses.style / style)) if style else None,
    )


def _weights(settings: OptimizeSettings, strength: float | None, parts: Parts | None) -> tuple[float, float]:
    """What content and style weigh; the style what it weighs at a place of the picture, on average."""
    places = [(strength, 1.0)]
    if parts is not None:
        strengths = parts.strengths(strength)
        places = [(strengths[number], float(parts.maps[number].mean())) for number in parts.painted(strength)]
    style = sum(share * float(np.sum(weights_of(settings, asked).style)) for asked, share in places)
    return weights_of(settings, strength).content, style
