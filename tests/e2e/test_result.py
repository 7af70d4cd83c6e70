"""A finished picture in a real browser: compared, gone back from, painted on, taken home."""

import re
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import CDPSession, Locator, Page, expect

from nst.recipes import image_metadata
from nst.settings.engines import OptimizeSettings
from tests.support.browser_page import SHORT_RUN, next_frame, pixels, shown, visit
from tests.support.visitor import settle, start_button

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture
def instant(page: Page) -> Page:
    """The page with a finished instant picture."""
    photo = shown(page)
    page.get_by_role("radio", name="Instant").click()
    expect(page.get_by_role("slider", name="Iterations")).to_have_count(0)
    start_button(page).click()
    shown(page, other_than=photo, stage="in the style of Night over the Bay")
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    settle(page)
    return page


@pytest.fixture
def painted(page: Page) -> Page:
    """The page with a finished picture of a short run."""
    visit(page, page.url + SHORT_RUN)
    start_button(page).click()
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    settle(page)
    return page


@pytest.fixture
def session(page: Page) -> Iterator[CDPSession]:
    """To touch the screen with, until the end of the test."""
    opened = page.context.new_cdp_session(page)
    opened.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    yield opened
    opened.detach()


def knob(page: Page) -> Locator:
    return page.get_by_role("slider", name="Compare with your photo")


def value(slider: Locator) -> int:
    return int(slider.get_attribute("aria-valuenow") or "")


def uncovered(page: Page) -> float:
    """Percent of the picture's width over which the photo is really seen, by the pixels of the screen."""
    picture = page.locator(".nst-compare")
    with Image.open(BytesIO(picture.screenshot())) as seen, Image.open(sources(page)["before"]) as photo:
        size = seen.size
        screen = np.asarray(seen.convert("RGB"), float)
        expected = np.asarray(photo.convert("RGB").resize(size, Image.Resampling.LANCZOS), float)
    rows = slice(round(size[1] * 0.1), round(size[1] * 0.35))  # above the knob, below no tag
    off = np.abs(screen[rows] - expected[rows]).mean((0, 2))
    return float(100 * (off < 12).mean())


def sources(page: Page) -> dict[str, BytesIO]:
    """The photo and the painting as the browser has them."""
    uris = {name: page.locator(f".nst-compare .{name}").get_attribute("src") or "" for name in ("before", "after")}
    return {name: BytesIO(b64decode(uri.partition(",")[2])) for name, uri in uris.items()}


def place(page: Page, x: float, y: float = 0.25) -> tuple[float, float]:
    """A point of the picture, in parts of its width and height, on the screen."""
    frame = page.locator(".nst-compare").bounding_box()
    assert frame is not None
    return frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]


def finger(session: CDPSession, kind: str, *point: float) -> None:
    touches = [{"x": point[0], "y": point[1]}] if point else []
    session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches})


def test_a_result_is_compared_by_mouse_and_keyboard(instant: Page) -> None:
    slider = knob(instant)
    assert value(slider) == 0
    assert uncovered(instant) < 8  # a result is there as a whole at first
    slider.hover()
    instant.mouse.down()
    instant.mouse.move(*place(instant, 0.7), steps=6)
    instant.mouse.up()
    assert value(slider) == pytest.approx(70, abs=2)
    assert uncovered(instant) == pytest.approx(70, abs=6)
    instant.mouse.move(*place(instant, 0.2), steps=3)
    assert value(slider) == pytest.approx(70, abs=2)  # it was let go
    slider.focus()
    instant.keyboard.press("ArrowLeft")
    assert value(slider) == pytest.approx(68, abs=2)
    instant.keyboard.press("End")
    assert value(slider) == 100
    assert uncovered(instant) > 92
    instant.keyboard.press("Home")
    assert value(slider) == 0
    instant.mouse.click(*place(instant, 0.4))
    assert value(slider) == pytest.approx(40, abs=2)
    assert slider.get_attribute("aria-valuetext") == "40% of the width shows your photo"


def test_a_finger_that_moves_sideways_compares_and_one_that_moves_down_scrolls(
    instant: Page, session: CDPSession
) -> None:
    finger(session, "Start", *place(instant, 0.3))
    for x in (0.35, 0.45, 0.6):
        finger(session, "Move", *place(instant, x))
    finger(session, "End")
    assert value(knob(instant)) == pytest.approx(60, abs=3)
    finger(session, "Start", *place(instant, 0.2))
    finger(session, "End")
    assert value(knob(instant)) == pytest.approx(60, abs=3)  # a touch by itself changes nothing
    finger(session, "Start", *place(instant, 0.2, 0.9))
    for y in (0.8, 0.5, 0.2):
        finger(session, "Move", *place(instant, 0.2, y))
    finger(session, "End")
    assert value(knob(instant)) == pytest.approx(60, abs=3)


