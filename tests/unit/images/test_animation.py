"""Animations, read back by Pillow and PyAV."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from nst.errors import FileError, ImageError
from nst.images.animation import FPS, HOLD, WRITERS, FrameBuffer, animation, write_animation
from tests.support.system_limits import small_disk

COLORS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (250, 200, 10)]


def plain(color: tuple[int, int, int], width: int = 64, height: int = 48) -> np.ndarray:
    return np.full((height, width, 3), color, np.uint8)


def played(path: Path) -> list[tuple[np.ndarray, float]]:
    """Frames, uint8 RGB, with the seconds each is shown; a frame that comes again is one."""
    if path.suffix == ".mp4":
        with av.open(str(path)) as container:
            rate = float(container.streams.video[0].average_rate)
            shown = [(frame.to_ndarray(format="rgb24"), 1 / rate) for frame in container.decode(video=0)]
    else:
        with Image.open(path) as image:
            shown = []
            for frame in ImageSequence.Iterator(image):
                rgb = np.array(frame.convert("RGB"))  # decodes; only then is WebP's duration known
                shown.append((rgb, frame.info["duration"] / 1000))
    merged: list[tuple[np.ndarray, float]] = []
    for frame, seconds in shown:
        if merged and np.abs(merged[-1][0].astype(int) - frame).max() < 20:
            merged[-1] = (merged[-1][0], merged[-1][1] + seconds)
        else:
            merged.append((frame, seconds))
    return merged


@pytest.mark.parametrize("suffix", WRITERS)
def test_frames_play_in_order_and_the_last_one_stays(suffix, tmp_path):
    path = tmp_path / f"run{suffix}"
    write_animation(map(plain, COLORS), path)
    frames = played(path)
    assert len(frames) == len(COLORS)
    for (frame, _), color in zip(frames, COLORS, strict=True):
        assert frame.shape == (48, 64, 3)
        assert np.abs(frame.mean((0, 1)) - color).max() < 8
    seconds = [shown for _, shown in frames]
    assert seconds[:-1] == pytest.approx([1 / FPS] * 3, abs=0.006)  # GIF counts in hundredths
    assert seconds[-1] == pytest.approx(HOLD + 1 / FPS, abs=0.11)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", WRITERS)
def test_an_animation_in_memory_is_the_file(suffix, tmp_path):
    write_animation(map(plain, COLORS), tmp_path / f"run{suffix}")
    assert animation(map(plain, COLORS), suffix) == (tmp_path / f"run{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", WRITERS)
def test_one_frame_is_enough(suffix, tmp_path):
    path = tmp_path / f"run{suffix}"
    write_animation([plain(COLORS[0])], path)
    assert path.stat().st_size > 0


def test_mp4_leaves_out_an_odd_row_and_column_and_moves_nothing(tmp_path):
    picture = plain((40, 40, 40), 65, 47)
    picture[:, 32:] = 220
    write_animation([picture], tmp_path / "odd.mp4")
    frame = played(tmp_path / "odd.mp4")[0][0]
    assert frame.shape == (46, 64, 3)
    assert np.abs(frame.astype(int) - picture[:46, :64]).mean() < 4


@pytest.mark.parametrize("suffix", WRITERS)
def test_frames_of_different_sizes_are_refused(suffix, tmp_path):
    with pytest.raises(ImageError, match=r"received \(48, 64, 3\), then \(48, 60, 3\)"):
        write_animation([plain(COLORS[0]), plain(COLORS[1], 60)], tmp_path / f"run{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", WRITERS)
def test_no_frames_are_refused(suffix, tmp_path):
    with pytest.raises(ImageError, match="at least one frame"):
        write_animation([], tmp_path / f"run{suffix}")
    assert not list(tmp_path.iterdir())


def test_an_unknown_suffix_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"suffix '\.avi'\. Use one of \.gif \.webp \.mp4"):
        write_animation([plain(COLORS[0])], tmp_path / "run.avi")


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_full_disk_leaves_nothing(suffix, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (4, 64, 64, 3), np.uint8)
    with small_disk(500), pytest.raises(FileError, match=f"Cannot write .*run{suffix}"):
        write_animation(noise, tmp_path / f"run{suffix}")
    assert not list(tmp_path.iterdir())


def test_mp4_takes_frames_one_by_one(tmp_path):
    """Each frame is let go once it is encoded: a long film does not pile up."""
    seen: list[weakref.ref[np.ndarray]] = []

    def frames() -> Iterator[np.ndarray]:
        for number in range(20):
            assert sum(frame() is not None for frame in seen) <= 2
            frame = plain((number, 0, 0))
            seen.append(weakref.ref(frame))
            yield frame

    write_animation(frames(), tmp_path / "long.mp4")
    assert len(seen) == 20


@given(count=st.integers(1, 256), limit=st.sampled_from([2, 4, 10, 64]))
def test_a_reel_is_bounded_even_and_ends_with_the_latest(count, limit):
    reel = FrameBuffer[np.ndarray](limit)
    for number in range(count):
        reel.add(np.full((1, 1, 3), number, np.uint8))
        kept = [int(frame[0, 0, 0]) for frame in reel.frames]
        assert kept[0] == 0
        assert kept[-1] == number
        assert min(number + 1, limit / 2) <= len(kept) <= limit + 1
        assert len(set(np.diff(kept[:-1]))) <= 1  # evenly spaced, but for the latest


def test_without_a_place_for_temporary_files_the_page_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(FileError, match="Cannot write a temporary file: no such file or folder"):
        animation([plain(COLORS[0]), plain(COLORS[1])], ".gif")
