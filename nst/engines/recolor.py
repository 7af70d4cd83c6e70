"""Engine of colors="palette": color transfer from style image to content image only, yielding one Snapshot.

No network is used. `strength` is the amount of color transfer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from nst.errors import SettingsError
from nst.images import io as images
from nst.images.blend import mosaic
from nst.images.color_transfer import Palette
from nst.images.io import Pixels
from nst.optimization.problem import read_styles
from nst.run.control import EngineControl
from nst.run.inputs import Inputs, mix_of, read_content
from nst.run.regions import RegionSet
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import Settings

FULL = 100.0  # strength of a complete color transfer


def run(inputs: Inputs, settings: Settings, control: EngineControl, resume: Checkpoint | None) -> Iterator[Snapshot]:
    """Run the engine, see nst.engines.registry.stream(). Validate everything before the generator starts."""
    began = time.monotonic()
    if inputs.init_image is not None or resume is not None:
        given = "an init_image" if inputs.init_image is not None else "a checkpoint"
        raise SettingsError(f"colors='palette' cannot use {given}. Leave it out, or choose other colors.")
    photo = read_content(inputs.content)
    rgb = images.fit(photo.bled, settings.size)
    shares, styles = inputs.shares, read_styles(inputs, settings)
    palettes = [Palette.of(style) for style in styles]
    parts = RegionSet.of(inputs.regions, (rgb.shape[1], rgb.shape[0]), len(styles))
    wanted = [Palette.mixed(palettes, mix_of(part, shares)) for part in parts.region_styles]
    alpha = images.resize_alpha(photo.alpha, (rgb.shape[1], rgb.shape[0]))
    return _recolor(rgb, alpha, parts, wanted, settings, control, began)


def _recolor(
    rgb: Pixels,
    alpha: Pixels | None,
    parts: RegionSet,
    wanted: Sequence[Palette],
    settings: Settings,
    control: EngineControl,
    began: float,
) -> Iterator[Snapshot]:
    """Yield the recolored image; `wanted` holds the target palette of each region."""
    control.wait()  # for a pause; a stop is ignored, because the run has a single step
    strength = settings.strength if control.strength is None else control.strength
    strengths = parts.with_values(control.regions).strengths(strength)
    own = Palette.of(rgb, alpha)
    recolored = [
        own.onto(colors)(rgb, 1.0 if asked is None else asked / FULL)  # None with raw weights
        for colors, asked in zip(wanted, strengths, strict=True)
    ]
    yield Snapshot(
        image=recolored[0] if len(recolored) == 1 else mosaic(recolored, parts.maps),
        step=1,
        total=1,
        losses=None,
        seconds=time.monotonic() - began,
        network=settings.colors,
        working_size=(rgb.shape[1], rgb.shape[0]),
        final=True,
        alpha=alpha,
    )
