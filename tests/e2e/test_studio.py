"""The page in a real browser."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser_page import PHONE, next_frame, visit
from tests.support.visitor import add, gallery, settle, start_button

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.mark.real_engines
def test_two_uploads_are_painted_live_stopped_and_taken_home(
    page: Page, photo: Path, handle: Path, tmp_path: Path
) -> None:
    add(page, "photo", photo)
    add(page, "style", handle)
    start_button(page).click()
    frames: set[str] = set()
    for _ in range(3):
        frames.add(next_frame(page, frames))
    page.get_by_role("button", name="Stop here").click()
    save = page.get_by_role("button", name="Save picture")
    expect(save).to_be_visible()
    expect(page.locator(".st-key-details")).to_contain_text("of 100 iterations")
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == "holiday-canvas.png"
    download.value.save_as(tmp_path / "result.png")
    with Image.open(tmp_path / "result.png") as result, Image.open(photo) as original:
        assert (result.format, result.mode, result.size) == ("PNG", "RGB", (512, 341))
        before = np.asarray(original.resize(result.size), float)
        assert np.abs(np.asarray(result, float) - before).mean() > 5


def test_start_is_in_sight_on_a_laptop(page: Page) -> None:
    expect(start_button(page)).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-canvas img.after")).to_be_in_viewport(ratio=1)


def test_thumbnails_are_squares_of_one_size(page: Page) -> None:
    boxes = [image.bounding_box() for image in page.locator('[class*="st-key-gallery-"] label img').all()]
    sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box}
    assert len(boxes) >= 18
    assert len(sizes) == 1
    width, height = sizes.pop()
    assert width == height >= 60


def test_thumbnails_are_radio_buttons_for_the_keyboard(page: Page) -> None:
    styles = gallery(page, "style")
    styles.get_by_role("radio", name="Night over the Bay").focus()
    page.keyboard.press("ArrowRight")
    expect(styles.get_by_role("radio", name="Great Swell")).to_be_checked()
    settle(page)
    expect(page.locator(".st-key-status")).to_contain_text("Great Swell")


def test_nothing_sticks_out_on_a_phone(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    visit(page, server)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator('[data-testid="stMain"]').evaluate("main => main.scrollWidth") <= PHONE["width"]
    box = page.locator(".st-key-canvas img.after").bounding_box()
    assert box is not None and box["width"] > 0.85 * PHONE["width"]
