"""The page in a real browser, with the real engine."""

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
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds; a busy machine is slow, a broken page is slower
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
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


def test_two_uploads_are_painted_live_stopped_and_taken_home(
    page: Page, photo: Path, painting: Path, tmp_path: Path
) -> None:
    add(page, "photo", photo)
    add(page, "style", painting)
    start_button(page).click()
    frames: set[str] = set()
    for _ in range(3):
        frames.add(next_frame(page, frames))
    page.get_by_role("button", name="Stop and keep the picture").click()
    save = page.get_by_role("button", name="Download PNG")
    expect(save).to_be_visible(timeout=PATIENCE * 1000)
    expect(page.get_by_text("of 200 iterations")).to_be_visible()
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == "your-photo-your-style.png"
    download.value.save_as(tmp_path / "result.png")
    with Image.open(tmp_path / "result.png") as result, Image.open(photo) as original:
        assert (result.format, result.mode, result.size) == ("PNG", "RGB", (512, 341))
        before = np.asarray(original.resize(result.size), float)
        assert np.abs(np.asarray(result, float) - before).mean() > 5


def test_start_is_in_sight_on_a_laptop(page: Page) -> None:
    expect(start_button(page)).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-canvas img")).to_be_in_viewport(ratio=1)


def test_thumbnails_are_squares_of_one_size(page: Page) -> None:
    boxes = [image.bounding_box() for image in page.locator('[class*="st-key-gallery-"] label img').all()]
    sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box}
    assert len(boxes) >= 18
    assert len(sizes) == 1
    width, height = sizes.pop()
    assert width == height >= 60


def test_thumbnails_are_radio_buttons_for_the_keyboard(page: Page) -> None:
    styles = gallery(page, "style").get_by_role("radio")
    styles.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(styles.nth(1)).to_be_checked()
    settle(page)
    expect(page.locator(".st-key-status")).to_contain_text("Great Swell")


def test_nothing_sticks_out_on_a_phone(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    visit(page, server)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator('[data-testid="stMain"]').evaluate("main => main.scrollWidth") <= PHONE["width"]
    box = page.locator(".st-key-canvas img").bounding_box()
    assert box is not None and box["width"] > 0.85 * PHONE["width"]
