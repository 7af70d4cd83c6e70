"""Layout of the page in a real browser: nothing jumps, and important parts stay visible."""

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.support.browser_page import LAPTOP, PHONE, SHORT_RUN, shown, visit
from tests.support.visitor import settle, start_button, unfold

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def top(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"]


# Notes, before each frame is drawn, where on the screen the picture is; in two places it is nowhere.
_WATCH_PLACES = """() => {
  window.places = new Set();
  const watch = () => {
    const found = [...document.querySelectorAll('.st-key-canvas')].map(each => each.getBoundingClientRect().top);
    window.places.add(found.length === 1 ? Math.round(found[0]) : null);
    requestAnimationFrame(watch);
  };
  watch();
}"""


@pytest.mark.parametrize(
    ("link", "screen"),
    [("?recipe=fast", LAPTOP), (SHORT_RUN, LAPTOP), (SHORT_RUN, PHONE)],
    ids=["instant", "laptop", "phone"],
)
def test_the_picture_stays_where_it_is_from_start_to_end(
    page: Page, server: str, link: str, screen: ViewportSize
) -> None:
    page.set_viewport_size(screen)
    visit(page, f"{server}/{link}")
    before = shown(page)
    start_button(page).scroll_into_view_if_needed()
    page.evaluate(_WATCH_PLACES)
    start_button(page).click()
    shown(page, other_than=before)
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    settle(page)
    assert len(page.evaluate("[...window.places]")) == 1


def test_nothing_hides_below_the_bar_at_the_top(page: Page) -> None:
    bar = page.get_by_test_id("stHeader").bounding_box()
    assert bar is not None
    heading = page.get_by_role("heading", name="NST Studio")
    assert bar["y"] + bar["height"] <= min(top(heading), top(page.locator(".st-key-dials")))
    picture = page.locator(".st-key-canvas").bounding_box()
    assert picture is not None and picture["y"] + picture["height"] < LAPTOP["height"]


def test_on_a_phone_strength_start_and_picture_are_on_one_screen(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    visit(page, server)
    picture = page.locator(".st-key-canvas").bounding_box()
    assert picture is not None
    strength = top(page.locator('[class*="st-key-setting-strength"]'))
    assert strength < top(start_button(page)) < picture["y"]
    assert picture["y"] + picture["height"] - strength < PHONE["height"]
    assert picture["y"] < top(page.locator("summary", has_text="Mix styles"))
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_button_that_waits_can_be_read(page: Page) -> None:
    unfold(page, "Where to paint")
    page.get_by_role("radio", name="Brush").click()
    expect(start_button(page)).to_be_disabled()
    ink = start_button(page).locator("p").evaluate("text => getComputedStyle(text).color.match(/\\d+/g).slice(0, 3)")
    assert max(map(int, ink)) < 128  # the page is light


def test_loaded_settings_message_stays_visible_while_scrolling(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{server}/?recipe=fast&photo=harbor-town&style=great-swell&set-strength=80")
    note = page.get_by_text("Settings loaded from the link.")
    expect(note).to_be_visible()
    settle(page)
    page.locator("summary", has_text="Share or reuse settings").scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="NST Studio")).not_to_be_in_viewport()
    expect(note).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Got it")).to_be_in_viewport(ratio=1)
