"""The commands that repaint a picture: stylize and demo."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nst.cli.exit_codes import DONE, INTERRUPTED
from nst.cli.flags import settings as settings_from
from nst.cli.interrupts import interrupts
from nst.cli.quiet import quiet
from nst.cli.recipe import recipe_of
from nst.cli.regions import regions_of
from nst.cli.report import People, Programs, Report
from nst.cli.weights import download
from nst.engines.registry import stream
from nst.errors import NstError
from nst.images import samples
from nst.images.animation import WRITERS, Frame, Reel, write_animation
from nst.images.io import WRITABLE, Source, resize, write
from nst.models.extractors import networks
from nst.recipes import image_metadata
from nst.recipes.recipe import Recipe, ended_at
from nst.run.control import Control
from nst.run.snapshot import Snapshot
from nst.settings.engines import OptimizeSettings, Settings
from nst.system.files import check_folder, check_output


@dataclass(frozen=True)
class Outputs:
    """Where the result goes, and what else is wanted of the run."""

    picture: Path
    frames: Path | None = None
    animation: Path | None = None
    recipe: bool = True  # whether the picture says what it was made with

    def check(self) -> None:
        """Raise ImageError unless all of them can be written."""
        check_output(self.picture, WRITABLE)
        if self.animation is not None:
            check_output(self.animation, WRITERS)
        if self.frames is not None:
            check_folder(self.frames)


def stylize(args: argparse.Namespace) -> int:
    """nst stylize"""
    with Programs() if args.json else People() as report:
        settings = settings_from(args)
        outputs = Outputs(args.output, args.frames, args.animate, not args.no_recipe)
        inputs = {
            "style_weights": args.style_weights, "color_style": args.colors_from, "init_image": args.init_image,
            "regions": regions_of(args),
        }  # fmt: skip
        return paint(args.content, args.styles, settings, outputs, report, **inputs)


def demo(args: argparse.Namespace) -> int:
    """nst demo"""
    photos = {sample.slug: sample for sample in samples.photos()}
    styles = {sample.slug: sample for sample in samples.styles()}
    photo, style = photos[samples.DEFAULT_PHOTO], styles[samples.DEFAULT_STYLE]
    with People() as report:
        report.note(f"{photo.name}, repainted as {style.name}.")
        return paint(photo.source(), [style.source()], OptimizeSettings(), Outputs(args.output), report)


def paint(
    content: Source,
    styles: Sequence[Source],
    settings: Settings,
    outputs: Outputs,
    report: Report,
    **inputs: Any,
) -> int:
    """Run the engine, tell the report, write the outputs; the exit code."""
    outputs.check()
    report.started(outputs.picture, *_prospects(settings))
    control, film = Control(), Film(outputs)
    with quiet():  # checks all that was given, and loads TensorFlow
        snapshots = stream(content, styles, settings, control=control, **inputs)
    recipe = recipe_of(content, styles, settings, **inputs) if outputs.recipe else None
    last: Snapshot | None = None
    try:
        with interrupts(control, report.note):
            for last in snapshots:
                report.snapshot(last, film.take(last))
    except NstError as error:
        if error.snapshot is not None:
            _save(error.snapshot, recipe, film, report)
        raise
    assert last is not None, "an engine yields at least its result"
    _save(last, recipe, film, report)
    if last.step == last.total or not control.stopped:  # a run may also end early by itself
        return DONE
    report.note(f"Stopped after step {last.step} of {last.total}; what was there is saved.")
    return INTERRUPTED


def _prospects(settings: Settings) -> tuple[int, str, str]:
    """Steps to come, the network that looks at the pictures, and why that; missing weights are fetched here."""
    if settings.recolors:
        return 1, settings.colors, ""
    if not isinstance(settings, OptimizeSettings):
        return 1, settings.network, ""
    choice = networks.choose(settings.network, settings.content_layers, settings.style_layers, settings.weights)
    if choice.path is None:
        download()
    return settings.steps, choice.architecture.name, choice.reason


class Film:
    """The frames of a run, all of the first one's size: saved one by one, or kept for an animation, as wanted."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self.reel = Reel[Frame]()
        self._size: tuple[int, int] | None = None

    def take(self, snapshot: Snapshot) -> Path | None:
        """The file that the snapshot was saved to, where frames are wanted."""
        height, width = snapshot.image.shape[:2]
        self._size = self._size or (width, height)
        if self.outputs.animation is not None:
            self.reel.add(resize(snapshot.on_white, self._size))
        if self.outputs.frames is None:
            return None
        path = self.outputs.frames / f"{snapshot.step:05d}.png"
        write(resize(snapshot.on_white, self._size), path)
        return path


def _save(result: Snapshot, recipe: Recipe | None, film: Film, report: Report) -> None:
    outputs = film.outputs
    known = recipe and replace(recipe, network=result.network, ended_at=ended_at(result.step, result.total))
    image_metadata.write(result.picture, outputs.picture, known)
    report.saved(outputs.picture, result)
    if outputs.animation is not None:
        write_animation(film.reel.frames, outputs.animation)
        report.note(f"Wrote {outputs.animation}.")
