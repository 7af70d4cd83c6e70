"""Runs that people stop, pause, steer, leave and find again; in a real browser."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser_page import LONG_RUN, away, begin_a_long_run, new_tab, next_frame, shown, visit
from tests.support.page_server import PageServer
from tests.support.visitor import button, settle, start_button

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

STOPPED = re.compile(r"(\d+) of (\d+) iterations")


def status(page: Page) -> Locator:
    return page.locator(".st-key-status")


def iteration(page: Page) -> int:
    """The iteration that the status tells of."""
    expect(status(page)).to_contain_text(re.compile(r"teration \d+ of"))
    found = re.search(r"teration (\d+) of", status(page).inner_text())
    assert found is not None
    return int(found[1])


def take_photos_colors(page: Page) -> None:
    page.locator('[class*="st-key-look-colors"]').get_by_role("combobox").click()
    page.get_by_role("option", name="From my photo", exact=True).click()


def turn_down(page: Page) -> None:
    """Take the strength to nothing."""
    page.get_by_role("slider", name="Style strength").focus()
    page.keyboard.press("Home")


def followed(page: Page, measure: Callable[[str], float], *, below: float) -> str:
    """A frame of a run that measures less, which comes soon."""
    frames: set[str] = set()
    for _ in range(30):
        frames.add(frame := next_frame(page, frames))
        if measure(frame) < below:
            return frame
    pytest.fail(f"after 30 frames it is still {measure(frame):.1f}")


def reached(page: Page) -> tuple[int, int]:
    """At which iteration a run was stopped, and how many there were to be."""
    details = page.locator(".st-key-details")
    expect(details).to_contain_text(STOPPED)
    found = STOPPED.search(details.text_content() or "")
    assert found is not None
    return int(found[1]), int(found[2])


def stop(page: Page) -> None:
    """Stop the run; the picture is kept, as far as it is."""
    button(page, "Stop here").click()
    expect(start_button(page)).to_be_visible()
    expect(button(page, "Save picture")).to_be_visible()
    done, planned = reached(page)
    assert 0 < done < planned


def test_a_run_is_paused_resumed_and_stopped(page: Page) -> None:
    begin_a_long_run(page)
    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_visible()
    expect(status(page)).to_contain_text("Paused at iteration")
    paused_at = iteration(page)
    page.reload()  # takes as long as many iterations
    expect(button(page, "Resume")).to_be_visible()
    expect(status(page)).to_contain_text("Paused at iteration")
    assert iteration(page) == paused_at
    before = shown(page)
    button(page, "Resume").click()
    next_frame(page, {before})
    expect(status(page)).not_to_contain_text("Paused")
    assert iteration(page) > paused_at
    stop(page)
    assert reached(page)[0] > paused_at


@pytest.mark.real_engines
def test_colors_and_strength_steer_the_run_without_a_restart(page: Page) -> None:
    page.get_by_role("slider", name="Iterations").focus()
    page.keyboard.press("End")
    settle(page)
    start_button(page).click()
    draft, tints = shown(page, stage=", draft"), partial(away, tints=True)
    expect(page.get_by_text("The picture follows", exact=False)).to_be_visible()
    address = page.url
    assert "run=" in address
    take_photos_colors(page)
    frame = followed(page, tints, below=0.5 * tints(draft))
    before = iteration(page)
    turn_down(page)
    followed(page, away, below=0.7 * away(frame))  # at strength 0 it goes back to the photo
    assert iteration(page) > before and page.url == address
    stop(page)


def test_a_refresh_finds_the_run_again_and_so_does_another_tab(page: Page, browser: Browser) -> None:
    begin_a_long_run(page)
    before, address = iteration(page), page.url
    assert "run=" in address
    page.reload()
    expect(button(page, "Pause")).to_be_visible()
    assert iteration(page) >= before and page.url == address
    other = new_tab(browser)
    other.goto(address)
    expect(button(other, "Pause")).to_be_visible()
    assert iteration(other) > before
    stop(other)
    expect(start_button(page)).to_be_visible()
    assert reached(page) == reached(other)  # it is one run
    assert shown(page) == shown(other)
    other.context.close()


def test_the_second_of_two_people_waits_and_is_told_for_how_long(page: Page, server: str, browser: Browser) -> None:
    second = new_tab(browser)
    visit(second, server + LONG_RUN)
    begin_a_long_run(page)
    start_button(second).click()
    expect(status(second)).to_contain_text("You are next")
    expect(status(second)).to_contain_text(re.compile(r"Yours starts in (a few|about \d+) (seconds|minutes)"))
    assert iteration(page) > 0  # the first one is still at work
    button(page, "Stop here").click()
    next_frame(second, set())
    stop(second)
    second.context.close()


def test_a_run_outlives_a_server_that_is_killed(own_server: PageServer, browser: Browser, tmp_path: Path) -> None:
    page = new_tab(browser)
    visit(page, own_server.address)
    begin_a_long_run(page)
    wait_for_checkpoint(page, tmp_path)
    address = page.url
    own_server.kill()
    own_server.start()
    expect(button(page, "Resume")).to_be_visible()  # the tab that was open comes back by itself
    page.context.close()
    again = new_tab(browser)
    again.goto(address)
    expect(button(again, "Resume")).to_be_visible()
    expect(status(again)).to_contain_text("The studio was restarted")
    kept, before = iteration(again), shown(again)
    assert kept > 0
    button(again, "Resume").click()
    next_frame(again, {before})
    assert iteration(again) > kept
    stop(again)
    again.context.close()


def wait_for_checkpoint(page: Page, home: Path) -> None:
    """Until there is one on disk; the page shows new frames meanwhile."""
    frames: set[str] = set()
    while not list(home.glob("cache/runs/*/state.npz")):
        frames.add(next_frame(page, frames))
