"""The real engine goes on from the disk as if nothing had happened: with a draft, regions and several styles."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nst
from nst.jobs.progress import Progress, State
from nst.jobs.store import JobRecord, Store
from tests.support.pictures import gradient

pytestmark = pytest.mark.slow

PHOTO, RED, BLUE = gradient(96, 64), np.full((40, 40, 3), (200, 60, 20), np.uint8), gradient(48, 48)[::-1].copy()
HALF = np.zeros((64, 96), np.uint8)
HALF[:, :48] = 255


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_a_run_goes_on_from_disk_bit_for_bit(tmp_path: Path, optimizer: str) -> None:
    settings = nst.OptimizeSettings(size=96, steps=12, network="lite", init="fast", optimizer=optimizer)
    given: dict[str, Any] = {"style_weights": [2, 1], "regions": [nst.Region(HALF, style=1, strength=40)]}
    control, checkpoint = nst.Control(), None
    for snapshot in nst.stream(PHOTO, [RED, BLUE], settings, control=control, **given):
        if snapshot.step == 3:
            control.update(strength=50, regions={0: 70})
            control.save()
        if snapshot.checkpoint:
            checkpoint, seen = snapshot.checkpoint, snapshot
    assert checkpoint is not None
    store = Store(tmp_path, hours=1, megabytes=100)
    store.begin("token", JobRecord(settings, {}, {}))
    store.save("token", Progress(State.RUNNING, seen), checkpoint)
    kept = store.read("token")
    assert kept is not None and kept.checkpoint is not None and kept.record.settings == settings
    control = nst.Control()
    control.update(strength=50, regions={0: 70})  # as the page tells whoever goes on
    resumed = nst.stylize(PHOTO, [RED, BLUE], kept.record.settings, resume=kept.checkpoint, control=control, **given)
    np.testing.assert_array_equal(resumed.image, snapshot.image)
    assert resumed.step == 12
