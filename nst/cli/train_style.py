"""The command `nst train-style`: train a copy of the fast engine's network on one or a few style images."""

# ruff: noqa: T201 (the command line prints its output)
from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from nst.cli.exit_codes import DONE
from nst.cli.interrupts import interrupts
from nst.cli.pictures import check_apart, numbered
from nst.cli.quiet import quiet
from nst.cli.report import duration
from nst.cli.streams import read_stream
from nst.images import io as images
from nst.images.io import WRITABLE
from nst.models.stylizers import trained_style
from nst.run.control import Control
from nst.system.files import check_folder, check_output, is_folder
from nst.training import photos as photo_folder
from nst.training.photos import Photos
from nst.training.style_settings import StyleTraining

if TYPE_CHECKING:
    from nst.training.train_style import TrainingStep

NAMED = 3  # number of skipped files named in the message


def train_style(args: argparse.Namespace) -> int:
    """Run the command `nst train-style`: train a style and write its file. Returns the exit code."""
    output: Path = args.output
    settings = StyleTraining(**{entry.name: getattr(args, entry.name) for entry in fields(StyleTraining)})
    check_output(output, [trained_style.SUFFIX])
    previews = Previews(args.preview or output.with_suffix(".preview.png"))
    photos = photo_folder.read(args.photos, settings.seed)
    check_apart([output, previews.file], _inputs(args), args.overwrite, folder=previews.folder)
    screen = Screen()
    screen.note(_about(photos, previews))
    return _train([read_stream(style) for style in args.styles], photos, settings, output, previews, screen)


def _inputs(args: argparse.Namespace) -> list[str | Path]:
    """Return the files that the training reads and the outputs must not overwrite.

    The photos are left out if a training is resumed, because its earlier previews may lie among them.
    """
    resumes = is_folder(args.output.with_suffix(".training"))
    return [*args.styles, *(() if args.preview is None or resumes else args.photos.rglob("*"))]


def _train(
    styles: Sequence[str | bytes],
    photos: Photos,
    settings: StyleTraining,
    output: Path,
    previews: Previews,
    screen: Screen,
) -> int:
    """Train until the last step or Ctrl-C, and print the path of the written file, `output`. Returns the exit code."""
    control = Control()
    with quiet():  # loads TensorFlow and checks saved progress
        from nst.training.style_file import train_style

        lessons = train_style(styles, photos.pictures, output, settings, control=control)
    with screen, interrupts(control, screen.note) as caught:
        last = _follow(lessons, screen, previews)
    if last.result is None:
        screen.note(f"Stopped after step {last.step} of {last.total}. Run the same command again to resume.")
        return caught.code
    screen.note(f"Done. Use it as a style: nst stylize PHOTO {output} --engine fast -o OUT")
    print(output)
    return DONE


def _follow(lessons: Iterator[TrainingStep], screen: Screen, previews: Previews) -> TrainingStep:
    """Show the progress of each training step and write its preview, if any. Returns the last training step."""
    for last in lessons:
        screen.show(last)
        previews.take(last)
    return last


def _about(photos: Photos, previews: Previews) -> str:
    count, skipped = len(photos.pictures), [path.name for path in photos.skipped]
    told = f"Training on {count} photo{'s' if count > 1 else ''}; previews are in {previews.place}."
    if skipped:
        more = f" and {len(skipped) - NAMED} more" if len(skipped) > NAMED else ""
        told += f" Skipped files that are not pictures: {', '.join(skipped[:NAMED])}{more}."
    return told


class Previews:
    """Writer of a training's previews: to one file, overwritten each time, or to one file per step in a folder."""

    def __init__(self, place: Path) -> None:
        """Use `place` as the folder if it is one or has no suffix, else as the file.

        Raises FileError if it cannot be written.
        """
        self.place = place
        self.folder = place if is_folder(place) or not place.suffix else None
        self.file = None if self.folder else place
        if self.folder:
            check_folder(place)
        else:
            check_output(place, WRITABLE)

    def take(self, lesson: TrainingStep) -> None:
        """Write the preview of a training step, if it has one."""
        if lesson.preview is not None:
            images.write(lesson.preview, self.folder / numbered(lesson.step) if self.folder else self.place)


class Screen:
    """Messages and progress of a training on stderr, with a progress bar if stderr is a terminal.

    On exit, the context manager ends the progress bar.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        columns = TextColumn("training"), BarColumn(), TextColumn("{task.fields[status]}")
        self._bar = Progress(*columns, console=self._console, disable=not self._console.is_terminal)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._bar.live.is_started:  # otherwise stop() prints an empty line
            self._bar.stop()

    def show(self, lesson: TrainingStep) -> None:
        """Update the progress bar with step, losses and remaining time of a training step."""
        if not self._bar.tasks:
            self._bar.add_task("", status="")
            self._bar.start()
        left = f"  about {duration(lesson.remaining)} left" if lesson.remaining else ""
        status = f"{lesson.step}/{lesson.total}  loss {lesson.loss:.3f}  style {lesson.style:.3f}{left}"
        self._bar.update(self._bar.task_ids[0], completed=lesson.step, total=lesson.total, status=status)

    def note(self, message: str) -> None:
        """Print a message for the user on stderr."""
        self._console.print(message, markup=False)
