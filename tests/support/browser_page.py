"""Actions of a visitor in a real browser, and values read from the page."""

from base64 import b64decode
from io import BytesIO
from urllib.parse import urljoin

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.support.page_server import PATIENCE, ROOT
from tests.support.visitor import settle, start_button

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
LONG_RUN = "/?recipe=optimize&set-steps=1000&set-init=content"
SHORT_RUN = "?recipe=optimize&set-steps=30&set-size=256&set-init=fast"  # of a link: a draft, refined step by step

expect.set_options(timeout=PATIENCE * 1000)


def new_tab(browser: Browser) -> Page:
    """In a browser window of its own, which shares nothing with others."""
    opened = browser.new_context(viewport=LAPTOP, accept_downloads=True).new_page()
    opened.set_default_timeout(PATIENCE * 1000)
    return opened


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(start_button(page)).to_be_visible()
    settle(page)


def begin_a_long_run(page: Page) -> None:
    """One that is at work for as long as a test needs, on any machine, and seen from its first step, as no draft is."""
    visit(page, urljoin(page.url, LONG_RUN))
    start_button(page).click()
    next_frame(page, set())


def next_frame(page: Page, seen: set[str]) -> str:
    """The source of a live frame that is in none of `seen`."""
    found = page.wait_for_function(
        """seen => { const image = document.querySelector('.st-key-canvas img[alt*="iteration"]');
                     return image && !seen.includes(image.src) && image.src }""",
        arg=sorted(seen),
    )
    return str(found.json_value())


def shown(page: Page, *, other_than: str = "", stage: str = "") -> str:
    """The source of the picture on the easel, as soon as it is another one and its text ends with that stage."""
    found = page.wait_for_function(
        """([src, stage]) => { const image = document.querySelector('.st-key-canvas img');
                              return image && image.src !== src && image.alt.endsWith(stage) && image.src }""",
        arg=[other_than, stage],
    )
    return str(found.json_value())


def pixels(source: str) -> np.ndarray:
    """A picture of the page, as numbers."""
    with Image.open(BytesIO(b64decode(source.partition(",")[2]))) as picture:
        return np.asarray(picture.convert("RGB"), float)


def away(source: str, *, tints: bool = False) -> float:
    """Mean difference of a picture of the page, or of its tints, from the default photo."""
    painted = pixels(source)
    with Image.open(ROOT / "assets" / "examples" / "harbor-town.jpg") as original:
        photo = original.convert("RGB").resize(painted.shape[1::-1], Image.Resampling.LANCZOS)
    change = painted - np.asarray(photo, float)
    return float(np.abs(change - change.mean(-1, keepdims=True) if tints else change).mean())
