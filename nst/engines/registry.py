"""The registry of engines, and the two calls that most people need: stream() and stylize()."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import fields, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nst.errors import SettingsError
from nst.run.control import Control
from nst.run.inputs import Inputs
from nst.run.snapshot import PREVIEW_SIDE, Checkpoint, Snapshot
from nst.settings.engines import DEFAULT_STRENGTH, PAINTED_COLORS, FastSettings, Look, OptimizeSettings, Settings

if TYPE_CHECKING:
    from nst.images.io import Source
    from nst.run.regions import Region

# Engines by name: their settings, and the module whose run() does the work. It is imported on use, because it
# brings TensorFlow, which the command line's help and the page's first paint must not wait for.
ENGINES: dict[str, tuple[type[Settings], str]] = {
    "optimize": (OptimizeSettings, "nst.engines.optimize"),
    "fast": (FastSettings, "nst.engines.fast"),
}
RECOLORING = "nst.engines.recolor"  # in place of either, for settings with colors="palette"


def stream(
    content: Source,
    style: Source | Sequence[Source],
    settings: Settings | None = None,
    *,
    style_weights: Sequence[float] | None = None,
    color_style: Source | None = None,
    regions: Sequence[Region] = (),
    init_image: Source | None = None,
    control: Control | None = None,
    resume: Checkpoint | None = None,
) -> Iterator[Snapshot]:
    """Repaint `content` in the manner of `style`: a stream of Snapshots, the last one full size and final.

    Pictures are a path, bytes, a PIL image or a uint8 array; `style` may be a list of them, with `style_weights`.
    With `color_style` the strokes of `style` have the colors of that picture. `regions` are parts of the picture with a
    style and a strength of their own; where that is 0, the photo stays as it is. `init_image` is the picture to start
    from, for settings with init="image"; for init="fast" the fast engine makes one, which is streamed as step 0.
    `control` stops, pauses or steers the run from another thread: its strength, those of its regions and its colors can
    be turned while it is at work. `resume` goes on from the checkpoint of a stopped run, with the same pictures. With
    colors="palette" nothing is painted: whatever `steps` says, there is one Snapshot.

    Raises InputError or ModelError at once, before the stream is returned; Diverged in mid-run.
    """
    settings = settings or (resume.settings if resume else OptimizeSettings())
    module = next((module for kind, module in ENGINES.values() if isinstance(settings, kind)), None)
    if module is None:
        expected = ", ".join(kind.__name__ for kind, _ in ENGINES.values())
        raise SettingsError(f"settings must be one of {expected}; received {type(settings).__name__}.")
    engine = import_module(RECOLORING if settings.recolors else module)
    control = control or Control()
    keeps_colors = settings.recolors or color_style is not None
    control.begin(len(regions), (settings.colors,) if keeps_colors else PAINTED_COLORS)
    inputs = Inputs(content, style, style_weights, color_style, regions, init_image)
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
    **inputs: Any,
) -> Snapshot:
    """The last Snapshot of the same stream()."""
    for snapshot in stream(content, style, settings, **inputs):
        last = snapshot
    return last


def draft_of(settings: OptimizeSettings) -> FastSettings:
    """Settings of the fast picture that a run of init="fast" starts from."""
    strength = drafted(settings.strength)
    look = {entry.name: getattr(settings, entry.name) for entry in fields(Look)}
    return FastSettings(
        strength=FastSettings.strength if strength is None else strength,  # raw weights say nothing of it
        size=settings.size,
        precision=settings.precision,
        seed=settings.seed,
        **look,
    )


def drafted(strength: float | None) -> float | None:
    """Strength of a draft: fast at its fullest paints about as strongly as the loop at its default."""
    full: float = FastSettings.strength
    return None if strength is None else min(full, full * strength / DEFAULT_STRENGTH)


def _draft(inputs: Inputs, settings: OptimizeSettings, control: Control) -> Snapshot:
    """The fast picture to start from, with what was asked of the run before it began."""
    asked, told = control.regions, Control()
    strengths = [asked.get(number, region.strength) for number, region in enumerate(inputs.regions)]
    regions = [replace(each, strength=drafted(own)) for each, own in zip(inputs.regions, strengths, strict=True)]
    strength = None if settings.strength is None else drafted(control.strength)
    told.update(strength=strength, colors=control.colors, color_amount=control.color_amount)
    return stylize(settings=draft_of(settings), control=told, **vars(replace(inputs, regions=regions)))


def _refine(draft: Snapshot, refinement: Generator[Snapshot, None, None], steps: int) -> Iterator[Snapshot]:
    """The draft as a preview, then the run that starts from it."""
    from nst.images.io import fit  # brings image libraries, which the command line's help must not wait for

    small = fit(draft.on_white, min(PREVIEW_SIDE, max(draft.image.shape)))
    yield replace(draft, image=small, step=0, total=steps, final=False, alpha=None)
    with closing(refinement):
        for snapshot in refinement:
            yield replace(snapshot, seconds=draft.seconds + snapshot.seconds)
