"""What a person does in a real browser, and sees there."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parents[1]
PATIENCE = 120  # seconds; a busy machine is slow, a broken page is slower
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=PATIENCE * 1000)


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(start_button(page)).to_be_visible(timeout=PATIENCE * 1000)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the script has run."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def start_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Start painting")


def gallery(page: Page, kind: str) -> Locator:
    return page.locator(f".st-key-gallery-{kind}")


def add(page: Page, kind: str, file: Path) -> None:
    gallery(page, kind).get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(gallery(page, kind).get_by_role("radio", name=f"Your {kind}")).to_be_checked(timeout=PATIENCE * 1000)


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
