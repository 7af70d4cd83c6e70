"""Tests of the referee's numbers: by hand, by properties, and against the reference script in NST_SHARED."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.paths import SHARED
from benchmarks.quality import referee
from benchmarks.quality.referee import MAGENTA, SCORES, SQUEEZENET, Referee
from nst.errors import FileError, InputError, WeightsUnavailable
from nst.images import io as images
from nst.images.io import Pixels

HAND_MADE = ["layout", "strokes", "noise"]
PAIRS = SHARED / "data" / "pairs"


@pytest.fixture
def shared_weights() -> Referee:
    for path in (MAGENTA.default, SQUEEZENET.default):
        if not path.exists():
            pytest.skip(f"needs '{path}'; set NST_SHARED")
    return Referee(MAGENTA.default, SQUEEZENET.default)


def noisy(seed: int, width: int = 96, height: int = 64) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def waves(along: int, period: float) -> Pixels:
    """Return gray waves along an axis (0 down, 1 right), uint8 (256, 256, 3); `period` is in pixels."""
    wave = np.rint(127.5 + 100 * np.sin(2 * np.pi * np.arange(256) / period))
    gray = np.broadcast_to(wave[:, None] if along == 0 else wave, (256, 256))
    return np.repeat(gray[..., None], 3, -1).astype(np.uint8)


def saved(folder: Path, **pictures: Pixels) -> list[Path]:
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return [folder / f"{name}.png" for name in pictures]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the script, which closes no file
def test_all_numbers_are_those_of_the_script_beside_the_data(shared_weights: Referee, tmp_path: Path) -> None:
    script, content, style = SHARED / "referee.py", PAIRS / "tubingen.jpg", PAIRS / "style-kandinsky.jpg"
    for path in (script, content, style):
        if not path.is_file():
            pytest.skip(f"needs '{path}'; set NST_SHARED")
    spec = importlib.util.spec_from_file_location("shared_referee", script)
    assert spec is not None and spec.loader is not None
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    both = [Image.fromarray(images.read(path).rgb).resize((301, 203)) for path in (content, style)]
    Image.blend(*both, 0.6).save(output := tmp_path / "blend.png")
    ours = shared_weights.judge(content, style, output)
    assert list(ours) == list(SCORES)
    assert ours == pytest.approx(theirs.judge(content, style, output), rel=1e-3)


def test_the_content_image_scores_0_and_1_and_the_style_image_the_reverse(tmp_path: Path) -> None:
    content, style = saved(tmp_path, content=noisy(0), style=waves(0, 32))
    assert Referee().judge(content, style, content) == pytest.approx({"layout": 0, "strokes": 1, "noise": 1}, abs=1e-6)
    found = Referee().judge(content, style, style)
    assert (found["layout"], found["strokes"]) == pytest.approx((1, 0), abs=1e-6)


def test_the_networks_agree_on_the_content_and_the_style_image(shared_weights: Referee, tmp_path: Path) -> None:
    content, style = saved(tmp_path, content=noisy(0), style=waves(0, 32))
    for output, expected in ((content, (1, 0)), (style, (0, 1))):
        found = shared_weights.judge(content, style, output)
        assert (found["style"], found["content"]) == pytest.approx(expected, abs=1e-5)


def test_gradients_are_counted_in_the_cell_and_the_bin_of_their_orientation() -> None:
    """Use a vertical edge in the middle: gradients of half the step in columns 127 and 128, at 0 degrees."""
    picture = np.zeros((256, 256, 3), np.uint8)
    picture[:, 128:] = 255
    expected = np.zeros((16, 16, 9))
    expected[:, 7, 0] = expected[:, 8, 0] = 16 * 0.5
    np.testing.assert_allclose(
        referee.oriented_gradients(picture).reshape(16, 16, 9), expected - expected.mean(), atol=1e-4
    )


@pytest.mark.parametrize("clockwise", [1, 3])
def test_layout_is_blind_to_the_sign_of_an_edge_and_sees_its_direction(clockwise: int) -> None:
    edge = waves(1, 64)
    assert referee.layout_distance(edge, 255 - edge) == pytest.approx(0, abs=1e-6)
    assert referee.layout_distance(edge, np.rot90(edge, clockwise).copy()) > 1


def test_halving_keeps_a_constant_and_applies_the_binomial_filter() -> None:
    flat = np.full((8, 8, 3), 0.25, np.float32)
    np.testing.assert_allclose(referee.halved(flat), np.full((4, 4, 3), 0.25), atol=1e-6)
    point = np.zeros((9, 9, 3), np.float32)
    point[4, 4] = 1
    taps = np.array([0, 1, 6, 1, 0]) / 16  # the taps at even positions, as the point is at an even one
    np.testing.assert_allclose(referee.halved(point)[..., 1], np.outer(taps, taps), atol=1e-6)
    corner = np.zeros((9, 9, 3), np.float32)
    corner[0, 0] = 1
    taps = np.array([6, 1, 0, 0, 0]) / 16  # mirrored without repeating the border
    np.testing.assert_allclose(referee.halved(corner)[..., 1], np.outer(taps, taps), atol=1e-6)


def test_the_bands_of_a_pyramid_add_up_to_the_image() -> None:
    x = noisy(1, 256, 256).astype(np.float32) / 255
    bands = referee.laplacian_pyramid(x)
    assert [band.shape for band in bands] == [(side, side, 3) for side in (256, 128, 64, 32)]
    whole = bands[-1]
    for band in bands[-2::-1]:
        whole = band + referee.enlarged(whole, band.shape[1::-1])
    np.testing.assert_allclose(whole, x, atol=1e-5)


def test_strokes_differ_by_the_projected_difference_of_two_plain_images() -> None:
    """Use plain images: all patches are equal, so only the last band differs, by the sum of each direction."""
    dark, light = (np.full((40, 40, 3), value, np.uint8) for value in (51, 102))
    rays = np.random.default_rng(1).normal(size=(147, 256))
    sums = np.abs((rays / np.linalg.norm(rays, axis=0)).sum(0))
    assert referee.stroke_distances(dark, light) == pytest.approx([0, 0, 0, 0.2 * sums.mean()], abs=1e-4)


@pytest.mark.parametrize(("cycles", "expected"), [(100, 1), (66, 1), (62, 0), (8, 0)])
@pytest.mark.parametrize("axis", [0, 1])
def test_waves_shorter_than_four_pixels_are_fine(axis: int, cycles: int, expected: float) -> None:
    """Expect half the squared amplitude, the mean square of a wave; 64 cycles in 256 pixels are 4 pixels each."""
    energy = (100 / 255) ** 2 / 2
    assert referee.fine_energy(waves(axis, 256 / cycles)) / energy == pytest.approx(expected, abs=0.01)


def test_noise_is_relative_to_the_noisier_image_at_the_size_of_the_result(tmp_path: Path) -> None:
    fine = noisy(2, 64, 64)
    half = (127.5 + (fine.astype(float) - 127.5) / 2).round().astype(np.uint8)
    content, style, output = saved(tmp_path, content=half, style=fine, output=half)
    assert Referee().judge(content, style, output)["noise"] == pytest.approx(0.25, rel=0.02)


@pytest.fixture
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAGENTA", "SQUEEZENET"):
        weights = getattr(referee, name)
        monkeypatch.delenv(weights.variable, raising=False)
        monkeypatch.setattr(referee, name, weights._replace(default=tmp_path / "missing"))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: Path | str) -> None:
    monkeypatch.setattr(sys, "argv", ["referee", *map(str, arguments)])
    referee.main()


def test_without_networks_three_numbers_remain(
    no_weights: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, *saved(tmp_path, content=noisy(0), style=noisy(1), a=noisy(2), b=noisy(3)))
    printed, said = capsys.readouterr()
    words = [line.split() for line in printed.splitlines()]
    assert [[line[0], *line[1::2]] for line in words] == [[name, *HAND_MADE] for name in ("a.png", "b.png")]
    assert "No style score" in said and MAGENTA.variable in said
    assert "No content score" in said and SQUEEZENET.variable in said
    with pytest.raises(SystemExit, match=r"No style score.*\nNo content score"):
        referee.complete()


def test_weights_are_searched_in_option_variable_and_default(
    no_weights: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    option, variable, default = (tmp_path / name for name in ("option", "variable", "missing"))
    assert referee.search(referee.MAGENTA) is None
    for path in (default, variable, option):
        path.mkdir()
    assert referee.search(referee.MAGENTA) == default
    monkeypatch.setenv(MAGENTA.variable, str(variable))
    assert referee.search(referee.MAGENTA) == variable
    assert referee.search(referee.MAGENTA, option) == option
    variable.rmdir()
    with pytest.raises(WeightsUnavailable, match=f"Magenta's network, '{variable}' .{MAGENTA.variable}., do not exist"):
        referee.search(referee.MAGENTA)


@pytest.mark.parametrize(("option", "message"), [("--magenta", "no .tflite file"), ("--squeezenet", "conv1 to fire9")])
def test_weights_of_another_kind_are_refused(
    no_weights: None, option: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = saved(tmp_path, content=noisy(0), style=noisy(1))
    with pytest.raises(SystemExit, match=message):
        run(monkeypatch, *paths, paths[0], option, tmp_path if option == "--magenta" else paths[0])


def test_two_equal_images_have_no_scale(tmp_path: Path) -> None:
    content, style = saved(tmp_path, content=noisy(0), style=noisy(0))
    with pytest.raises(InputError, match=r"do not differ in layout.*Use two different images"):
        Referee().judge(content, style, content)
    plain, other = saved(tmp_path, plain=np.zeros((16, 16, 3), np.uint8), other=np.full((16, 16, 3), 9, np.uint8))
    with pytest.raises(InputError, match="no fine detail"):
        Referee().judge(plain, other, plain)


def test_an_unreadable_image_is_named(tmp_path: Path) -> None:
    (content,) = saved(tmp_path, content=noisy(0))
    with pytest.raises(FileError, match=r"style\.png"):
        Referee().judge(content, tmp_path / "style.png", content)
