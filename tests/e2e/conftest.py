"""A browser, a server of the page with the real engines, and pictures to upload."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser_page import LAPTOP, PATIENCE, ROOT, visit


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
    """The address of a server of its own, which downloads nothing and finds no VGG19."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    environment = {**os.environ, "NST_FETCH_WEIGHTS": "0", "HOME": str(home), "KERAS_HOME": str(home)}
    environment.pop("NST_VGG19_WEIGHTS", None)
    address = f"http://127.0.0.1:{port}"
    with (home / "server.log").open("w+") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(address, process)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log.seek(0)
        assert "Traceback" not in log.read()


def wait_until_healthy(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the server did not answer within {PATIENCE} seconds")


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
