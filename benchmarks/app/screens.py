"""Screenshots of all states of the page, on laptop and phone, in light and dark theme.

    python -m benchmarks.app.screens [--out build/screens] [--scenes run looks ...]

Uses a real browser and the real engines with `lite`. Files are named by state, screen and theme, with "-whole" for the
full page. The screenshots shown by docs/studio.md are updated in docs/studio.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.app.live import CHROMIUM, QUIET
from benchmarks.app.scenes import SCENES, Scene, first_visit
from benchmarks.paths import DOCS, ROOT
from tests.support.page_server import PATIENCE, serving
from tests.support.visitor import button, settle, start_button

SCREENS = {"laptop": (1366, 768), "phone": (390, 844)}
THEMES = ("light", "dark")
PAGE = DOCS / "studio.md"
# Returns the height and the scroll position of the page; stores the width of the result view in a CSS variable.
PLACE = """() => {
  const main = document.querySelector('[data-testid=stMain]'), canvas = document.querySelector('.st-key-canvas');
  if (canvas) document.documentElement.style.setProperty('--kept', `${canvas.getBoundingClientRect().width}px`);
  return [main.scrollHeight, main.scrollTop];
}"""
# Streamlit changes its theme a moment after the browser.
TURNED = "theme => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === theme"
LIMIT = 150_000  # maximum bytes of an image in docs
QUALITIES = range(90, 49, -5)  # of WebP; the best within the limit is used


class Camera:
    """Screenshots of `page` in each theme, saved to `folder`; `screen` is "laptop" or "phone"."""

    def __init__(self, page: Page, screen: str, folder: Path) -> None:
        self._page, self._screen, self._folder = page, screen, folder

    def __call__(self, name: str) -> None:
        """Save a screenshot of the screen under `name` for each theme, and one of the full page if higher."""
        self._page.mouse.move(0, 0)  # hide tooltips
        for taken in (self._screenful, self._whole):
            for theme in THEMES:
                self._page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                self._page.wait_for_function(TURNED, arg=theme)
                taken(f"{name}-{self._screen}-{theme}")

    def _screenful(self, name: str) -> None:
        self._page.screenshot(path=self._folder / f"{name}.png", animations="disabled")

    def _whole(self, name: str) -> None:
        """Save a screenshot of the full page if higher than the screen.

        The viewport is as high as the page meanwhile, but the result view keeps its width.
        """
        width, height = SCREENS[self._screen]
        needed, scrolled = self._page.evaluate(PLACE)
        if needed <= height:
            return
        style = self._page.add_style_tag(content=".st-key-canvas { width: var(--kept) !important; }")
        self._page.set_viewport_size({"width": width, "height": needed})
        self._screenful(f"{name}-whole")
        self._page.set_viewport_size({"width": width, "height": height})
        style.evaluate("style => style.remove()")
        self._page.evaluate("top => document.querySelector('[data-testid=stMain]').scrollTo(0, top)", scrolled)


def visit(browser: Browser, address: str, screen: str, scene: Scene, folder: Path) -> None:
    """Run `scene` on a page at `address` as a first-time visitor, and save its screenshots to `folder`.

    `screen` is "laptop" or "phone".
    """
    width, height = SCREENS[screen]
    with closing(browser.new_context(viewport={"width": width, "height": height}, has_touch=screen == "phone")) as mine:
        page = mine.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(address)
        start_button(page).wait_for()
        settle(page)
        if scene is not first_visit:
            button(page, "Hide these steps").click()
        scene(page, Camera(page, screen, folder))


def take(scenes: Sequence[str], folder: Path) -> None:
    """Run the scenes, given by name, on each screen and save their screenshots to `folder`."""
    expect.set_options(timeout=PATIENCE * 1000)
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name in scenes:
            for screen in SCREENS:
                visit(browser, server.address, screen, SCENES[name], folder)
        browser.close()


def renew(page: Path, folder: Path) -> list[Path]:
    """Compress the screenshots that the Markdown file `page` shows, if `folder` has them; return the new files."""
    renewed = []
    for name in re.findall(r"\(studio/([\w-]+)\.webp\)", page.read_text(encoding="utf-8")):
        taken = folder / f"{name}.png"
        if taken.is_file():
            renewed.append(compress(taken, page.parent / "studio" / f"{name}.webp"))
    return renewed


def compress(taken: Path, file: Path) -> Path:
    """Save the screenshot `taken` to `file` as WebP of at most 150,000 bytes at the best quality, and return `file`.

    Raises ValueError if the file is too large even at the lowest quality.
    """
    file.parent.mkdir(exist_ok=True)
    with Image.open(taken) as picture:
        for quality in QUALITIES:
            picture.convert("RGB").save(file, quality=quality, method=6)
            if file.stat().st_size <= LIMIT:
                return file
    raise ValueError(f"{taken} does not fit into {LIMIT} bytes; show a smaller one.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "screens")
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    take(arguments.scenes, arguments.out)
    for file in renew(PAGE, arguments.out):
        print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
