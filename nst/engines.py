"""The registry of engines, and the two calls that most people need: stream() and stylize()."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nst.control import Control
from nst.errors import SettingsError
from nst.settings import OptimizeSettings
from nst.snapshot import Checkpoint, Snapshot

if TYPE_CHECKING:
    from nst.images import Source

# Engines by name: their settings, and the module whose run() does the work. It is imported on use, because it
# brings TensorFlow, which the command line's help and the page's first paint must not wait for.
ENGINES: dict[str, tuple[type[OptimizeSettings], str]] = {"optimize": (OptimizeSettings, "nst.optimize")}


def stream(
    content: Source,
    style: Source | Sequence[Source],
    settings: OptimizeSettings | None = None,
    *,
    style_weights: Sequence[float] | None = None,
    init_image: Source | None = None,
    control: Control | None = None,
    resume: Checkpoint | None = None,
) -> Iterator[Snapshot]:
    """Repaint `content` in the manner of `style`: a stream of Snapshots, the last one full size and final.

    Pictures are a path, bytes, a PIL image or a uint8 array; `style` may be a list of them, with `style_weights`.
    `init_image` is the picture to start from, for settings with init="image". `control` stops, pauses or
    steers the run from another thread; `resume` goes on from the checkpoint of a stopped run.

    Raises InputError or ModelError at once, before the stream is returned; Diverged in mid-run.
    """
    settings = settings or (resume.settings if resume else OptimizeSettings())
    module = next((module for kind, module in ENGINES.values() if isinstance(settings, kind)), None)
    if module is None:
        expected = ", ".join(kind.__name__ for kind, _ in ENGINES.values())
        raise SettingsError(f"settings must be one of {expected}; received {type(settings).__name__}.")
    inputs: dict[str, Any] = {"style_weights": style_weights, "init_image": init_image, "resume": resume}
    run: Iterator[Snapshot] = import_module(module).run(
        content, style, settings, control=control or Control(), **inputs
    )
    return run


def stylize(
    content: Source,
    style: Source | Sequence[Source],
    settings: OptimizeSettings | None = None,
    **inputs: Any,
) -> Snapshot:
    """The last Snapshot of the same stream()."""
    for snapshot in stream(content, style, settings, **inputs):
        last = snapshot
    return last
