"""axe-core looks for barriers: on a first visit, while a picture is painted, with one that is there, and on the page
about the method; in both themes, on a laptop and on a phone.
"""

import tomllib
from collections.abc import Sequence
from itertools import product
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import ImageColor
from playwright.sync_api import Page, expect

from tests.support.browser_page import LAPTOP, PHONE, begin_a_long_run
from tests.support.page_server import ROOT
from tests.support.visitor import settle

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

Theme = Literal["dark", "light"]
FORBIDDEN = {"serious", "critical"}
THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
# The last view is that of a test's beginning. Contrast depends on the theme, layout on the screen, neither on both, so
# that two views show all of a page. All four are for the page on which a visitor begins.
VIEWS: tuple[tuple[Theme, str], ...] = (("dark", "phone"), ("light", "laptop"))
FOUR_VIEWS: tuple[tuple[Theme, str], ...] = (("dark", "laptop"), ("light", "phone"), *VIEWS)
SCREENS = {"phone": PHONE, "laptop": LAPTOP}
EXPANDERS = ".stExpander details:not([open]) > summary"
STILL = """() => document.getAnimations().every(
    each => each.playState !== 'running' || each.effect.getComputedTiming().endTime === Infinity)"""


def barriers(page: Page, within: str = "body", views: Sequence[tuple[Theme, str]] = VIEWS) -> list[str]:
    """Return axe's serious and critical findings with theme, screen and element."""
    found = []
    for theme, screen in views:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(SCREENS[screen])
        color = ImageColor.getrgb(THEMES[theme]["backgroundColor"])
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb{color}")
        page.wait_for_function(STILL)
        violations: list[dict[str, Any]] = Axe().run(page, within).response["violations"]
        found += [
            f"{theme}, {screen}: {each['id']} at {node['target']}: {node['html'][:200]}"
            for each in violations
            if each["impact"] in FORBIDDEN
            for node in each["nodes"]
        ]
    return found


def unfold(page: Page) -> None:
    """Open all expanders. Each is located again, because opening one moves the others."""
    while page.locator(EXPANDERS).count():
        summary = page.locator(EXPANDERS).first.element_handle()
        summary.click()
        # Not counted: another expander may appear meanwhile, such as the details of a finished result.
        page.wait_for_function("summary => summary.parentElement.open", arg=summary)
    settle(page)


def test_nothing_stands_in_the_way_from_the_first_visit_to_a_picture(page: Page) -> None:
    expect(page.get_by_role("region", name="First steps")).to_be_visible()
    unfold(page)
    expect(page.locator('[class*="st-key-recipe"]')).to_be_visible()  # what is advanced is drawn when it is opened
    assert barriers(page, views=FOUR_VIEWS) == []
    begin_a_long_run(page)
    assert barriers(page) == []
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
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
    expect(page.get_by_text("All layers used by the studio")).to_be_visible()
    expect(page.locator(".st-key-about").get_by_role("progressbar")).to_have_count(0)
    settle(page)
    assert barriers(page, ".st-key-about") == []


def test_a_barrier_is_seen(page: Page) -> None:
    page.evaluate("""() => {
      const copy = document.querySelector('.st-key-canvas img').cloneNode();
      copy.removeAttribute('alt');
      document.querySelector('.st-key-canvas').append(copy);
    }""")
    page.add_style_tag(content="h1 { color: color-mix(in srgb, currentColor 25%, transparent) !important; }")
    found = barriers(page)
    for (theme, screen), kind in product(VIEWS, ("image-alt", "color-contrast")):
        assert any(each.startswith(f"{theme}, {screen}: {kind}") for each in found), (theme, screen, kind)
