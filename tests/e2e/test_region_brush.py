"""A person brushes over a part of a photo, and only that part is painted: in a real browser."""

from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.support.browser_page import PHONE, pixels, shown, visit
from tests.support.page_server import ROOT
from tests.support.visitor import button, draw, settle, start_button, unfold

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def take_brush(page: Page) -> Locator:
    """The canvas of the brush's board, with the photo on it."""
    unfold(page, "Where to paint")
    page.get_by_role("radio", name="Brush").click()
    expect(start_button(page)).to_be_disabled()
    canvas = page.locator(".brush canvas")
    expect(canvas).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 0", arg=page.locator(".brush img").element_handle())
    settle(page)
    return canvas


def brushed(canvas: Locator) -> np.ndarray:
    """Return the colored part of the board: bool (H, W)."""
    png = b64decode(canvas.evaluate("canvas => canvas.toDataURL()").partition(",")[2])
    with Image.open(BytesIO(png)) as drawn:
        return np.asarray(drawn.getchannel("A")) > 127


@pytest.mark.real_engines
def test_only_what_is_brushed_is_painted(page: Page) -> None:
    photo = shown(page)
    page.get_by_role("radio", name="Instant").click()
    canvas = take_brush(page)
    draw(page, canvas, (0.15, 0.3), (0.35, 0.3), (0.35, 0.5), (0.15, 0.5))
    expect(start_button(page)).to_be_enabled()
    mask = brushed(canvas)
    assert 0.05 < mask.mean() < 0.3 and not mask[:, mask.shape[1] // 2 :].any()
    start_button(page).click()
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    settle(page)
    after = pixels(shown(page, other_than=photo, stage="in the style of Night over the Bay"))
    height, width = after.shape[:2]
    with Image.open(ROOT / "assets" / "examples" / "harbor-town.jpg") as original:
        before = np.asarray(original.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), float)
    away = np.abs(after - before).mean(-1)
    assert away[:, int(0.6 * width) :].mean() < 5  # compression
    assert away[int(0.3 * height) : int(0.45 * height), int(0.18 * width) : int(0.32 * width)].mean() > 15
    np.testing.assert_array_equal(brushed(canvas), mask)  # the runs of the page lost no stroke


def test_strokes_are_erased_undone_and_cleared(page: Page) -> None:
    canvas = take_brush(page)
    expect(button(page, "Undo")).to_be_disabled()
    draw(page, canvas, (0.2, 0.5), (0.8, 0.5))
    drawn = brushed(canvas)
    button(page, "Eraser").click()
    expect(button(page, "Eraser")).to_have_attribute("aria-pressed", "true")
    draw(page, canvas, (0.4, 0.2), (0.4, 0.8))
    erased = brushed(canvas)
    assert erased.sum() < drawn.sum() and not (erased & ~drawn).any()
    button(page, "Undo").click()
    np.testing.assert_array_equal(brushed(canvas), drawn)
    expect(start_button(page)).to_be_enabled()
    button(page, "Clear").click()
    assert not brushed(canvas).any()
    expect(start_button(page)).to_be_disabled()
    button(page, "Undo").click()
    np.testing.assert_array_equal(brushed(canvas), drawn)


def test_the_brush_works_from_the_keyboard_and_comes_back_with_its_strokes(page: Page) -> None:
    canvas = take_brush(page)
    size = page.get_by_role("slider", name="Size of the drawing tool")
    size.focus()
    page.keyboard.press("End")
    canvas.focus()
    page.keyboard.press("Space")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(start_button(page)).to_be_enabled()
    settle(page)
    drawn = brushed(canvas)
    middle = tuple(side // 2 for side in drawn.shape)
    assert drawn[middle] and drawn[middle[0], middle[1] + int(0.25 * drawn.shape[1])]
    page.get_by_role("radio", name="Whole picture").click()
    expect(canvas).to_have_count(0)
    page.get_by_role("radio", name="Brush").click()
    page.wait_for_function(
        "canvas => !canvas.parentNode.parentNode.querySelector('[data-do=clear]').disabled", arg=canvas.element_handle()
    )
    np.testing.assert_array_equal(brushed(canvas), drawn)


def test_a_finger_can_brush_on_a_phone(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    visit(page, server)
    canvas = take_brush(page)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x - 40, "y": y}]})
    for step in range(-30, 50, 10):
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + step, "y": y}]})
        page.evaluate("() => new Promise(requestAnimationFrame)")  # no finger is lifted before the screen has followed
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(button(page, "Undo")).to_be_enabled()  # the stroke is over
    mask = brushed(canvas)
    row = mask[mask.shape[0] // 2]
    reach = 40 / box["width"] * mask.shape[1]
    assert row[int(mask.shape[1] / 2 - reach) : int(mask.shape[1] / 2 + reach)].all()
    expect(start_button(page)).to_be_enabled()
