"""Parts of photos are looked for once, one at a time, and remembered by the photo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from nst import masks
from nst.errors import InputError
from nst.images import io as images
from nst.ui.server import mask_finder
from nst.ui.server.mask_finder import MaskFinder
from nst.ui.state.pictures import ImageChoice
from tests.support.fake_mask_finder import box
from tests.support.pictures import gradient

PATIENCE = 20.0


def photo(token: str = "one", width: int = 90, height: int = 60) -> ImageChoice:
    buffer = BytesIO()
    Image.fromarray(gradient(width, height)).save(buffer, "PNG")
    return ImageChoice(token, token, token, buffer.getvalue())


@pytest.fixture
def eyes() -> Iterator[MaskFinder]:
    made = MaskFinder()
    yield made
    made.close()


@pytest.fixture
def shapes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Shapes of the photos that were searched for a sky, which is always their upper half."""
    seen: list[tuple[int, ...]] = []

    def sky(pixels: np.ndarray) -> np.ndarray:
        seen.append(pixels.shape)
        mask = np.zeros(pixels.shape[:2], np.float32)
        mask[: len(mask) // 2] = 1
        return mask

    monkeypatch.setattr(masks, "sky", sky)
    return seen


def test_a_part_is_a_mask_of_its_photo(eyes: MaskFinder, shapes: list[tuple[int, ...]]) -> None:
    found = eyes.ask("sky", photo()).result(PATIENCE)
    assert (found.pieces, found.nothing) == (1, False)
    mask = found.mask.pixels
    assert mask.shape == (60, 90) and (mask[:30] == 255).all() and (mask[30:] == 0).all()
    assert shapes == [(60, 90, 3)]


def test_it_is_looked_for_once(eyes: MaskFinder, shapes: list[tuple[int, ...]]) -> None:
    assert eyes.known("sky", photo()) is None
    first = eyes.ask("sky", photo()).result(PATIENCE)
    assert eyes.ask("sky", photo()).result(PATIENCE) is first
    assert eyes.known("sky", photo()) is first
    eyes.ask("sky", photo("two", 40, 40)).result(PATIENCE)
    assert shapes == [(60, 90, 3), (40, 40, 3)]


def test_least_recently_used_masks_are_dropped(
    eyes: MaskFinder, shapes: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mask_finder, "REMEMBERED", 2)
    for token in ("one", "two", "one", "three"):
        eyes.ask("sky", photo(token)).result(PATIENCE)
    assert eyes.known("sky", photo("one")) is not None
    assert eyes.known("sky", photo("two")) is None


def test_missing_region_gives_an_empty_result(eyes: MaskFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masks, "sky", lambda pixels: np.zeros(pixels.shape[:2], np.float32))
    assert eyes.ask("sky", photo()).result(PATIENCE).nothing


def test_faces_are_counted(eyes: MaskFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    """One number for each face, although the map of a face has several white spots."""
    left = masks.Face((10, 5, 20, 25), ((16, 13), (24, 13)), (20, 18), ((17, 24), (23, 24)))
    monkeypatch.setattr(masks, "find_faces", lambda pixels: [left, replace(left, box=(50, 5, 20, 25))])
    assert eyes.ask("faces", photo()).result(PATIENCE).pieces == 2


def test_opaque_part_is_found_exactly(eyes: MaskFinder) -> None:
    clear = np.dstack([gradient(90, 60), images.to_pixels(box(0.2, 0.1, 0.7, 1))])
    found = eyes.ask("alpha", ImageChoice("clear", "clear", "clear", images.encode(clear, "png"))).result(PATIENCE)
    assert found.pieces == 1
    np.testing.assert_array_equal(found.mask.pixels, clear[..., 3])
    assert eyes.ask("alpha", photo()).result(PATIENCE).nothing


def test_a_box_is_told_in_pixels(eyes: MaskFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[float, ...]] = []

    def subject(pixels: np.ndarray, box: tuple[float, ...]) -> np.ndarray:
        told.append(box)
        return np.ones(pixels.shape[:2], np.float32)

    monkeypatch.setattr(masks, "subject", subject)
    eyes.ask("subject", photo(), (0.1, 0.5, 0.6, 1.0)).result(PATIENCE)
    assert told == [pytest.approx((9, 30, 45, 30))]  # left, top, width and height


def test_a_box_of_no_use_is_the_askers_trouble(eyes: MaskFinder) -> None:
    with pytest.raises(InputError, match="box"):
        eyes.ask("subject", photo(), (0.0, 0.0, 1.0, 1.0)).result(PATIENCE)
