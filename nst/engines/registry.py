"""Registry of engines, and the main entry points stream() and stylize()."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import fields, replace
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nst.errors import SettingsError
from nst.run.control import Control, EngineControl
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
from nst.system.memory import loading

if TYPE_CHECKING:
    from nst.images.io import Source
    from nst.run.protection import Protection
    from nst.run.regions import Region

# Engines by name: settings class, and module. A module has the function prepare(inputs, settings), which decodes and
# checks the inputs; the result has the method run(control, resume), which returns the snapshots. Modules are imported
# on use, because they import TensorFlow, which would delay the command line's help and the first rendering of the page.
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

    Before the iterator is returned, raises InputError if an input or a setting cannot be used, and ModelError if the
    network cannot be loaded or memory is short. During iteration, raises Diverged if the loss is no longer finite, and
    OutOfMemory if an allocation fails.
    """
    settings = settings or (resume.settings if resume else OptimizeSettings())
    engine = load(settings)
    engine_control = EngineControl(control or Control())
    keeps_colors = settings.recolors or color_style is not None
    engine_control.begin(len(regions), (settings.colors,) if keeps_colors else PAINTED_COLORS, protection is not None)
    if color_style is not None and settings.colors != SharedSettings.colors:
        raise SettingsError(
            f"color_style cannot be combined with colors={settings.colors!r}, because both set the colors. "
            "Leave one of the two out."
        )
    inputs = Inputs(content, style, style_weights, color_style, regions, init_image, protection)
    begins = init_image is None and resume is None and not settings.recolors
    if begins and isinstance(settings, OptimizeSettings) and settings.init == "fast":
        sketched = draft_of(settings)
        draft = load(sketched).prepare(inputs, sketched)  # first, because the time of the run counts from here
        return _refine(draft, engine.prepare(inputs, settings), settings, regions, engine_control)
    run: Iterator[Snapshot] = engine.prepare(inputs, settings).run(engine_control, resume)
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
    """Import and return the engine module for `settings`; TensorFlow is imported with it, except to recolor only.

    Raises SettingsError if `settings` is not of a known settings class, and OutOfMemory if there is too little memory
    to load TensorFlow.
    """
    module = next((module for kind, module in ENGINES.values() if isinstance(settings, kind)), None)
    if module is None:
        expected = ", ".join(kind.__name__ for kind, _ in ENGINES.values())
        raise SettingsError(f"settings must be one of {expected}; received {type(settings).__name__}.")
    if settings.recolors:
        return import_module(RECOLORING)
    with loading():
        return import_module(module)


def draft_of(settings: OptimizeSettings) -> FastSettings:
    """Return the settings of the fast draft that a run with init="fast" starts from.

    A run with raw weights gets a draft at full strength.
    """
    look = {entry.name: getattr(settings, entry.name) for entry in fields(SharedSettings)}
    return FastSettings(
        strength=FastSettings.strength if settings.strength is None else drafted(settings.strength),
        size=settings.size,
        precision=settings.precision,
        seed=settings.seed,
        **look,
    )


def drafted(strength: float) -> float:
    """Convert a strength of the engine optimize to the strength of a draft by the engine fast, both 0..100.

    Full strength of fast is about as strong as the default strength of optimize.
    """
    full: float = FastSettings.strength
    return min(full, full * strength / DEFAULT_STRENGTH)


def _refine(
    draft: Any, refinement: Any, settings: OptimizeSettings, regions: Sequence[Region], control: EngineControl
) -> Iterator[Snapshot]:
    """Yield the draft as a preview with step 0, then the snapshots of the run that starts from it.

    `draft` and `refinement` are the prepared runs of the engines fast and optimize, `settings` those of the latter.
    """
    from nst.images.io import fit  # imports image libraries, which would delay the command line's help

    (drawn,) = draft.run(_for_draft(control, settings, regions))
    del draft  # its images would occupy memory during the whole run
    small = fit(drawn.on_white, min(PREVIEW_SIDE, max(drawn.image.shape)))
    with closing(refinement.starting_from(drawn).run(control)) as snapshots:
        yield replace(drawn, image=small, step=0, total=settings.steps, final=False, alpha=None)
        yield from snapshots


def _for_draft(control: EngineControl, settings: OptimizeSettings, regions: Sequence[Region]) -> EngineControl:
    """Return a control for the draft: live values of the run's `control`, with strengths converted by drafted()."""
    told, strength = Control(), None if settings.strength is None else control.strength  # raw weights have none
    own = {number: region.strength for number, region in enumerate(regions) if region.strength is not None}
    own |= control.regions
    told.update(
        strength=None if strength is None else drafted(strength),
        regions={number: drafted(strength) for number, strength in own.items()},
        recognizable=control.recognizable,
        colors=control.colors,
        color_amount=control.color_amount,
    )
    return EngineControl(told)