def test_a_new_picture_keeps_its_place_its_size_and_the_knob(instant: Page) -> None:
    slider = knob(instant)
    slider.focus()
    for _ in range(3):
        instant.keyboard.press("PageUp")
    picture = instant.locator(".nst-compare")
    before, source = picture.bounding_box(), shown(instant)
    strength = instant.get_by_role("slider", name="Style strength")
    strength.focus()
    instant.keyboard.press("PageDown")
    shown(instant, other_than=source)
    settle(instant)
    assert picture.bounding_box() == before
    assert value(slider) == 30


def test_the_live_picture_never_jumps_and_can_be_compared(page: Page) -> None:
    picture = page.locator(".st-key-canvas img").first
    sizes = {tuple(round(picture.bounding_box()[side]) for side in ("width", "height"))}
    page.get_by_role("radio", name="Balanced").click()
    start_button(page).click()
    frames: set[str] = set()
    for _ in range(3):
        frames.add(next_frame(page, frames))
        sizes.add(tuple(round(picture.bounding_box()[side]) for side in ("width", "height")))
    knob(page).focus()
    page.keyboard.press("PageUp")
    next_frame(page, frames)
    assert value(knob(page)) == 10
    expect(page.get_by_text(re.compile(r"Iteration \d+ of 100 · .+ so far · .+ left"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"Photo kept \d+%"))).to_be_visible()
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    sizes.add(tuple(round(picture.bounding_box()[side]) for side in ("width", "height")))
    assert len(sizes) == 1


@pytest.mark.real_engines
def test_a_person_goes_back_in_time_and_paints_on(painted: Page, tmp_path: Path) -> None:
    end = shown(painted)
    painted.get_by_role("slider", name="Steps").focus()
    painted.keyboard.press("Home")
    draft = shown(painted, other_than=end, stage=", draft")
    painted.keyboard.press("ArrowRight")
    moment = shown(painted, other_than=draft)
    alt = painted.locator(".st-key-canvas img").first.get_attribute("alt") or ""
    step = re.search(r", iteration (\d+)$", alt)
    assert step is not None and int(step[1]) < 30
    settle(painted)
    painted.get_by_role("button", name="Keep refining").click()
    first = next_frame(painted, {moment, end})
    assert apart(first, moment) < apart(first, end)
    painted.get_by_role("button", name="Stop here").click()
    recipe = image_metadata.read(download(painted, "Save picture", tmp_path))
    assert isinstance(recipe.settings, OptimizeSettings) and recipe.settings.init == "image"


def apart(one: str, other: str) -> float:
    """Mean absolute difference of two pictures of equal size."""
    return float(np.abs(pixels(one) - pixels(other)).mean())


@pytest.mark.real_engines
def test_everything_is_taken_home(painted: Page, tmp_path: Path) -> None:
    expect(painted.get_by_role("button", name="Save picture")).to_be_in_viewport(ratio=1)
    painted.get_by_role("button", name="Save and share").click()
    for format in ("JPEG", "WebP"):
        file = download(painted, f"Save as {format}", tmp_path)
        with Image.open(file) as picture:
            assert (picture.format, max(picture.size)) == (format.upper(), 256)
    with Image.open(download(painted, "Before-and-after strip", tmp_path)) as row:
        assert row.width > 3 * row.height
    painted.get_by_role("button", name="Make the video").click()
    film = download(painted, "Save the video (MP4)", tmp_path)
    with av.open(str(film)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) > 30
    assert np.abs(frames[0].astype(float) - frames[-1]).mean() > 10
    painted.get_by_role("button", name="Pack everything").click()
    with ZipFile(download(painted, "Save everything (ZIP file)", tmp_path)) as archive:
        assert archive.testzip() is None
        assert {Path(name).suffix for name in archive.namelist()} == {".png", ".jpg", ".webp", ".mp4"}


def download(page: Page, label: str, folder: Path) -> Path:
    button = page.get_by_role("button", name=label, exact=True)
    expect(button).to_be_visible()
    settle(page)
    with page.expect_download() as started:
        button.click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path
