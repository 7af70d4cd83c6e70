"""The engine behind colors="palette": a photo in a painting's colors, without a stroke; a stream of one Snapshot.

It needs no network and takes no steps. `strength` is how far the photo's colors go.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from nst import images
from nst.canvas import read_styles, shares_of
from nst.colors import Palette
from nst.control import Control
from nst.errors import SettingsError
from nst.images import Picture, Source
from nst.settings import Settings
from nst.snapshot import Checkpoint, Snapshot

FULL = 100.0  # the strength at which colors are the painting's


def run(
    content: Source,
    style: Source | Sequence[Source],
    settings: Settings,
    *,
    control: Control,
    style_weights: Sequence[float] | None = None,
    color_style: Source | None = None,
    init_image: Source | None = None,
    resume: Checkpoint | None = None,
) -> Iterator[Snapshot]:
    """See nst.engines.stream(). Everything is validated before the generator is returned."""
    began = time.monotonic()
    if init_image is not None or resume is not None:
        given = "an init_image" if init_image is not None else "a checkpoint"
        raise SettingsError(f"colors='palette' recolors the photo in one go and has no use for {given}. Leave it out.")
    photo = images.read(content, "content")
    styles = read_styles(style, color_style, settings)
    shares = shares_of(style_weights, len(styles))
    wanted = Palette.mixed([Palette.of(style) for style in styles], shares)
    return _recolor(photo, wanted, settings, control, began)


def _recolor(photo: Picture, wanted: Palette, settings: Settings, control: Control, began: float) -> Iterator[Snapshot]:
    control.wait()  # a pause holds it; a stop comes too late for what takes one step
    rgb = images.fit(photo.rgb, settings.size)
    height, width = rgb.shape[:2]
    alpha = images.resize_alpha(photo.alpha, (width, height))
    strength = settings.strength if control.strength is None else control.strength
    share = 1.0 if strength is None else strength / FULL  # raw weights know no strength
    yield Snapshot(
        image=Palette.of(rgb, alpha).onto(wanted)(rgb, share),
        step=1,
        total=1,
        losses=None,
        seconds=time.monotonic() - began,
        network=settings.colors,
        working_size=(width, height),
        final=True,
        alpha=alpha,
    )
