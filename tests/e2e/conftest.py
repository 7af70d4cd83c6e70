"""A browser, servers of the page with the fake and with the real engines, and pictures to upload."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.support.browser_page import LAPTOP, new_tab, visit
from tests.support.page_server import APP, ROOT, PageServer, serving

FAKE_STUDIO = ROOT / "tests" / "support" / "fake_studio.py"


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


@contextmanager
def sound(home: Path, app: Path, **environment: str) -> Iterator[PageServer]:
    """Server; its log must contain no errors."""
    with serving(home, app, **environment) as made:
        yield made
    assert "Traceback" not in made.log.read_text()


@pytest.fixture(scope="session")
def fake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the fake engine."""
    with sound(tmp_path_factory.mktemp("home"), FAKE_STUDIO) as made:
        yield made.address


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the real engines."""
    with sound(tmp_path_factory.mktemp("real-home"), APP) as made:
        yield made.address


@pytest.fixture
def server(request: pytest.FixtureRequest) -> str:
    """The address of a server that tests share, with the real engines for a test marked `real_engines`."""
    real = request.node.get_closest_marker("real_engines")
    address: str = request.getfixturevalue("real_server" if real else "fake_server")
    return address


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[PageServer]:
    """Server for a test that kills it. Waits for visitors to return."""
    with sound(tmp_path, FAKE_STUDIO, NST_GRACE_SECONDS="600") as made:
        yield made


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Page]:
    """Browser shared by all tests: starting a new one takes longer than most tests."""
    opened = new_tab(browser)
    yield opened
    opened.context.close()


@pytest.fixture
def page(tab: Page, server: str) -> Iterator[Page]:
    """Page on a laptop at a first visit."""
    errors: list[Error] = []

    def note(error: Error) -> None:
        errors.append(error)

    tab.on("pageerror", note)
    tab.set_viewport_size(LAPTOP)
    tab.emulate_media(color_scheme="light")
    visit(tab, server)
    yield tab
    tab.evaluate("localStorage.clear()")
    tab.remove_listener("pageerror", note)
    assert not errors


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    y, x = np.mgrid[0:400, 0:600]
    rgb = np.stack([x * 255 / 600, y * 255 / 400, 128 + 100 * np.sin(x / 20) * np.cos(y / 15)], -1)
    Image.fromarray(rgb.astype(np.uint8)).save(tmp_path / "holiday.png")
    return tmp_path / "holiday.png"


@pytest.fixture
def handle(tmp_path: Path) -> Path:
    rng = np.random.default_rng(7)
    blocks = rng.integers(0, 255, (24, 18, 3), dtype=np.uint8)
    Image.fromarray(blocks).resize((360, 480), Image.Resampling.BICUBIC).save(tmp_path / "canvas.jpg")
    return tmp_path / "canvas.jpg"
