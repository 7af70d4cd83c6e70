"""Scenes of the page for screenshots: in each, a visitor brings the page into some states and captures them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Page, expect

from nst.system.assets import ASSETS
from tests.support.page_server import PATIENCE
from tests.support.visitor import (
    add,
    button,
    canvas,
    choose,
    compare,
    cropped,
    draw,
    finished,
    gallery,
    press,
    quality,
    settle,
    start,
    start_button,
    unfold,
)

PHOTO = ASSETS / "examples" / "landscape.jpg"
PAINTING = ASSETS / "styles" / "great-swell.jpg"
TINY = 60  # pixels; a style image as small as an icon

Shoot = Callable[[str], None]  # saves a screenshot under a name


class Scene(Protocol):
    """Function that performs the actions of a visitor on an open page; `shoot(name)` takes a screenshot."""

    def __call__(self, page: Page, shoot: Shoot) -> None: ...


def first_visit(page: Page, shoot: Shoot) -> None:
    shoot("first-visit")
    button(page, "Hide these steps").click()
    shoot("hint-hidden")


def run(page: Page, shoot: Shoot) -> None:
    """Capture a step-by-step style-transfer run, from the draft to the actions for its result."""
    start(page)
    canvas(page, alt=", draft")
    shoot("draft")
    canvas(page, alt=", iteration")
    shoot("running")
    button(page, "Pause").click()
    button(page, "Resume").wait_for()
    settle(page)
    shoot("paused")
    button(page, "Resume").click()
    finished(page)
    compare(page)
    shoot("result")
    button(page, "Save and share").click()
    page.get_by_role("button", name="Make the video").wait_for()
    shoot("take-home")
    page.keyboard.press("Escape")
    unfold(page, "Details")
    page.get_by_test_id("stVegaLiteChart").wait_for()
    shoot("details")
    press(page, "Steps", "ArrowLeft", 8)
    button(page, "Keep this step").wait_for()
    shoot("moment")


def mix(page: Page, shoot: Shoot) -> None:
    unfold(page, "Mix styles")
    mixing = page.locator(".st-key-mixing")
    mixing.get_by_role("combobox").first.fill("Great")  # the list opened by a click closes while the expander opens
    page.get_by_role("option", name="Great Swell").click()
    page.keyboard.press("Escape")
    mixing.get_by_role("slider").first.wait_for()
    settle(page)
    shoot("mix")


def instant(page: Page, shoot: Shoot) -> None:
    """Capture results of the fast engine, their history and a comparison."""
    choose(page, "photo", "Mountain lake")
    quality(page, "Instant")
    start(page)
    finished(page)
    shoot("instant")
    for number, style in enumerate(("Great Swell", "Poppy Meadow"), 2):
        choose(page, "style", style)
        expect(gallery(page, "history").get_by_role("radio")).to_have_count(number)
    settle(page)
    gallery(page, "history").get_by_role("radio").nth(1).check(force=True)
    settle(page)
    shoot("history")
    button(page, "Compare").click()
    page.get_by_role("dialog").get_by_role("img").nth(1).wait_for()
    settle(page)
    shoot("two-compared")


def variations(page: Page, shoot: Shoot) -> None:
    button(page, "Compare variations").click()
    page.get_by_role("button", name="Gentle, normal brush").first.wait_for()
    shoot("looks-filling")
    so_far = page.get_by_text("variations are painted")  # longer timeout: there are many variations
    so_far.wait_for(state="hidden", timeout=5 * PATIENCE * 1000)
    settle(page)
    shoot("looks")


def places(page: Page, shoot: Shoot) -> None:
    """Capture the selection of a region: the subject, a box around the subject, a brush."""
    unfold(page, "Where to paint")
    page.get_by_role("radio", name="Subject").click()
    board = page.locator(".box canvas")
    board.wait_for()
    settle(page)
    shoot("subject")
    marked = page.locator(".box img").get_attribute("src") or ""
    draw(page, board, (0.15, 0.25), (0.6, 0.8))
    expect(page.locator(".box img")).not_to_have_attribute("src", marked)
    settle(page)
    shoot("box")
    page.get_by_role("radio", name="Brush").click()
    board = page.locator(".brush canvas")
    board.wait_for()
    draw(page, board, (0.1, 0.55), (0.5, 0.45), (0.85, 0.5))
    expect(start_button(page)).to_be_enabled()
    settle(page)
    shoot("brush")


def settings(page: Page, shoot: Shoot) -> None:
    unfold(page, "Share or reuse settings")
    shoot("share")
    page.locator("summary", has_text="Share or reuse settings").click()
    unfold(page, "Advanced")
    shoot("advanced")


def recipe(page: Page, shoot: Shoot) -> None:
    """Capture the import of settings from a result that was saved before."""
    quality(page, "Instant")
    choose(page, "style", "Great Swell")
    start(page)
    finished(page)
    with tempfile.TemporaryDirectory() as folder, page.expect_download() as download:
        button(page, "Save picture").click()
        file = Path(folder) / download.value.suggested_filename
        download.value.save_as(file)
        page.goto(page.url.partition("?")[0])
        start_button(page).wait_for()
        settle(page)
        unfold(page, "Share or reuse settings")
        page.locator(".st-key-add-settings").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
        page.get_by_text("are here.").wait_for()
        settle(page)
    shoot("recipe")


def advice(page: Page, shoot: Shoot) -> None:
    """Capture the messages about unsuitable images, and the error for an invalid file."""
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "holiday.jpg"
        bad.write_text("no picture at all")
        gallery(page, "photo").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(bad)
        page.get_by_text("Cannot open 'holiday.jpg'").wait_for()
        settle(page)
        shoot("bad-file")
        add(page, "style", cropped(PAINTING, folder, TINY))
        page.get_by_text("Your style picture is small").wait_for()
        settle(page)
        shoot("tiny-style")
        add(page, "photo", cropped(PAINTING, folder))
        add(page, "style", cropped(PHOTO, folder))
        page.get_by_text("Did you mix them up?").wait_for()
        settle(page)
        shoot("swapped")


def queue(page: Page, shoot: Shoot) -> None:
    """Capture a job that waits for the job of another visitor."""
    browser = page.context.browser
    assert browser is not None
    other = browser.new_page()
    other.set_default_timeout(PATIENCE * 1000)
    other.goto(page.url)
    start_button(other).wait_for()
    settle(other)
    quality(other, "Best")
    start(other)
    canvas(other, alt=", iteration")
    start(page)
    page.get_by_text("You are next").wait_for()
    settle(page)
    shoot("queued")
    button(other, "Stop here").click()
    finished(other)
    other.close()
    canvas(page, alt=", iteration")
    button(page, "Stop here").click()
    finished(page)


def about(page: Page, shoot: Shoot) -> None:
    """Capture the page about the method and its laboratory."""
    page.get_by_role("link", name="How does it work?").click()
    page.get_by_role("heading", name="How a photo becomes a painting").wait_for()
    settle(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)  # images not loaded yet
    shoot("about")
    page.locator('[class*="st-key-laboratory-style"]').get_by_role("button", name="Swirls (layer 7)").click()
    settle(page)
    button(page, "Try").click()
    page.get_by_text("Style from: ").wait_for()
    expect(page.locator(".st-key-about").get_by_role("progressbar")).to_have_count(0)
    settle(page)
    page.locator(".st-key-laboratory-pictures").scroll_into_view_if_needed()
    page.mouse.wheel(0, 70)  # past a line that is cut off
    shoot("laboratory")


SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (first_visit, run, mix, instant, variations, places, settings, recipe, advice, queue, about)
}
