"""Animation of a style-transfer run: its frames in memory, and their GIF, WebP or MP4 file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from importlib import import_module
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nst.errors import FileError, ImageError
from nst.system.extras import extra
from nst.system.files import check_output, check_suffix, reason, replacing

Frame = NDArray[np.uint8]
Item = TypeVar("Item")

FPS = 12
HOLD = 2.0  # duration of the last frame in seconds
MAX_FRAMES = 150  # even, because a full buffer is halved by dropping every other frame


class FrameBuffer(Generic[Item]):
    """Bounded buffer of the frames of a style-transfer run.

    Holds at most `limit` evenly spaced frames, and the latest frame. When full, every other frame is dropped and the
    spacing doubles. Thread-safe for one writer and several readers.
    """

    def __init__(self, limit: int = MAX_FRAMES) -> None:
        self._limit = limit
        self._frames: tuple[Item, ...] = ()
        self._kept = 0  # evenly spaced frames; the latest may follow them in `_frames`
        self._count, self._stride = 0, 1

    def add(self, frame: Item) -> None:
        """Add the next frame, of any type; the previous frame is dropped unless needed for even spacing."""
        kept = self._frames[: self._kept]
        if self._count % self._stride == 0:
            if self._kept == self._limit:
                kept = kept[::2]
                self._stride *= 2
            self._kept = len(kept) + 1
        self._frames = (*kept, frame)
        self._count += 1

    @property
    def frames(self) -> list[Item]:
        return list(self._frames)


def write_animation(frames: Iterable[Frame], path: str | PathLike[str], fps: int = FPS) -> None:
    """Write uint8 RGB frames (H, W, 3) of one size to a .gif, .webp or .mp4 file at `fps` frames per second.

    The last frame is held for 2 seconds. MP4 requires even sides: an odd last row or column is cropped. Frames are
    consumed one by one; WebP and GIF keep all in memory until the end. Raises ImageError if there are no frames or
    their sizes differ, FileError if the suffix is unknown or the path cannot be written, NstError if PyAV is missing
    for MP4.
    """
    save = WRITERS[check_suffix(path, WRITERS)]
    with replacing(path) as temporary:
        save(_held(frames, fps), temporary, fps)


def check_animation(path: str | PathLike[str]) -> None:
    """Raise an error unless write_animation() can write to `path`; call before a long style-transfer run.

    Raises FileError if the suffix is unknown or the path cannot be written, NstError if PyAV is missing for .mp4.
    """
    check_output(path, WRITERS)
    if Path(path).suffix.lower() == ".mp4":
        _film_library()


def animation(frames: Iterable[Frame], suffix: str, fps: int = FPS) -> bytes:
    """Encode frames like write_animation() and return the bytes of the file; `suffix` is ".gif", ".webp" or ".mp4".

    Raises the errors of write_animation(), and FileError if no temporary file can be written.
    """
    try:
        with TemporaryDirectory(prefix="nst-") as folder:  # faststart (MP4 index first) needs a file to reopen
            path = Path(folder, f"run{suffix}")
            write_animation(frames, path, fps)
            return path.read_bytes()
    except OSError as error:
        raise FileError(f"Cannot write a temporary file: {reason(error)}") from error


def _held(frames: Iterable[Frame], fps: int) -> Iterator[Frame]:
    """Yield the frames, then repeat the last one for 2 seconds at `fps`.

    Raises ImageError if there are no frames or their sizes differ.
    """
    last: Frame | None = None
    for frame in frames:
        if last is not None and frame.shape != last.shape:
            raise ImageError(
                f"All frames of an animation must have the same size; received {last.shape}, then {frame.shape}."
            )
        last = frame
        yield frame
    if last is None:
        raise ImageError("An animation needs at least one frame; received none.")
    yield from [last] * round(HOLD * fps)


def _write_gif(frames: Iterator[Frame], path: Path, fps: int) -> None:
    pictures = map(Image.fromarray, frames)
    duration = round(1000 / fps)
    next(pictures).save(path, "GIF", save_all=True, append_images=pictures, duration=duration, loop=0)  # forever


def _write_webp(frames: Iterator[Frame], path: Path, fps: int) -> None:
    pictures = map(Image.fromarray, frames)
    next(pictures).save(path, "WEBP", save_all=True, append_images=pictures, duration=round(1000 / fps), quality=85)


def _film_library() -> ModuleType:
    """Return the module av (PyAV), imported on use to keep the start fast. Raises NstError if PyAV is not installed."""
    with extra("film", "av", "MP4 films need PyAV"):
        return import_module("av")


def _write_mp4(frames: Iterator[Frame], path: Path, fps: int) -> None:
    av = _film_library()
    codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = None
        for frame in frames:
            height, width = (side - side % 2 for side in frame.shape[:2])
            if stream is None:
                stream = container.add_stream(codec, rate=Fraction(fps), options={"crf": "18"})
                stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            even = np.ascontiguousarray(frame[:height, :width])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        if stream is not None:
            container.mux(stream.encode())


WRITERS: dict[str, Callable[[Iterator[Frame], Path, int], None]] = {
    ".gif": _write_gif,
    ".webp": _write_webp,
    ".mp4": _write_mp4,
}
