"""Instant pictures and drafts in a real browser."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser_page import away, next_frame, pixels, shown
from tests.support.visitor import settle, start_button, unfold

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.mark.real_engines
def test_an_instant_picture_follows_the_strength_without_start(page: Page) -> None:
    photo = shown(page)
    page.get_by_role("radio", name="Instant").click()
    expect(page.get_by_role("slider", name="Iterations")).to_have_count(0)
    start_button(page).click()
    full = shown(page, other_than=photo, stage="in the style of Night over the Bay")
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    strength = page.get_by_role("slider", name="Style strength")
    strength.focus()
    page.keyboard.press("PageDown")
    weaker = shown(page, other_than=full)
    page.keyboard.press("Home")
    none = shown(page, other_than=weaker)
    expect(start_button(page)).to_be_visible()
    assert np.abs(pixels(none) - pixels(full)).mean() > 5
    assert away(none) < 5


@pytest.mark.real_engines
def test_a_draft_comes_first_and_is_refined(page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 3000})
    unfold(page, "Advanced")
    start_from = page.locator('[class*="st-key-setting-init"]').get_by_role("combobox")
    start_from.click()
    page.get_by_role("option", name="fast").click()
    expect(start_from).to_have_value("fast")
    settle(page)
    start_button(page).click()
    draft = shown(page, stage=", draft")
    expect(page.locator(".st-key-status")).to_contain_text("Draft · refining…")
    refined = next_frame(page, {draft})
    assert np.abs(pixels(refined) - pixels(draft)).mean() > 2
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()


def test_start_right_after_a_quality_click_uses_that_quality(page: Page) -> None:
    page.get_by_role("radio", name="Quick").click()
    start_button(page).click()  # at once: the page has not heard yet what Quick stands for
    expect(page.locator(".st-key-details")).to_contain_text(re.compile(r"384 x \d+ pixels · .+ · 70 iterations"))
