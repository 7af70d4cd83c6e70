"""An order that was kept on disk is the same order."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst.errors import InputError
from nst.images import samples
from nst.jobs.store import JobRecord, Store
from nst.settings.engines import OptimizeSettings
from nst.ui.state import request_json
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import RegionRequest, Request, StyleMix

SAMPLE = samples.photos()[0]
PHOTO = ImageChoice(SAMPLE.slug, SAMPLE.name, SAMPLE.alt, SAMPLE.source())
NIGHT, WAVES, RAIN, SUNSET = (
    ImageChoice(name, name.title(), f"a {name}", name.encode()) for name in ["night", "waves", "rain", "sunset"]
)
MASK = PageMask.of(np.arange(0, 240, dtype=np.uint8).reshape(12, 20))
PLAIN = Request(PHOTO, StyleMix((NIGHT,), (1.0,)), OptimizeSettings(steps=30))
RICH = Request(
    PHOTO,
    StyleMix((NIGHT, WAVES), (2.0, 1.0), SUNSET),
    OptimizeSettings(strength=35, init="image"),
    init=b"a picture to start from",
    region=RegionRequest("brush", MASK, 1.5, 20.0, RAIN),
    face_protection=30.0,
)


def round_trip(tmp_path: Path, record: JobRecord) -> JobRecord:
    store = Store(tmp_path, hours=1, megabytes=10)
    store.begin("token", record)
    kept = store.read("token")
    assert kept is not None
    return kept.record


@pytest.mark.parametrize("a_request", [PLAIN, RICH, replace(RICH, region=replace(RICH.region, outside_style=None))])
def test_it_comes_back_with_all_pictures(tmp_path: Path, a_request: Request) -> None:
    found = request_json.request(round_trip(tmp_path, request_json.record(a_request)))
    assert found == a_request
    assert found.photo.source == Path(SAMPLE.source()).read_bytes()  # so that it outlives the file
    if found.region is not None:
        np.testing.assert_array_equal(found.region.mask.pixels, MASK.pixels)
    assert [style.source for style in found.mix.styles] == [style.source for style in a_request.mix.styles]


def test_it_comes_back_with_what_was_turned_since(tmp_path: Path) -> None:
    settings = replace(RICH.settings, strength=90, colors="photo", color_amount=25.0)
    with_values = replace(RICH, settings=settings, face_protection=10.0)
    record = replace(request_json.record(RICH), payload=request_json.plain(with_values))
    assert request_json.request(round_trip(tmp_path, record)) == with_values
    assert record.settings.strength == 35  # the run's checkpoints belong to it


@pytest.mark.parametrize(("gentle", "recognizable"), [(30.0, 70.0), (0.0, 100.0), (None, None)])
def test_a_record_of_an_earlier_version_has_the_strength_on_faces(
    gentle: float | None, recognizable: float | None
) -> None:
    record = request_json.record(RICH)
    kept = {name: value for name, value in record.payload.items() if name != "recognizable"}
    found = request_json.request(replace(record, payload={**kept, "gentle": gentle}))
    assert found.face_protection == recognizable


@pytest.mark.parametrize("lost", ["photo", "styles", "weights", "area", "recognizable", "turned"])
def test_invalid_request_is_refused(lost: str) -> None:
    record = request_json.record(RICH)
    about = {name: value for name, value in record.payload.items() if name != lost}
    with pytest.raises(InputError, match="start it again"):
        request_json.request(replace(record, payload=about))


def test_a_picture_that_is_missing_is_refused_in_plain_words() -> None:
    with pytest.raises(InputError, match="start it again"):
        request_json.request(replace(request_json.record(RICH), files={}))
