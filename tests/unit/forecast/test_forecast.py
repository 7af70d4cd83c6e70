"""Forecasts: counted by hand with a fixed calibration, and measured on this machine."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nst
from nst.forecast import calibration, forecast
from nst.forecast.calibration import Calibration
from nst.forecast.forecast import (
    BEGINNING,
    ENLARGED,
    ENLARGING,
    FIRST,
    JOINING,
    LOOKS,
    MAKING,
    MANNER,
    OPENING,
    PAINTED,
    PASS,
    PROGRAM,
    READING,
    TARGETS,
    TILED,
    known_forecast,
)
from nst.settings.engines import DEFAULT_STRENGTH
from nst.system import cache_folder, memory

CHOSEN = nst.OptimizeSettings(network="lite", size=400, steps=50, levels=1, precision="float32")
PHOTO = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)


@pytest.fixture(autouse=True)
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with much memory that looks at a megapixel in a second."""
    monkeypatch.setenv(cache_folder.FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(calibration, "measure", lambda _: Calibration(0.0, 1e-6))
    monkeypatch.setattr(memory, "available", lambda: 10**12)


def test_one_level_by_hand() -> None:
    found = nst.forecast(CHOSEN, PHOTO, [PHOTO, PHOTO])
    look = 0.12  # seconds: 400 x 300 pixels
    assert found.size == (400, 300) and not found.tiles
    assert found.seconds == pytest.approx(
        BEGINNING + (FIRST + 50 * LOOKS + 3 * TARGETS) * look + 50 * MAKING["lbfgs"] * 120_000
    )
    assert PROGRAM < found.memory < PROGRAM + 400_000_000


def test_coarse_levels_cost_little() -> None:
    alone, pyramid = (nst.forecast(replace(CHOSEN, levels=n), PHOTO, PHOTO).seconds for n in (1, 3))
    assert pyramid < 0.5 * alone


def test_large_pictures_are_in_tiles() -> None:
    found = nst.forecast(replace(CHOSEN, size=4000), PHOTO, PHOTO)
    assert found.tiles and found.size == (4000, 3000)
    assert found.seconds == pytest.approx(
        BEGINNING + (FIRST + 50 * LOOKS + 2 * TARGETS) * 12 * TILED + 50 * MAKING["lbfgs"] * 12e6
    )
    assert found.memory < 8_000_000_000  # as a whole it would be more


def test_a_draft_is_counted() -> None:
    plain, drafted = (nst.forecast(replace(CHOSEN, init=init), PHOTO, PHOTO).seconds for init in ("content", "fast"))
    assert drafted - plain == pytest.approx(0.12 + OPENING + READING * 120_000)


def test_the_fast_engine() -> None:
    found = nst.forecast(nst.FastSettings(size=None), PHOTO, PHOTO)
    assert found.seconds == pytest.approx(OPENING + (1e-6 + READING) * 60 * 80)
    assert found == nst.Forecast(found.seconds, PROGRAM + (PAINTED + ENLARGED) * 60 * 80, (80, 60), tiles=False)


def test_the_fast_engine_paints_large_pictures_small() -> None:
    found = nst.forecast(nst.FastSettings(size=4096), PHOTO, PHOTO)
    painted, size = 1024 * 768, 4096 * 3072
    assert found.seconds == pytest.approx(OPENING + painted * 1e-6 + ENLARGING * 15 * painted + READING * size)
    assert found.memory == PROGRAM + PAINTED * 1024 * 768 + ENLARGED * 4096 * 3072


def test_too_large_runs_are_refused_like_by_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 200_000_000)
    with pytest.raises(nst.OutOfMemory, match="Choose a size of"):
        nst.forecast(replace(CHOSEN, size=4000), PHOTO, PHOTO)


def test_a_machine_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert known_forecast(CHOSEN, (60, 80)) is None
    first = nst.forecast(CHOSEN, PHOTO, PHOTO)
    monkeypatch.setattr(calibration, "measure", None)
    assert nst.forecast(CHOSEN, PHOTO, PHOTO) == first == known_forecast(CHOSEN, (60, 80))
    assert known_forecast(replace(CHOSEN, strength=90, steps=10), (60, 80)) is not None  # the network is the same
    assert known_forecast(replace(CHOSEN, style_layers=(("block1_conv1", 1.0),)), (60, 80)) is None


@pytest.mark.parametrize("settings", [CHOSEN, nst.FastSettings()])
def test_this_machine_can_be_measured(settings: nst.OptimizeSettings | nst.FastSettings) -> None:
    look = forecast._look(settings)
    assert look(64)() is not None


