"""A browser, a server of the page with the real engines, and pictures to upload."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser_page import LAPTOP, PATIENCE, visit
from tests.browser_server import Server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("NST_REQUIRE_BROWSER") == "1":
            pytest.fail("NST_REQUIRE_BROWSER=1, but no chromium is on the PATH. Install Debian's package chromium.")
        pytest.skip("no chromium on the PATH")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that all tests share."""
    made = Server(tmp_path_factory.mktemp("home"))
    try:
        made.start()
        yield made.address
    finally:
        made.stop()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(viewport=LAPTOP, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE * 1000)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    visit(opened, server)
    yield opened
    context.close()
    assert not errors


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    y, x = np.mgrid[0:400, 0:600]
    rgb = np.stack([x * 255 / 600, y * 255 / 400, 128 + 100 * np.sin(x / 20) * np.cos(y / 15)], -1)
    Image.fromarray(rgb.astype(np.uint8)).save(tmp_path / "holiday.png")
    return tmp_path / "holiday.png"


@pytest.fixture
def painting(tmp_path: Path) -> Path:
    rng = np.random.default_rng(7)
    blocks = rng.integers(0, 255, (24, 18, 3), dtype=np.uint8)
    Image.fromarray(blocks).resize((360, 480), Image.Resampling.BICUBIC).save(tmp_path / "canvas.jpg")
    return tmp_path / "canvas.jpg"
