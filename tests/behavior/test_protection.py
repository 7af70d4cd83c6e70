"""Protected faces: painted with everything else, and recognizable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nst
from nst.errors import InputError, SettingsError
from nst.optimization import evaluator
from nst.optimization.footprint import Footprint
from nst.optimization.strength import Weights

pytestmark = pytest.mark.slow

SIDE = 96
y, x = np.mgrid[:SIDE, :SIDE]
PHOTO = np.stack([127 + 90 * np.sin(x / p + y / (2 * p)) for p in (9.0, 14.0, 23.0)], -1).astype(np.uint8)
STRIPES = np.where(((x + y) // 6 % 2)[..., None], [230, 120, 20], [20, 40, 150]).astype(np.uint8)
FACE = ((x - 48) ** 2 + (y - 48) ** 2 < 24**2).astype(np.float32)
INSIDE = FACE > 0


def run(recognizable: float | None, mask: Any = FACE, control: nst.Control | None = None, **changes: Any) -> Any:
    settings = nst.OptimizeSettings(**{"network": "lite", "size": SIDE, "steps": 12, "preview_every": 1, **changes})
    protection = None if recognizable is None else nst.Protection(mask, recognizable)
    return nst.stylize(PHOTO, STRIPES, settings, protection=protection, control=control)


def brightness(image: np.ndarray) -> np.ndarray:
    return image.astype(float) @ [0.299, 0.587, 0.114]


def similarity(image: np.ndarray) -> float:
    """Correlation of the brightness inside the face with the photo's."""
    return float(np.corrcoef(brightness(image)[INSIDE], brightness(PHOTO)[INSIDE])[0, 1])


def test_more_recognizable_is_more_like_the_photo() -> None:
    found = [similarity(run(each).image) for each in (0, 50, 100)]
    assert found[0] < found[1] < found[2]


def test_0_is_no_protection() -> None:
    np.testing.assert_array_equal(run(0).image, run(None).image)


def test_a_protected_face_is_painted() -> None:
    change = np.abs(run(50).image.astype(float) - PHOTO).mean(-1)
    assert change[INSIDE].mean() > 0.5 * change[~INSIDE].mean()


def test_strength_0_keeps_the_photo() -> None:
    np.testing.assert_array_equal(run(100, strength=0).image, PHOTO)


def test_tiles_paint_the_same_face(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(50, steps=3, precision="float32").image
    monkeypatch.setattr(evaluator, "TILE", 32)
    monkeypatch.setattr(Footprint, "in_tiles", lambda *_: True)
    tiled = run(50, steps=3, precision="float32").image
    assert np.abs(tiled.astype(int) - whole).max() <= 1


def test_the_style_loss_is_that_of_the_whole_image(monkeypatch: pytest.MonkeyPatch) -> None:
    """The protection adds to the content loss; style and smoothness are evaluated without it."""
    seen: list[tuple[Any, Any]] = []
    added = evaluator._with_likeness

    def watched(aim: Any, likeness: Any, picture: Any, *, weights: Weights) -> Any:
        found = added(aim, likeness, picture, weights=weights)
        seen.append((aim(picture, weights=weights), found))
        return found

    monkeypatch.setattr(evaluator, "_with_likeness", watched)
    run(50, steps=2)
    assert seen
    for plain, found in seen:
        assert (found.losses.style, found.losses.tv) == (plain.losses.style, plain.losses.tv)
        assert found.losses.content >= plain.losses.content


def test_a_resumed_run_ends_like_an_uninterrupted_one() -> None:
    settings = nst.OptimizeSettings(network="lite", size=SIDE, steps=8, precision="float32")
    protection, control = nst.Protection(FACE, 70), nst.Control()
    stopped = None
    for snapshot in nst.stream(PHOTO, STRIPES, settings, protection=protection, control=control):
        stopped = snapshot
        control.stop()
    assert stopped is not None and stopped.checkpoint is not None and stopped.step < 8
    resumed = nst.stylize(PHOTO, STRIPES, resume=stopped.checkpoint, protection=protection)
    whole = nst.stylize(PHOTO, STRIPES, settings, protection=protection)
    np.testing.assert_array_equal(resumed.image, whole.image)
    with pytest.raises(SettingsError, match="without protection"):
        nst.stylize(PHOTO, STRIPES, resume=stopped.checkpoint)


def test_the_dial_turns_during_a_run() -> None:
    control = nst.Control()
    control.update(recognizable=100)
    np.testing.assert_array_equal(run(0, control=control).image, run(100).image)


def test_a_run_without_protection_has_no_dial() -> None:
    control = nst.Control()
    control.update(recognizable=100)
    with pytest.raises(SettingsError, match="no protection"):
        run(None, control=control)


def test_regions_of_their_own_style_keep_their_face() -> None:
    left = nst.Region(x < 48, strength=0)
    settings = nst.OptimizeSettings(network="lite", size=SIDE, steps=12)
    found = [
        nst.stylize(PHOTO, STRIPES, settings, regions=[left], protection=nst.Protection(FACE, each)).image
        for each in (0, 100)
    ]
    right = INSIDE & (x >= 52)
    errors = [np.corrcoef(brightness(image)[right], brightness(PHOTO)[right])[0, 1] for image in found]
    assert errors[1] > errors[0]
    np.testing.assert_array_equal(found[1][:, :40], PHOTO[:, :40])


def test_instant_paints_a_protected_face_lighter_and_the_rest_alike() -> None:
    settings = nst.FastSettings(size=SIDE)
    plain, kept = (
        nst.stylize(PHOTO, STRIPES, settings, protection=each).image for each in (None, nst.Protection(FACE, 100))
    )
    np.testing.assert_array_equal(kept[~INSIDE & (FACE == 0)], plain[~INSIDE & (FACE == 0)])
    changes = [np.abs(image.astype(float) - PHOTO)[INSIDE].mean() for image in (plain, kept)]
    assert 0 < changes[1] < changes[0]


@pytest.mark.parametrize("value", [-1, 101, float("nan")])
def test_values_out_of_range_are_refused(value: float) -> None:
    with pytest.raises(SettingsError, match="recognizable must be between 0 and 100"):
        nst.Protection(FACE, value)


def test_raw_weights_and_masks_of_another_shape_are_refused() -> None:
    with pytest.raises(SettingsError, match="raw weights"):
        run(50, strength=None, style_weight=10.0)
    with pytest.raises(InputError, match="shape"):
        run(50, mask=np.ones((96, 40), np.float32))
