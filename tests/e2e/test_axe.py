"""axe-core looks for barriers: on a first visit, while a picture is painted, with one that is there; in both themes,
on a laptop and on a phone.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser_page import LAPTOP, PATIENCE, PHONE, next_frame, settle, start_button, visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

FORBIDDEN = {"serious", "critical"}
THEMES = ("light", "dark")
SCREENS = {"laptop": LAPTOP, "phone": PHONE}
EXPANDERS = ".stExpander details:not([open]) > summary"


@pytest.fixture(params=[(theme, screen) for theme in THEMES for screen in SCREENS], ids="-".join)
def visitor(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    """The page in one theme, on one screen."""
    theme, screen = request.param
    context = browser.new_context(viewport=SCREENS[screen], color_scheme=theme, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE * 1000)
    visit(opened, server)
    yield opened
    context.close()


def barriers(page: Page) -> list[str]:
    """What axe finds that is serious or worse, and where."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{each['id']} at {node['target']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in FORBIDDEN
        for node in each["nodes"]
    ]


def begin(page: Page) -> None:
    """Start a run that is long enough to be looked at."""
    slider = page.get_by_role("slider", name="Iterations")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("PageUp")
    settle(page)
    start_button(page).click()
    next_frame(page, set())


def unfold(page: Page) -> None:
    """Open all that is folded; what is below one of them moves, so each is looked for anew."""
    while folded := page.locator(EXPANDERS).count():
        page.locator(EXPANDERS).first.click()
        expect(page.locator(EXPANDERS)).to_have_count(folded - 1)
    settle(page)


def test_nothing_stands_in_the_way_from_the_first_visit_to_a_picture(visitor: Page) -> None:
    expect(visitor.get_by_role("region", name="First steps")).to_be_visible()
    unfold(visitor)
    assert barriers(visitor) == []
    begin(visitor)
    assert barriers(visitor) == []
    visitor.get_by_role("button", name="Stop and keep the picture").click()
    expect(visitor.get_by_role("button", name="Download PNG")).to_be_visible()
    settle(visitor)
    unfold(visitor)
    assert barriers(visitor) == []
    popovers = visitor.get_by_test_id("stPopoverButton")
    assert popovers.count()
    for popover in popovers.all():
        popover.click()
        expect(visitor.get_by_test_id("stPopoverBody")).to_be_visible()
        settle(visitor)
        assert barriers(visitor) == []
        visitor.keyboard.press("Escape")
        expect(visitor.get_by_test_id("stPopoverBody")).to_have_count(0)


def test_a_barrier_is_seen(page: Page) -> None:
    page.evaluate("document.querySelector('.st-key-canvas img').removeAttribute('alt')")
    assert any(each.startswith("image-alt") for each in barriers(page))
