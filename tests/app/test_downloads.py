"""Downloads of a finished picture; files are made on request only."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence
from streamlit.testing.v1 import AppTest

from nst.errors import ImageError
from nst.images import io as images
from nst.ui.actions import downloads as takeaway
from tests.support.studio_page import default_photo, downloads, entry, finish, read, start

pytestmark = pytest.mark.slow

STEM = "harbor-town-night-over-the-bay"


@pytest.fixture
def opened(painted: AppTest) -> AppTest:
    """Page with the download menu open."""
    return open_drawer(painted)


def open_drawer(page: AppTest) -> AppTest:
    page.session_state["take-home"] = True
    page.run()
    assert not page.exception
    return page


def files(page: AppTest) -> dict[str, bytes]:
    return page.session_state["files"][1]


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def result(page: AppTest) -> np.ndarray:
    return page.session_state["run"].job.progress.snapshot.image


def decoded(film: bytes) -> list[np.ndarray]:
    """Frames of an MP4, uint8 RGB."""
    with av.open(BytesIO(film)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def color(picture: np.ndarray) -> np.ndarray:
    return picture.astype(float).mean((0, 1))


def test_nothing_but_one_picture_is_made_before_it_is_asked_for(painted: AppTest) -> None:
    assert downloads(painted) == ["Save picture"]
    assert list(files(painted)) == ["PNG"]


def test_the_drawer_has_the_picture_in_other_formats_and_a_row(opened: AppTest) -> None:
    assert set(downloads(opened)) == {
        "Save picture", "Save as JPEG", "Save as WebP", "Before-and-after strip",
    }  # fmt: skip
    for format in ("PNG", "JPEG", "WebP"):
        with Image.open(BytesIO(files(opened)[format])) as picture:
            assert picture.format == format.upper()
            assert np.abs(np.asarray(picture.convert("RGB"), float) - result(opened)).mean() < 2


def test_the_row_is_photo_style_and_picture(opened: AppTest) -> None:
    row = images.read(files(opened)["side by side"]).rgb
    height, width = result(opened).shape[:2]
    gap = (row.shape[0] - height) // 2
    assert np.abs(row[gap:-gap, -gap - width : -gap].astype(float) - result(opened)).mean() < 2
    photo = images.fit(default_photo(), width)
    assert np.abs(row[gap : gap + photo.shape[0], gap : gap + width].astype(float) - photo).mean() < 4


def test_a_film_is_made_on_request_and_plays_from_the_photo_to_the_picture(opened: AppTest) -> None:
    assert not any("film" in label for label in downloads(opened))
    press(opened, "Make the video")
    assert "Save the video (MP4)" in downloads(opened)
    frames = decoded(files(opened)[f"{STEM}-film.mp4"])
    assert len(frames) > 40
    assert frames[0].shape == (256, 384, 3)
    assert np.abs(color(frames[0]) - color(default_photo())).max() < 4
    assert np.abs(color(frames[-1]) - color(result(opened))).max() < 4


@pytest.mark.parametrize("format", ["GIF", "WebP"])
def test_films_that_loop_are_small(opened: AppTest, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takeaway, "LOOPS_SIDE", 96)
    entry(opened, "film-format").set_value(format).run()
    press(opened, "Make the video")
    assert f"Save the video ({format})" in downloads(opened)
    with Image.open(BytesIO(files(opened)[f"{STEM}-film.{format.lower()}"])) as film:
        assert film.format == format.upper()
        assert film.n_frames > 20
        assert film.size == (96, 64)
        last = np.asarray(list(ImageSequence.Iterator(film))[-1].convert("RGB"), float)
    assert np.abs(color(last) - color(result(opened))).max() < 6


def test_everything_is_in_the_zip(opened: AppTest) -> None:
    press(opened, "Pack everything as a ZIP file")
    assert "Save everything (ZIP file)" in downloads(opened)
    with ZipFile(BytesIO(files(opened)[f"{STEM}.zip"])) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert {f"{STEM}.png", f"{STEM}.jpg", f"{STEM}.webp", f"{STEM}-side-by-side.jpg", f"{STEM}-film.mp4"} < set(held)
    assert held[f"{STEM}.png"] == files(opened)["PNG"]
    assert np.abs(images.read(held["made-from/photo.jpg"]).rgb.astype(float) - default_photo()).mean() < 2
    assert "made-from/night-over-the-bay.jpg" in held
    on_the_way = [name for name in held if name.startswith("on-the-way/")]
    assert len(on_the_way) == len(opened.session_state["run"].previews.before(70))
    assert len(decoded(held[f"{STEM}-film.mp4"])) > 40


def test_files_belong_to_the_displayed_picture(opened: AppTest) -> None:
    press(opened, "Make the video")
    entry(opened, "moment").set_value(opened.session_state["run"].previews.before(70)[4].step).run()
    assert not any("film" in label for label in downloads(opened))
    press(opened, "Make the video")
    assert len(decoded(files(opened)[f"{STEM}-film.mp4"])) < 40


def test_an_instant_picture_has_no_film(page: AppTest) -> None:
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    open_drawer(page)
    assert "Make the video" not in {button.label for button in page.button}
    press(page, "Pack everything as a ZIP file")
    with ZipFile(BytesIO(files(page)[f"{STEM}.zip"])) as archive:
        assert not any("film" in name or "on-the-way" in name for name in archive.namelist())


def test_a_film_that_cannot_be_made_is_told(opened: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Callable[[], bytes]:
        raise ImageError("Cannot write the film: the disk is full.")

    monkeypatch.setattr(takeaway, "film", full)
    press(opened, "Make the video")
    assert "Cannot write the film: the disk is full." in [read(error.value) for error in opened.error]
    assert downloads(opened)
