"""First visit and keyboard use in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser_page import away, next_frame, shown, visit
from tests.support.visitor import choose, gallery, settle, start_button

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def test_the_steps_are_there_until_they_are_put_away_and_never_again(page: Page, server: str) -> None:
    steps = page.get_by_role("region", name="First steps")
    expect(steps.get_by_role("listitem")).to_have_count(3)
    page.reload()
    expect(steps).to_be_visible()  # nobody has put them away yet
    steps.get_by_role("button", name="Hide these steps").focus()
    page.keyboard.press("Enter")
    expect(steps).to_be_hidden()
    visit(page, server)
    expect(page.locator(".st-key-hint")).to_be_attached()
    expect(steps).to_be_hidden()


def test_two_clicks_lead_to_a_picture(page: Page, server: str) -> None:
    visit(page, f"{server}/?recipe=optimize&set-size=256")  # smaller than people get it, for speed
    choose(page, "style", "Great Swell")
    start_button(page).click()
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    expect(page.locator(".st-key-details")).to_contain_text("· 100 iterations ·")
    assert away(shown(page, stage="in the style of Great Swell, iteration 100")) > 10


def test_styles_are_found_while_a_word_is_typed(page: Page) -> None:
    styles = gallery(page, "style").get_by_test_id("stRadioGroup").get_by_role("radio")
    page.get_by_role("textbox", name="Search styles").press_sequentially("fish")
    expect(styles).to_have_count(2)  # what was found, and what is chosen
    page.get_by_role("textbox", name="Search styles").fill("")
    expect(styles).to_have_count(29)


def test_a_picture_is_begun_and_stopped_by_keyboard_and_the_tab_counts(page: Page) -> None:
    expect(page).to_have_title("NST Studio")
    page.keyboard.press("Control+Enter")
    next_frame(page, set())
    expect(page).to_have_title(re.compile(r"^\d+% · NST Studio$"))
    page.keyboard.press("Control+Enter")  # has nothing to do now
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    expect(page.locator(".st-key-details")).to_contain_text(re.compile(r"\d+ of 100 iterations"))
    expect(start_button(page)).to_be_visible()
    settle(page)
    expect(page).to_have_title("NST Studio")
