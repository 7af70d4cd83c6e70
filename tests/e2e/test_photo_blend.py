"""The photo shows through a finished picture in a real browser."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser_page import pixels, shown
from tests.support.visitor import settle, start_button

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def test_the_photo_shows_through_at_once_and_goes_again(page: Page) -> None:
    photo = shown(page)
    page.get_by_role("radio", name="Instant").click()
    expect(page.get_by_role("slider", name="Iterations")).to_have_count(0)
    start_button(page).click()
    painted = shown(page, other_than=photo, stage="in the style of Night over the Bay")
    save = page.get_by_role("button", name="Save picture")
    expect(save).to_be_visible()
    expect(save).to_be_in_viewport(ratio=1)  # the slider has not pushed it out of sight
    facts = page.locator(".st-key-status").inner_text()
    slider = page.get_by_role("slider", name="Blend with photo")
    slider.focus()
    page.keyboard.press("PageUp")
    some = shown(page, other_than=painted, stage=", with 10% of the photo")
    page.keyboard.press("End")
    everything = shown(page, other_than=some, stage=", with 100% of the photo")
    away = [np.abs(pixels(each) - pixels(everything)).mean() for each in (painted, some)]
    assert away[0] > away[1] > 5
    assert page.locator(".st-key-status").inner_text() == facts  # the same run
    page.keyboard.press("Home")
    assert shown(page, other_than=everything, stage="Night over the Bay") == painted
    settle(page)
