"""From a contact sheet to a picture in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser_page import next_frame
from tests.support.page_server import PATIENCE
from tests.support.visitor import settle

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def looks(page: Page) -> Locator:
    return page.get_by_role("dialog").locator('[class*="st-key-look-"] button')


def test_a_look_is_chosen_by_keyboard_and_painted(page: Page) -> None:
    page.get_by_role("button", name="Compare variations").click()
    expect(looks(page)).to_have_count(18)
    chosen = page.get_by_role("button", name="In the colors of the style Gentle, bold brush")
    expect(chosen).to_be_enabled()  # while others are still to come
    chosen.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    next_frame(page, set())
    expect(page.get_by_role("slider", name="Style strength")).to_have_value("40")
    expect(page.locator('[class*="st-key-look-style_scale"]')).to_contain_text("bold")
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()


@pytest.mark.real_engines
def test_it_closes_with_escape_and_leaves_everything_as_it_was(page: Page) -> None:
    opener = page.get_by_role("button", name="Compare variations")
    opener.click()
    expect(looks(page)).to_have_count(18)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)
    expect(page.get_by_role("slider", name="Style strength")).to_have_value("80")
    opener.click()
    expect(looks(page).and_(page.locator(":enabled"))).to_have_count(18, timeout=3 * PATIENCE * 1000)
    assert len({image.get_attribute("src") for image in looks(page).locator("img").all()}) == 18
