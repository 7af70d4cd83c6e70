"""To the page about the method and back in a real browser, and layers tried there with the real engine."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.visitor import gallery, settle

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.mark.real_engines
def test_layers_are_tried_and_the_studio_is_as_it_was_left(page: Page) -> None:
    gallery(page, "style").get_by_role("radio", name="Great Swell").check(force=True)
    settle(page)
    page.get_by_role("link", name="How does it work?").click()
    expect(page.get_by_role("heading", name="How a photo becomes a painting")).to_be_visible()
    settle(page)
    expect(page).to_have_url(re.compile("/about$"))
    assert all(image.get_attribute("alt") for image in page.locator(".st-key-about img").all())

    expect(page.get_by_text("in the style of Great Swell")).to_be_visible()
    layer = page.locator('[class*="st-key-laboratory-style"]').get_by_role("button", name="Swirls (layer 7)")
    layer.focus()
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Try", exact=True).click()
    pictures = page.locator(".st-key-laboratory-pictures img")
    expect(page.get_by_text("Style from: Specks (layer 1), Grain (layer 2) and Swirls (layer 7).")).to_be_visible()
    expect(page.get_by_text("All layers used by the studio")).to_be_visible()
    expect(page.locator(".st-key-about").get_by_role("progressbar")).to_have_count(0)
    assert len({image.get_attribute("src") for image in pictures.all()}) == 2

    page.get_by_role("link", name="Back to the studio").click()
    expect(page.get_by_role("button", name="Start painting")).to_be_visible()
    settle(page)
    expect(gallery(page, "style").get_by_role("radio", name="Great Swell")).to_be_checked()
