"""Style training as a single call: from image files to a trained style in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import PathLike, fspath
from pathlib import Path

from nst.errors import InputError
from nst.images.io import Pixels, Source
from nst.models.stylizers import trained_style
from nst.run.control import Control
from nst.run.inputs import as_list
from nst.system.files import check_output
from nst.training import photos as photo_folder
from nst.training import progress_folder
from nst.training import train_style as training
from nst.training.style_settings import StyleTraining
from nst.training.train_style import TrainingStep


def train_style(
    styles: Source | Sequence[Source],
    photos: str | PathLike[str] | Sequence[Pixels],
    output: str | PathLike[str],
    settings: StyleTraining | None = None,
    *,
    control: Control | None = None,
) -> Iterator[TrainingStep]:
    """Train the fast engine on one style and write the trained style to `output`, an .npz file.

    The returned iterator performs the training step by step and yields the progress; the file is complete before the
    last TrainingStep. Every engine accepts the file in place of a style image.

    `styles` is a style image, or a list of images with a common style: paths, bytes, PIL images or uint8 arrays.
    `photos` is a folder of any photos, or uint8 arrays RGB (H, W, 3). Progress is kept beside `output` in a folder with
    the suffix .training; the same call resumes from there. A stop through `control` saves the progress; the last
    TrainingStep then has no result, and no file is written.

    Before returning, raises InputError if an argument, file or folder is unusable, and ModelError if a network or saved
    progress is. Iteration raises Diverged if losses or weights are no longer finite.
    """
    settings, path = settings or StyleTraining(), Path(output)
    check_output(path, [trained_style.SUFFIX])
    named = {
        _name(source, number): trained_style.visible_pixels(source) for number, source in enumerate(as_list(styles), 1)
    }
    if not named:
        raise InputError("A training needs at least one style image; received none.")
    pictures = photo_folder.read(Path(photos), settings.seed).pictures if isinstance(photos, str | PathLike) else photos
    if not pictures:
        raise InputError("A training needs at least one photo; received none.")
    folder = path.with_suffix(".training")
    lessons = training.train(named, pictures, settings, folder, name=path.stem, control=control)
    return _written(lessons, path, folder)


def _written(lessons: Iterator[TrainingStep], path: Path, folder: Path) -> Iterator[TrainingStep]:
    """Yield the training steps; write the trained style to `path` before yielding the step that has one.

    The progress in `folder` is deleted only after the file is written.
    """
    for lesson in lessons:
        if lesson.result is not None:
            trained_style.write(lesson.result, path)
            progress_folder.clear(folder)
        yield lesson


def _name(source: Source, number: int) -> str:
    return fspath(source) if isinstance(source, str | PathLike) else f"style {number}"
