"""Runs that people stop, pause, steer, leave and find again; in a real browser, with the real engines."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser_page import LAPTOP, PATIENCE, ROOT, next_frame, pixels, settle, shown, start_button
from tests.browser_server import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

SOON = PATIENCE * 1000  # milliseconds


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def status(page: Page) -> Locator:
    return page.locator(".st-key-status")


def iteration(page: Page) -> int:
    """The iteration that the status tells of."""
    expect(status(page)).to_contain_text(re.compile(r"teration \d+ of"), timeout=SOON)
    found = re.search(r"teration (\d+) of", status(page).inner_text())
    assert found is not None
    return int(found[1])


def iterations(page: Page, presses: int) -> None:
    """Move the slider of iterations up; a run is then long enough for what a test has in mind."""
    slider = page.get_by_role("slider", name="Iterations")
    slider.focus()
    for _ in range(presses):
        page.keyboard.press("PageUp")
    settle(page)


def begin(page: Page) -> None:
    """Start a run of many iterations, and wait until it is under way."""
    iterations(page, 4)
    start_button(page).click()
    next_frame(page, set())


def turn_down(page: Page) -> None:
    """Take the strength to nothing."""
    page.get_by_role("slider", name="Style strength").focus()
    page.keyboard.press("Home")


def away(frame: str) -> float:
    """How far a frame is from the photo, on average."""
    painted = pixels(frame)
    with Image.open(ROOT / "assets" / "examples" / "harbor-town.jpg") as original:
        photo = original.convert("RGB").resize(painted.shape[1::-1], Image.Resampling.LANCZOS)
    return float(np.abs(painted - np.asarray(photo, float)).mean())


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, NST_GRACE_SECONDS="600")
    made.start()
    yield made
    made.stop()


def open_tab(browser: Browser, address: str) -> Page:
    opened = browser.new_context(viewport=LAPTOP).new_page()
    opened.set_default_timeout(SOON)
    opened.goto(address)
    return opened


def test_a_run_is_paused_resumed_and_stopped(page: Page) -> None:
    begin(page)
    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_visible(timeout=SOON)
    expect(status(page)).to_contain_text("Paused at iteration")
    paused_at = iteration(page)
    button(page, "Resume").click()
    expect(button(page, "Pause")).to_be_visible(timeout=SOON)
    expect(status(page)).not_to_contain_text("Paused", timeout=SOON)
    next_frame(page, set())
    assert iteration(page) >= paused_at
    button(page, "Stop and keep the picture").click()
    expect(start_button(page)).to_be_visible(timeout=SOON)
    expect(status(page)).to_contain_text(re.compile(r"\d+ of \d+ iterations"))


def test_strength_steers_the_run_without_a_restart(page: Page) -> None:
    begin(page)
    expect(page.get_by_text("the picture follows", exact=False)).to_be_visible()
    frames = {next_frame(page, set())}
    painted, before, address = away(*frames), iteration(page), page.url
    turn_down(page)
    for _ in range(30):
        frame = next_frame(page, frames)
        frames.add(frame)
        if away(frame) < 0.7 * painted:
            break
    assert away(frame) < 0.7 * painted  # at strength 0 it goes back to the photo
    assert iteration(page) > before and page.url == address
    button(page, "Stop and keep the picture").click()
    expect(start_button(page)).to_be_visible(timeout=SOON)


def test_a_refresh_finds_the_run_again_and_so_does_another_tab(page: Page, browser: Browser) -> None:
    begin(page)
    reached = iteration(page)
    assert "run=" in page.url
    page.reload()
    expect(button(page, "Pause")).to_be_visible(timeout=SOON)
    assert iteration(page) >= reached
    other = open_tab(browser, page.url)
    expect(button(other, "Pause")).to_be_visible(timeout=SOON)
    button(other, "Stop and keep the picture").click()
    for each in (page, other):
        expect(start_button(each)).to_be_visible(timeout=SOON)
    assert shown(page) and shown(other)
    other.context.close()


def test_the_second_of_two_people_waits_and_is_told_for_how_long(own_server: Server, browser: Browser) -> None:
    first, second = (open_tab(browser, own_server.address) for _ in range(2))
    for page in (first, second):
        expect(start_button(page)).to_be_visible(timeout=SOON)
        settle(page)
    begin(first)
    start_button(second).click()
    expect(status(second)).to_contain_text("You are next", timeout=SOON)
    expect(status(second)).to_contain_text(
        re.compile(r"It begins in (a few|about \d+) (seconds|minutes)"), timeout=SOON
    )
    button(first, "Stop and keep the picture").click()
    next_frame(second, set())
    button(second, "Stop and keep the picture").click()
    expect(start_button(second)).to_be_visible(timeout=SOON)
    for page in (first, second):
        page.context.close()


def test_a_run_outlives_a_server_that_is_killed(own_server: Server, browser: Browser, tmp_path: Path) -> None:
    page = open_tab(browser, own_server.address)
    expect(start_button(page)).to_be_visible(timeout=SOON)
    settle(page)
    begin(page)
    wait_for_checkpoint(page, tmp_path)
    address = page.url
    own_server.kill()
    own_server.start()
    expect(button(page, "Resume")).to_be_visible(timeout=SOON)  # the tab that was open comes back by itself
    page.context.close()
    again = open_tab(browser, address)
    expect(button(again, "Resume")).to_be_visible(timeout=SOON)
    expect(status(again)).to_contain_text("The studio was restarted")
    kept = iteration(again)
    assert kept > 0
    before = shown(again)
    button(again, "Resume").click()
    next_frame(again, {before})
    assert iteration(again) > kept
    button(again, "Stop and keep the picture").click()
    expect(start_button(again)).to_be_visible(timeout=SOON)
    again.context.close()


def wait_for_checkpoint(page: Page, home: Path) -> None:
    """Until there is one on disk; the page shows new frames meanwhile."""
    frames: set[str] = set()
    while not list(home.glob("cache/runs/*/state.npz")):
        frames.add(next_frame(page, frames))