def test_asking_what_is_known_does_not_wait_for_tensorflow() -> None:
    script = (
        "import sys\nimport nst\nfrom nst.forecast.forecast import known_forecast\n"
        "assert known_forecast(nst.OptimizeSettings(network='lite'), (60, 80)) is None\n"
        "assert 'tensorflow' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_other_colors_alone_take_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "measure", lambda _: pytest.fail("nothing is painted"))
    for settings in (replace(CHOSEN, colors="palette"), nst.FastSettings(colors="palette", size=400)):
        found = nst.forecast(settings, PHOTO, PHOTO)
        assert found.size == (400, 300) and found.seconds < 1 and not found.tiles


def test_a_bold_brush_looks_at_larger_styles_and_a_fine_one_at_smaller() -> None:
    plain, bold, fine = (nst.forecast(replace(CHOSEN, style_scale=n), PHOTO, PHOTO).seconds for n in (1, 2, 0.5))
    assert bold - plain == pytest.approx(3 * TARGETS * 0.12)
    assert plain - fine == pytest.approx(0.75 * TARGETS * 0.12)


def test_the_fast_engine_paints_fine_strokes_large() -> None:
    plain, fine, bold = (nst.forecast(nst.FastSettings(size=400, style_scale=n), PHOTO, PHOTO) for n in (1, 0.5, 2))
    reading = OPENING + READING * 120_000
    assert fine.seconds - reading == pytest.approx(4 * (plain.seconds - reading))
    assert bold.seconds < plain.seconds
    assert fine.memory > plain.memory > bold.memory


def test_each_style_that_is_painted_takes_time_and_each_part_memory() -> None:
    mask = np.ones((60, 80), bool)
    styles = [PHOTO, PHOTO]
    plain = nst.forecast(CHOSEN, PHOTO, styles)
    looking = (FIRST + 50 * LOOKS + 3 * TARGETS) * 0.12
    for regions, mix_indices in (
        ([nst.Region(mask, strength=0)], 1),
        ([nst.Region(mask, strength=20)], 1),
        ([nst.Region(mask, style=1), nst.Region(mask, style=0, strength=0)], 2),
        ([nst.Region(mask, style=1), nst.Region(None, style=0), nst.Region(mask)], 3),
    ):
        found = nst.forecast(CHOSEN, PHOTO, styles, regions=regions)
        assert found.seconds - plain.seconds == pytest.approx(looking * MANNER * mix_indices)
        assert known_forecast(CHOSEN, (60, 80), 2, regions) == found
        assert plain.memory < found.memory < 2 * plain.memory
    one = nst.forecast(CHOSEN, PHOTO, PHOTO, regions=[nst.Region(mask, style=0)])
    assert one.seconds == nst.forecast(CHOSEN, PHOTO, PHOTO, regions=[nst.Region(mask)]).seconds
    unpainted = nst.forecast(replace(CHOSEN, strength=0), PHOTO, PHOTO, regions=[nst.Region(mask)])
    assert unpainted.seconds == pytest.approx(nst.forecast(CHOSEN, PHOTO, PHOTO).seconds)


MASK = np.ones((60, 80), bool)
EITHER = [nst.Region(MASK, style=1), nst.Region(None, style=0)]
PARTS = [  # of a picture at full strength, and how often the fast engine's network paints
    ([nst.Region(MASK)], 1),
    ([nst.Region(MASK, strength=0)], 1),
    ([nst.Region(MASK, strength=0), nst.Region(None, strength=0)], 1),
    ([nst.Region(MASK, strength=40)], 2),
    ([nst.Region(MASK, strength=s) for s in (40, None, 0, 30)], 3),
    (EITHER, 2 + JOINING),
    ([*EITHER, nst.Region(MASK)], 3 + JOINING),
    ([*EITHER, nst.Region(MASK, style=0, strength=40)], 2 * (2 + JOINING)),
]


@pytest.mark.parametrize(("regions", "passes"), PARTS)
def test_the_fast_engine_paints_for_each_strength_and_style(regions: list[nst.Region], passes: int) -> None:
    settings, styles = nst.FastSettings(size=400), [PHOTO, PHOTO]
    plain, found = (nst.forecast(settings, PHOTO, styles, regions=each).seconds for each in ((), regions))
    assert found - plain == pytest.approx(0.12 * PASS * (passes - 1))


def test_halfway_the_photo_is_described_as_a_style_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "measure", lambda _: Calibration(0.3, 1e-6))
    full, half = (nst.forecast(nst.FastSettings(size=400, strength=s), PHOTO, PHOTO).seconds for s in (100, 50))
    assert half - full == pytest.approx(0.3)
    part = nst.forecast(nst.FastSettings(size=400), PHOTO, PHOTO, regions=[nst.Region(MASK, strength=40)]).seconds
    assert part - full == pytest.approx(0.3 + 0.12 * PASS)


@pytest.mark.parametrize(("regions", "passes"), PARTS)
def test_so_does_a_draft(regions: list[nst.Region], passes: int) -> None:
    chosen, styles = replace(CHOSEN, strength=DEFAULT_STRENGTH), [PHOTO, PHOTO]  # of which a draft is at full strength
    plain, drafted = (
        nst.forecast(replace(chosen, init=init), PHOTO, styles, regions=regions).seconds for init in ("content", "fast")
    )
    assert drafted - plain == pytest.approx(0.12 * (1 + PASS * (passes - 1)) + OPENING + READING * 120_000)


def test_a_mask_that_the_run_would_refuse_is_refused() -> None:
    with pytest.raises(nst.InputError, match="received 60 x 60 pixels for a photo of 80 x 60"):
        nst.forecast(CHOSEN, PHOTO, PHOTO, regions=[nst.Region(np.ones((60, 60), bool))])


def test_raw_weights_paint_all_parts() -> None:
    raw = replace(CHOSEN, strength=None, style_weight=1.0)
    mask = np.ones((60, 80), bool)
    found = [nst.forecast(raw, PHOTO, PHOTO, regions=regions).seconds for regions in ((), [nst.Region(mask)])]
    assert found[1] > found[0]


def test_a_region_s_style_must_be_there() -> None:
    with pytest.raises(nst.SettingsError, match="uses style number 1"):
        nst.forecast(CHOSEN, PHOTO, PHOTO, regions=[nst.Region(None, style=1)])


def test_other_colors_for_each_part() -> None:
    palette = replace(CHOSEN, colors="palette")
    parts = (), [nst.Region(None)], [nst.Region(np.ones((60, 80), bool))]
    whole, rest, two = (nst.forecast(palette, PHOTO, PHOTO, regions=each).seconds for each in parts)
    assert whole == rest < two
