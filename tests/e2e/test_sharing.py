"""Settings travel in a downloaded picture and in a link, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from nst.recipes import image_metadata
from nst.settings.engines import FastSettings
from tests.support.browser_page import new_tab, shown, visit
from tests.support.visitor import choose, gallery, settle, start_button, unfold

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def strength(page: Page) -> Locator:
    return page.get_by_role("slider", name="Style strength")


def turn_down(page: Page) -> None:
    """The strength, from 100 to 90."""
    strength(page).focus()
    page.keyboard.press("PageDown")
    settle(page)
    expect(strength(page)).to_have_value("90")


def sharing(page: Page) -> None:
    unfold(page, "Share or reuse settings")
    expect(page.get_by_text("Load settings from a saved picture")).to_be_visible()


def test_a_downloaded_picture_brings_back_what_it_was_made_with(page: Page, server: str, tmp_path: Path) -> None:
    page.get_by_role("radio", name="Instant").click()
    choose(page, "photo", "Mountain lake")
    choose(page, "style", "Great Swell")
    turn_down(page)
    start_button(page).click()
    save = page.get_by_role("button", name="Save picture")
    expect(save).to_be_visible()
    settle(page)
    with page.expect_download() as download:
        save.click()
    file = tmp_path / "result.png"
    download.value.save_as(file)
    assert image_metadata.read(file).settings == FastSettings(strength=90)
    painted = shown(page)
    visit(page, server)  # as somebody else
    expect(gallery(page, "photo").get_by_role("radio", name="Harbor town")).to_be_checked()
    expect(page.get_by_role("radio", name="Balanced")).to_be_checked()
    sharing(page)
    page.locator(".st-key-add-settings").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_text("Settings loaded from 'result.png'.")).to_be_visible()
    settle(page)
    expect(gallery(page, "photo").get_by_role("radio", name="Mountain lake")).to_be_checked()
    expect(gallery(page, "style").get_by_role("radio", name="Great Swell")).to_be_checked()
    expect(page.get_by_role("radio", name="Instant")).to_be_checked()
    expect(strength(page)).to_have_value("90")
    start_button(page).click()
    expect(save).to_be_visible()
    settle(page)
    assert shown(page) == painted


def test_a_link_brings_a_second_visitor_to_the_same(page: Page, browser: Browser) -> None:
    page.get_by_role("radio", name="Instant").click()
    choose(page, "photo", "Coffee")
    choose(page, "style", "Great Swell")
    turn_down(page)
    sharing(page)
    link = page.locator(".st-key-sharing code").inner_text()
    assert link.startswith(page.url.partition("?")[0])
    other = new_tab(browser)
    visit(other, link)
    expect(other.get_by_text("Settings loaded from the link.")).to_be_visible()
    expect(gallery(other, "photo").get_by_role("radio", name="Coffee")).to_be_checked()
    expect(gallery(other, "style").get_by_role("radio", name="Great Swell")).to_be_checked()
    expect(other.get_by_role("radio", name="Instant")).to_be_checked()
    expect(strength(other)).to_have_value("90")
    other.get_by_role("button", name="Got it").click()
    expect(other.get_by_text("Settings loaded from the link.")).to_have_count(0)
    other.context.close()


def test_pictures_are_kept_compared_and_shown_again(page: Page) -> None:
    page.get_by_role("radio", name="Instant").click()
    start_button(page).click()
    kept = page.locator(".st-key-gallery-history").get_by_role("radio")
    expect(kept).to_have_count(1)
    choose(page, "style", "Great Swell")
    expect(kept).to_have_count(2)
    settle(page)
    kept.nth(1).focus()
    page.keyboard.press("Space")
    expect(kept.nth(1)).to_be_checked()
    settle(page)
    page.get_by_role("button", name="Compare", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="in the style of")).to_have_count(2)
    expect(dialog.get_by_text("Style: Night over the Bay in number 1, Great Swell in number 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.locator(".st-key-history-show button").click()
    expect(gallery(page, "style").get_by_role("radio", name="Night over the Bay")).to_be_checked()
    settle(page)
    expect(kept).to_have_count(2)
    page.get_by_role("button", name="Delete").click()
    expect(kept).to_have_count(1)
