"""Registry of engines, and the main entry points stream() and stylize()."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import fields, replace
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from nst.errors import SettingsError
from nst.run.control import Control
from nst.run.inputs import Inputs
from nst.run.snapshot import PREVIEW_SIDE, Checkpoint, Snapshot
from nst.settings.engines import (
    DEFAULT_STRENGTH,
    PAINTED_COLORS,
    FastSettings,
    OptimizeSettings,
    Settings,
    SharedSettings,
)

if TYPE_CHECKING:
    from nst.images.io import Source
    from nst.run.protection import Protection
    from nst.run.regions import Region

# Engines by name: settings class, and the module with the function run(). Modules are imported on use, because they
# import TensorFlow, which would delay the command line's help and the first rendering of the page.
ENGINES: dict[str, tuple[type[Settings], str]] = {
    "optimize": (OptimizeSettings, "nst.engines.optimize"),
    "fast": (FastSettings, "nst.engines.fast"),
}
RECOLORING = "nst.engines.recolor"  # replaces either engine for settings with colors="palette"


def stream(
    content: Source,
    style: Source | Sequence[Source],
    settings: Settings | None = None,
    *,
    style_weights: Sequence[float] | None = None,
    color_style: Source | None = None,
    regions: Sequence[Region] = (),
    init_image: Source | None = None,
    protection: Protection | None = None,
    control: Control | None = None,
    resume: Checkpoint | None = None,
) -> Iterator[Snapshot]:
    """Transfer `style` to `content`; return an iterator of Snapshots, the last one in full size and final.

    Images are a path, bytes, a PIL image or a uint8 array; `style` may be a list of images, with `style_weights`.
    `color_style` is an image whose colors replace those of `style`. `regions` are masked areas with a style and a
    strength of their own; strength 0 keeps the content image. `protection` keeps faces recognizable.
    `init_image` is the initial image, for settings with init="image"; for init="fast" the fast engine makes one, which
    is yielded as step 0. `control` stops, pauses or steers the run from another thread: strength, protection, strengths
    of regions and colors can be changed during the run.
    `resume` continues from the checkpoint of a stopped run, with the same images. With colors="palette" only colors are
    transferred, and one Snapshot is yielded whatever the value of `steps`.

    Raises InputError or ModelError before the iterator is returned; Diverged during iteration.
    """
    settings = settings or (resume.settings if resume else OptimizeSettings())
    engine = load(settings)
    control = control or Control()
    keeps_colors = settings.recolors or color_style is not None
    control.begin(len(regions), (settings.colors,) if keeps_colors else PAINTED_COLORS, protection is not None)
    inputs = Inputs(content, style, style_weights, color_style, regions, init_image, protection)
    begins = init_image is None and resume is None and not settings.recolors
    if begins and isinstance(settings, OptimizeSettings) and settings.init == "fast":
        draft = _draft(inputs, settings, control)
        refinement = engine.run(replace(inputs, init_image=draft.image), settings, control, None)
        return _refine(draft, refinement, settings.steps)
    run: Iterator[Snapshot] = engine.run(inputs, settings, control, resume)
    return run


def stylize(
    content: Source,
    style: Source | Sequence[Source],
    settings: Settings | None = None,
    *,
    style_weights: Sequence[float] | None = None,
    color_style: Source | None = None,
    regions: Sequence[Region] = (),
    init_image: Source | None = None,
    protection: Protection | None = None,
    control: Control | None = None,
    resume: Checkpoint | None = None,
) -> Snapshot:
    """Return the last Snapshot of stream() with the same arguments, which are described there."""
    snapshots = stream(
        content,
        style,
        settings,
        style_weights=style_weights,
        color_style=color_style,
        regions=regions,
        init_image=init_image,
        protection=protection,
        control=control,
        resume=resume,
    )
    for snapshot in snapshots:
        last = snapshot
    return last


def load(settings: Settings) -> ModuleType:
    """Import the engine of a run, and with it TensorFlow. Raises SettingsError."""
    module = next((module for kind, module in ENGINES.values() if isinstance(settings, kind)), None)
    if module is None:
        expected = ", ".join(kind.__name__ for kind, _ in ENGINES.values())
        raise SettingsError(f"settings must be one of {expected}; received {type(settings).__name__}.")
    return import_module(RECOLORING if settings.recolors else module)


def draft_of(settings: OptimizeSettings) -> FastSettings:
    """Return the settings of the fast draft that a run with init="fast" starts from."""
    strength = drafted(settings.strength)
    look = {entry.name: getattr(settings, entry.name) for entry in fields(SharedSettings)}
    return FastSettings(
        strength=FastSettings.strength if strength is None else strength,  # None with raw weights
        size=settings.size,
        precision=settings.precision,
        seed=settings.seed,
        **look,
    )


def drafted(strength: float | None) -> float | None:
    """Return the strength of a draft: fast at full strength is about as strong as optimize at its default strength."""
    full: float = FastSettings.strength
    return None if strength is None else min(full, full * strength / DEFAULT_STRENGTH)


def _draft(inputs: Inputs, settings: OptimizeSettings, control: Control) -> Snapshot:
    """Return the fast draft, with the live changes requested before the run began."""
    asked, told = control.regions, Control()
    strengths = [asked.get(number, region.strength) for number, region in enumerate(inputs.regions)]
    regions = [replace(each, strength=drafted(own)) for each, own in zip(inputs.regions, strengths, strict=True)]
    strength = None if settings.strength is None else drafted(control.strength)
    told.update(
        strength=strength, recognizable=control.recognizable, colors=control.colors, color_amount=control.color_amount
    )
    return stylize(settings=draft_of(settings), control=told, **vars(replace(inputs, regions=regions)))


def _refine(draft: Snapshot, refinement: Generator[Snapshot, None, None], steps: int) -> Iterator[Snapshot]:
    """Yield the draft as a preview, then the snapshots of the run that starts from it."""
    from nst.images.io import fit  # imports image libraries, which would delay the command line's help

    small = fit(draft.on_white, min(PREVIEW_SIDE, max(draft.image.shape)))
    yield replace(draft, image=small, step=0, total=steps, final=False, alpha=None)
    with closing(refinement):
        for snapshot in refinement:
            yield replace(snapshot, seconds=draft.seconds + snapshot.seconds)
