"""axe-core looks for barriers: on a first visit, while a picture is painted, with one that is there, and on the page
about the method; in both themes, on a laptop and on a phone.
"""

import tomllib
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import ImageColor
from playwright.sync_api import Page, expect

from benchmarks.page_server import ROOT
from benchmarks.visitor import settle
from tests.browser_page import LAPTOP, PHONE, begin_a_long_run

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

FORBIDDEN = {"serious", "critical"}
THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
SCREENS = {"phone": PHONE, "laptop": LAPTOP}  # it ends with the one that it began with
EXPANDERS = ".stExpander details:not([open]) > summary"
STILL = """() => document.getAnimations().every(
    each => each.playState !== 'running' || each.effect.getComputedTiming().endTime === Infinity)"""


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def barriers(page: Page, within: str = "body") -> list[str]:
    """What axe finds that is serious or worse, on which screen, and where."""
    found = []
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        page.wait_for_function(STILL)
        violations: list[dict[str, Any]] = Axe().run(page, within).response["violations"]
        found += [
            f"{screen}: {each['id']} at {node['target']}: {node['html'][:200]}"
            for each in violations
            if each["impact"] in FORBIDDEN
            for node in each["nodes"]
        ]
    return found


def unfold(page: Page) -> None:
    """Open all that is folded; what is below one of them moves, so each is looked for anew."""
    while folded := page.locator(EXPANDERS).count():
        page.locator(EXPANDERS).first.click()
        expect(page.locator(EXPANDERS)).to_have_count(folded - 1)
    settle(page)


def test_nothing_stands_in_the_way_from_the_first_visit_to_a_picture(page: Page, theme: str) -> None:
    color = ImageColor.getrgb(THEMES[theme]["backgroundColor"])
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb{color}")
    expect(page.get_by_role("region", name="First steps")).to_be_visible()
    unfold(page)
    expect(page.locator('[class*="st-key-recipe"]')).to_be_visible()  # what is advanced is drawn when it is opened
    assert barriers(page) == []
    begin_a_long_run(page)
    assert barriers(page) == []
    page.get_by_role("button", name="Stop and keep the picture").click()
    expect(page.get_by_role("button", name="Download PNG")).to_be_visible()
    settle(page)
    unfold(page)
    assert barriers(page) == []
    popovers = page.get_by_test_id("stPopoverButton")
    assert popovers.count()
    for popover in popovers.all():
        popover.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        settle(page)
        assert barriers(page, '[data-testid="stPopoverBody"]') == []
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def test_nothing_stands_in_the_way_of_reading_about_the_method(page: Page) -> None:
    page.get_by_role("link", name="How does it work?").click()
    expect(page.get_by_role("heading", name="How a photo becomes a painting")).to_be_visible()
    settle(page)
    unfold(page)
    assert barriers(page) == []
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.get_by_text("All the layers that the studio uses")).to_be_visible()
    expect(page.locator(".st-key-about").get_by_role("progressbar")).to_have_count(0)
    settle(page)
    assert barriers(page, ".st-key-about") == []


def test_a_barrier_is_seen(page: Page) -> None:
    page.evaluate("document.querySelector('.st-key-canvas img').removeAttribute('alt')")
    page.evaluate("document.querySelector('h1').style.color = 'color-mix(in srgb, currentColor 25%, transparent)'")
    found = barriers(page)
    for kind in ("image-alt", "color-contrast"):
        for screen in SCREENS:
            assert any(each.startswith(f"{screen}: {kind}") for each in found)
