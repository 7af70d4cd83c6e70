"""Actions of a visitor on the page, each with the necessary wait."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

MIDDLE = 0.5  # fraction of an image's width
CROP = 0.5  # fraction of an image, so that the crop is not one of the samples


def settle(page: Page) -> None:
    """Wait until the script has run and the code of every widget is loaded.

    Streamlit loads the code of some widgets on first use. Until then, a placeholder has another height.
    """
    page.wait_for_selector(
        '[data-testid="stApp"][data-test-script-state="notRunning"]:not(:has([data-testid="stSkeleton"]))'
    )


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def start_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Start painting")  # its name ends with its shortcut


def gallery(page: Page, kind: str) -> Locator:
    return page.locator(f".st-key-gallery-{kind}")


def choose(page: Page, kind: str, name: str) -> None:
    gallery(page, kind).get_by_role("radio", name=name).locator("xpath=ancestor::label").click()
    expect(gallery(page, kind).get_by_role("radio", name=name)).to_be_checked()
    settle(page)


def add(page: Page, kind: str, file: Path) -> None:
    gallery(page, kind).get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(gallery(page, kind).get_by_role("radio", name=file.name)).to_be_checked()
    settle(page)


def cropped(picture: Path, folder: str, side: int | None = None) -> Path:
    """Save the center of an image as a visitor's own file, scaled to a long side of `side` pixels."""
    with Image.open(picture) as whole:
        width, height = (round(CROP * length) for length in whole.size)
        left, top = (whole.width - width) // 2, (whole.height - height) // 2
        part = whole.crop((left, top, left + width, top + height))
    if side is not None:
        part.thumbnail((side, side))
    file = Path(folder) / picture.name
    part.save(file)
    return file


def quality(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    settle(page)


def start(page: Page) -> None:
    start_button(page).click()


def finished(page: Page) -> None:
    """Wait for the finished result."""
    button(page, "Save picture").wait_for()
    settle(page)


def canvas(page: Page, *, alt: str) -> None:
    """Wait until the alt text of the result view contains `alt`."""
    page.locator(f'.st-key-canvas img[alt*="{alt}"]').wait_for()


def unfold(page: Page, name: str) -> None:
    """Open an expander and wait for the end of its animation."""
    page.locator("summary", has_text=name).click()
    drawer = page.locator("details[open]").filter(has=page.locator("summary", has_text=name))
    page.wait_for_function("drawer => !drawer.getAnimations({ subtree: true }).length", arg=drawer.element_handle())
    settle(page)


def compare(page: Page) -> None:
    """Move the comparison slider to the middle of the image."""
    frame = page.locator(".nst-compare").bounding_box()
    assert frame is not None
    page.mouse.click(frame["x"] + MIDDLE * frame["width"], frame["y"] + frame["height"] / 4)


def press(page: Page, slider: str, key: str, times: int) -> None:
    page.get_by_role("slider", name=slider).focus()
    for _ in range(times):
        page.keyboard.press(key)
    settle(page)


def draw(page: Page, board: Locator, *points: tuple[float, float]) -> None:
    """Draw a line through points of a board, given as fractions of its width and height."""
    board.scroll_into_view_if_needed()
    frame = board.bounding_box()
    assert frame is not None
    places = [(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
