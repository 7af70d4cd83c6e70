"""A painting's colors without its strokes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import nst
from tests.support.pictures import gradient

RNG = np.random.default_rng(0)
PHOTO = (60 + gradient(60, 40) // 2 + RNG.integers(0, 20, (40, 60, 3))).astype(np.uint8)
STYLE, OTHER = (
    np.clip(RNG.normal(mean, 15, (30, 30, 3)), 0, 255).astype(np.uint8) for mean in ((150, 120, 90), (90, 120, 140))
)
EACH = pytest.mark.parametrize("kind", [nst.OptimizeSettings, nst.FastSettings])


@EACH
def test_one_snapshot_with_the_styles_mean_and_spread(kind: type) -> None:
    (snapshot,) = nst.stream(PHOTO, STYLE, kind(colors="palette", strength=100, size=None))
    assert (snapshot.step, snapshot.total, snapshot.final, snapshot.losses) == (1, 1, True, None)
    np.testing.assert_allclose(snapshot.image.mean((0, 1)), STYLE.mean((0, 1)), atol=0.5)
    np.testing.assert_allclose(snapshot.image.std((0, 1)), STYLE.std((0, 1)), atol=0.5)


@EACH
def test_structure_is_the_photos(kind: type) -> None:
    """One linear function of the photo's colors explains the whole picture."""
    image = nst.stylize(PHOTO, STYLE, kind(colors="palette", strength=100, size=None)).image
    colors = np.column_stack([PHOTO.reshape(-1, 3), np.ones(PHOTO[..., 0].size)]).astype(float)
    _, residuals, rank, _ = np.linalg.lstsq(colors, image.reshape(-1, 3).astype(float), rcond=None)
    assert rank == 4 and (residuals / len(colors)).max() < 0.5


@EACH
def test_strength_is_how_far_colors_go(kind: type) -> None:
    none, half, full = (
        nst.stylize(PHOTO, STYLE, kind(colors="palette", strength=strength, size=None)).image.astype(float)
        for strength in (0, 50, 100)
    )
    np.testing.assert_array_equal(none, PHOTO)
    np.testing.assert_allclose(half, (none + full) / 2, atol=1.01)


def test_it_can_be_steered_before_it_begins() -> None:
    control = nst.Control()
    stream = nst.stream(PHOTO, STYLE, nst.FastSettings(colors="palette", size=None), control=control)
    control.update(strength=0)
    np.testing.assert_array_equal(next(stream).image, PHOTO)


def test_raw_weights_know_no_strength() -> None:
    raw, full = ({"style_weight": 1.0}, {"strength": 100.0})
    first, second = (
        nst.stylize(PHOTO, STYLE, nst.OptimizeSettings(colors="palette", size=60, **more)).image for more in (raw, full)
    )
    np.testing.assert_array_equal(first, second)


def test_several_styles_by_weight() -> None:
    image = nst.stylize(
        PHOTO, [STYLE, OTHER], nst.FastSettings(colors="palette", size=None), style_weights=[1, 3]
    ).image
    np.testing.assert_allclose(image.mean((0, 1)), (STYLE.mean((0, 1)) + 3 * OTHER.mean((0, 1))) / 4, atol=1)


@EACH
def test_each_region_takes_its_colors_from_its_style_as_far_as_it_is_asked(kind: type) -> None:
    settings = kind(colors="palette", strength=100, size=None)
    left = np.tile(np.arange(60) < 30, (40, 1))
    one, other = (nst.stylize(PHOTO, each, settings).image for each in (STYLE, OTHER))
    regions = [nst.Region(left, style=0, feather=0), nst.Region(None, style=1)]
    found = nst.stylize(PHOTO, [STYLE, OTHER], settings, regions=regions).image
    np.testing.assert_array_equal(found[:, :30], one[:, :30])
    np.testing.assert_array_equal(found[:, 30:], other[:, 30:])
    kept = nst.stylize(PHOTO, STYLE, settings, regions=[nst.Region(left, strength=0)]).image
    np.testing.assert_array_equal(kept[:, :28], PHOTO[:, :28])
    np.testing.assert_array_equal(kept[:, 32:], one[:, 32:])


def test_regions_can_be_steered_before_it_begins() -> None:
    control, left = nst.Control(), np.tile(np.arange(60) < 30, (40, 1))
    settings = nst.FastSettings(colors="palette", size=None)
    stream = nst.stream(PHOTO, STYLE, settings, regions=[nst.Region(left, feather=0)], control=control)
    control.update(regions={0: 0})
    np.testing.assert_array_equal(next(stream).image[:, :30], PHOTO[:, :30])


def test_transparency_and_size() -> None:
    alpha = np.zeros((40, 60), np.uint8)
    alpha[:, 30:] = 255
    found = nst.stylize(np.dstack([PHOTO, alpha]), STYLE, nst.FastSettings(colors="palette", size=120))
    assert found.image.shape == (80, 120, 3) and found.alpha is not None
    assert (found.alpha[:, :50] == 0).all() and (found.alpha[:, 70:] == 255).all()
    np.testing.assert_allclose(found.image[:, 70:].mean((0, 1)), STYLE.mean((0, 1)), atol=6)  # of what is seen


def test_no_draft_is_painted_first() -> None:
    settings = nst.OptimizeSettings(colors="palette", init="fast", size=60)
    assert [snapshot.step for snapshot in nst.stream(PHOTO, STYLE, settings)] == [1]


def test_unused_inputs_are_refused() -> None:
    settings = nst.OptimizeSettings(colors="palette", init="image")
    with pytest.raises(nst.SettingsError, match=r"cannot use an init_image\. Leave it out"):
        nst.stream(PHOTO, STYLE, settings, init_image=PHOTO)
    with pytest.raises(nst.SettingsError, match="cannot use a checkpoint"):
        nst.stream(PHOTO, STYLE, settings, resume=nst.Checkpoint(settings, 1, 0.0, {}))


def test_pictures_are_checked_before_the_stream_is_returned() -> None:
    with pytest.raises(nst.ImageError, match="style"):
        nst.stream(PHOTO, b"no picture", nst.FastSettings(colors="palette"))


def test_it_does_not_wait_for_tensorflow() -> None:
    code = """
import sys
import numpy as np
import nst
picture = np.zeros((20, 20, 3), np.uint8)
nst.stylize(picture, picture, nst.OptimizeSettings(colors="palette", size=32))
print("tensorflow" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
