"""Conversion of losses to two shares for users: content preserved and style matched."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from nst.optimization.strength import weights_of
from nst.run.regions import RegionSet
from nst.run.snapshot import Losses
from nst.settings.engines import OptimizeSettings


@dataclass(frozen=True)
class Meters:
    """Share of the content image preserved (`kept`) and share of the style matched (`matched`), both from 0 to 1.

    A share is None if the weight of its loss is 0.
    """

    kept: float | None
    matched: float | None


def meters(
    losses: Losses, settings: OptimizeSettings, strength: float | None, parts: RegionSet | None
) -> Meters | None:
    """Convert the weighted losses of a run to meters that do not depend on size, network and weights.

    `losses` are weighted. `strength` is the current strength, None with raw weights; `parts` are the regions, None
    without regions. Divided by their weights, the losses are energies relative to the target's energy. From these:

    - `kept` is 1 / (1 + content): the content image's share of the feature energy, if the whole difference counts as
      new. 1: no difference; 1/2: the difference has as much energy as the content image.
    - `matched` is 1 - sqrt(style): 1 if the style statistics are equal, 0 for a style loss of 1 or more. With the Gram
      loss, 1 is the loss of all-zero features.

    Returns None if the formulation is not "normalized": the losses of the others depend on size and network.
    """
    if settings.formulation != OptimizeSettings.formulation:
        return None
    content, style = _weights(settings, strength, parts)
    return Meters(
        kept=1 / (1 + losses.content / content) if content else None,
        matched=max(0.0, 1 - sqrt(losses.style / style)) if style else None,
    )


def _weights(settings: OptimizeSettings, strength: float | None, parts: RegionSet | None) -> tuple[float, float]:
    """Return the content weight, and the style weight averaged over the area of the image."""
    places = [(strength, 1.0)]
    if parts is not None:
        strengths = parts.strengths(strength)
        places = [(strengths[number], float(parts.maps[number].mean())) for number in parts.painted(strength)]
    style = sum(share * float(np.sum(weights_of(settings, asked).style)) for asked, share in places)
    return weights_of(settings, strength).content, style
