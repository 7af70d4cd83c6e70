"""The commands that stylize an image: stylize and demo."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nst.cli.exit_codes import DONE
from nst.cli.flags import settings as settings_from
from nst.cli.interrupts import interrupts
from nst.cli.pictures import Output, check_apart, numbered
from nst.cli.quiet import quiet
from nst.cli.recipe import check_styles, recipe_of
from nst.cli.regions import mask_files, protection_of, regions_of
from nst.cli.report import JsonReport, Report, TextReport
from nst.cli.streams import STANDARD, read_optional, read_stream
from nst.cli.weights import download
from nst.diagnostics.inputs import TINY_PHOTO, tiny_photo
from nst.engines.registry import stream
from nst.errors import FileError, NstError, SettingsError
from nst.images import samples
from nst.images.animation import Frame, FrameBuffer, check_animation, write_animation
from nst.images.io import Source, read, resize, write
from nst.models.extractors import networks
from nst.recipes.recipe import Recipe, ended_at
from nst.run.control import Control
from nst.run.snapshot import Snapshot
from nst.settings.engines import OptimizeSettings, Settings
from nst.system.files import check_folder


@dataclass(frozen=True)
class Outputs:
    """Outputs of a stylization: the result, a folder for frames, and an animation file.

    `recipe` is True to store the recipe in the result.
    """

    picture: Output
    frames: Path | None = None
    animation: Path | None = None
    recipe: bool = True  # True to store the recipe in the result

    def check(self) -> None:
        """Raise InputError if an output cannot be written or has an unsupported format."""
        self.picture.check()
        if self.animation is not None:
            check_animation(self.animation)
        if self.frames is not None:
            check_folder(self.frames)


def stylize(args: argparse.Namespace) -> int:
    """Run the command `nst stylize`: stylize a photo and write the result. Returns the exit code."""
    with JsonReport() if args.json else TextReport() as report:
        settings = settings_from(args)
        if args.json and str(args.output) == STANDARD:
            raise SettingsError("--json and '-o -' would both write to standard output. Choose one of them.")
        given = [args.content, *args.styles, args.colors_from, args.init_image, *mask_files(args)]
        check_apart([args.output, args.animate], given, args.overwrite, args.frames)
        args.content, *args.styles = map(read_stream, [args.content, *args.styles])
        outputs = Outputs(Output(args.output, args.format), args.frames, args.animate, not args.no_recipe)
        inputs = {
            "style_weights": args.style_weights, "color_style": read_optional(args.colors_from),
            "init_image": read_optional(args.init_image), "regions": regions_of(args),
            "protection": protection_of(args.keep_faces, args.content),
        }  # fmt: skip
        return paint(args.content, args.styles, settings, outputs, report, **inputs)


def demo(args: argparse.Namespace) -> int:
    """Run the command `nst demo`: stylize a bundled photo in a bundled style. Returns the exit code."""
    photos = {sample.slug: sample for sample in samples.photos()}
    styles = {sample.slug: sample for sample in samples.styles()}
    photo, style = photos[samples.DEFAULT_PHOTO], styles[samples.DEFAULT_STYLE]
    with TextReport() as report:
        report.note(f"{photo.name} in the style of {style.name}.")
        return paint(photo.source(), [style.source()], OptimizeSettings(), Outputs(Output(args.output)), report)


def paint(
    content: Source,
    styles: Sequence[Source],
    settings: Settings,
    outputs: Outputs,
    report: Report,
    **inputs: Any,
) -> int:
    """Stylize `content`, report the progress to `report` and write the outputs. Returns the exit code.

    `inputs` are further keyword arguments of nst.stream(). Raises NstError if the stylization fails or an output cannot
    be written. The last valid snapshot, if any, is saved first.
    """
    outputs.check()
    if outputs.recipe:
        check_styles(styles)
    report.started(outputs.picture.path, *_prospects(settings))
    control, film = Control(), Film(outputs)
    with quiet():  # validates all inputs and loads TensorFlow
        snapshots = stream(content, styles, settings, control=control, **inputs)
    height, width = read(content, at_least=round(TINY_PHOTO)).rgb.shape[:2]  # a large JPEG need not be decoded in full
    tiny = None if settings.recolors else tiny_photo((width, height))
    if tiny is not None:
        report.note(tiny)
    recipe = recipe_of(content, styles, settings, **inputs) if outputs.recipe else None
    last: Snapshot | None = None
    with interrupts(control, report.note) as caught:  # also while saving
        try:
            for last in snapshots:
                report.snapshot(last, film.take(last))
        except NstError as error:
            if error.snapshot is not None:
                _save(error.snapshot, recipe, film, report)
            raise
        assert last is not None, "an engine yields at least one snapshot"
        _save(last, recipe, film, report)
    if film.error is not None:
        raise film.error
    if last.step == last.total or not control.stopped:  # early stopping also ends before `total`
        return DONE
    report.note(f"Stopped after step {last.step} of {last.total}. The current result is saved.")
    return caught.code


def _prospects(settings: Settings) -> tuple[int, str, str]:
    """Return the number of steps, the name of the network, and the reason for its choice ("" if there is none).

    Missing weights of the network are downloaded.
    """
    if settings.recolors:
        return 1, settings.colors, ""
    if not isinstance(settings, OptimizeSettings):
        return 1, settings.network, ""
    choice = networks.choose(settings.network, settings.content_layers, settings.style_layers, settings.weights)
    if choice.path is None:
        download()
    return settings.steps, choice.architecture.name, choice.reason


class Film:
    """Frames made of the snapshots of a stylization: saved as files, kept for an animation, or both.

    All frames have the size of the first snapshot. `error` is the first failure to save a frame, or None.
    """

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self.reel = FrameBuffer[Frame]()
        self.error: FileError | None = None  # no more frames are saved after it; the run goes on
        self._size: tuple[int, int] | None = None

    def take(self, snapshot: Snapshot) -> Path | None:
        """Add the frame of a snapshot. Returns the file to which it was saved, or None if it was not saved."""
        height, width = snapshot.image.shape[:2]
        self._size = self._size or (width, height)
        if self.outputs.animation is not None:
            self.reel.add(resize(snapshot.on_white, self._size))
        if self.outputs.frames is None or self.error is not None:
            return None
        path = self.outputs.frames / numbered(snapshot.step)
        try:
            write(resize(snapshot.on_white, self._size), path)
        except FileError as error:
            self.error = error
            return None
        return path


def _save(result: Snapshot, recipe: Recipe | None, film: Film, report: Report) -> None:
    outputs = film.outputs
    known = recipe and replace(recipe, network=result.network, ended_at=ended_at(result.step, result.total))
    outputs.picture.write(result.picture, known)
    try:
        if outputs.animation is not None:
            write_animation(film.reel.frames, outputs.animation)
    finally:
        report.saved(outputs.picture.path, result)
    if outputs.animation is not None:
        report.note(f"Wrote {outputs.animation}.")
