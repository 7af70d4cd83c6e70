"""Engine of colors="palette": color transfer from style image to content image only, yielding one Snapshot.

No network is used. `strength` is the amount of color transfer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nst.errors import SettingsError
from nst.images.blend import mosaic
from nst.images.color_transfer import Palette
from nst.images.io import Pixels
from nst.run.control import EngineControl
from nst.run.decoded_inputs import decoded
from nst.run.inputs import Inputs, mix_of
from nst.run.regions import RegionSet
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import Settings

FULL = 100.0  # strength of a complete color transfer


def prepare(inputs: Inputs, settings: Settings) -> Prepared:
    """Decode the inputs of a run. Raises InputError if an input cannot be used or an init_image is given."""
    began = time.monotonic()
    if inputs.init_image is not None:
        raise _unused("an init_image")
    found = decoded(inputs, settings.size)
    parts = found.parts or RegionSet.of((), found.size, len(found.styles))
    palettes = [Palette.of(style) for style in found.styles]
    targets = [Palette.mixed(palettes, mix_of(part, found.shares)) for part in parts.region_styles]
    return Prepared(found.photo, found.alpha, parts, targets, settings, began)


@dataclass(frozen=True)
class Prepared:
    """Run that only recolors the content image, with decoded inputs, ready to start."""

    photo: Pixels  # content image at the size of the result
    alpha: Pixels | None
    parts: RegionSet
    targets: Sequence[Palette]  # per region
    settings: Settings
    began: float  # on the monotonic clock, in seconds

    def run(self, control: EngineControl, resume: Checkpoint | None = None) -> Iterator[Snapshot]:
        """Return an iterator of one Snapshot, the result. Raises SettingsError at the call if `resume` is not None."""
        if resume is not None:
            raise _unused("a checkpoint")
        return self._recolor(control)

    def _recolor(self, control: EngineControl) -> Iterator[Snapshot]:
        control.wait()  # for a pause; a stop is ignored, because the run has a single step
        strength = self.settings.strength if control.strength is None else control.strength
        strengths = self.parts.with_values(control.regions).strengths(strength)
        own = Palette.of(self.photo, self.alpha)
        recolored = [
            own.onto(target)(self.photo, 1.0 if asked is None else asked / FULL)  # None with raw weights
            for target, asked in zip(self.targets, strengths, strict=True)
        ]
        yield Snapshot(
            image=recolored[0] if len(recolored) == 1 else mosaic(recolored, self.parts.maps),
            step=1,
            total=1,
            losses=None,
            seconds=time.monotonic() - self.began,
            network=self.settings.colors,
            working_size=(self.photo.shape[1], self.photo.shape[0]),
            final=True,
            alpha=self.alpha,
        )


def _unused(given: str) -> SettingsError:
    return SettingsError(f"colors='palette' cannot use {given}. Leave it out, or choose other colors.")
