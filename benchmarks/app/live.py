"""Responsiveness of the page: time to the first frame, gaps between frames and time to stop, in a real browser.

    python -m benchmarks.app.live [--runs 3] [--out benchmarks/results/live.json]

Starts the app, waits for the warm-up, and records in Chromium when the image in the result view changes. Uses the
default pair at the default settings with `lite`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.paths import RESULTS
from benchmarks.records import stamp
from tests.support.page_server import serving

CHROMIUM = os.environ.get("NST_CHROMIUM", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Records the time of a click on Start or Stop, and of each image decoded by the browser after the click.
WATCH = """() => {
  window.seen = []; window.clicked = null;
  document.addEventListener('click', event => {
    const button = event.target.closest('.st-key-start button, .st-key-stop button');
    if (button) window.clicked = performance.now();
  }, true);
  let last = null;
  const look = () => {
    const image = document.querySelector('.st-key-canvas img:not(.before)');
    if (image && image.complete && image.src !== last) {
      last = image.src;
      window.seen.push([performance.now(), image.alt]);
    }
    requestAnimationFrame(look);
  };
  look();
}"""


def frames(page: Page) -> list[tuple[float, int]]:
    """Return (seconds, iteration) of each frame so far; a draft is iteration 0.

    Seconds count from the last click on Start or Stop.
    """
    clicked = page.evaluate("window.clicked")
    found = [(at, re.search(r"iteration (\d+)|draft$", alt)) for at, alt in page.evaluate("window.seen")]
    return [((at - clicked) / 1000, int(match[1] or 0)) for at, match in found if match and at > clicked]


def full_run(page: Page) -> dict[str, Any]:
    """Start a style-transfer run on the page, wait for its result, and return the timing of its frames."""
    page.evaluate("window.seen = []")
    page.locator(".st-key-start button:visible").click()
    page.locator(".st-key-stop button:visible").wait_for()  # until then, the last downloads are still on the page
    page.locator(".st-key-stop button:visible").wait_for(state="detached", timeout=120_000)
    page.get_by_text("Download").first.wait_for()
    seen = frames(page)
    times, steps = [at for at, _ in seen], [step for _, step in seen]
    previews = times[:-1]
    gaps = [after - before for before, after in itertools.pairwise(previews)]
    return {
        "first_frame_s": times[0],
        "longest_gap_s": max(gaps),
        "until_last_s": times[-1],
        "frames": len(seen),
        "steps_increase": all(a < b for a, b in itertools.pairwise(steps)),
        "last_steps": steps[-4:],
    }


def stopped_run(page: Page) -> float:
    """Start a style-transfer run and stop it; return the seconds from the click on Stop until the result is shown."""
    page.evaluate("window.seen = []")
    page.locator(".st-key-start button:visible").click()
    page.wait_for_function("window.seen.filter(([_, alt]) => alt.includes('iteration')).length > 2", timeout=60_000)
    page.locator(".st-key-stop button:visible").click()
    page.get_by_text(re.compile(r"of \d+ iterations")).wait_for(state="attached", timeout=30_000)
    return float(page.evaluate("(performance.now() - window.clicked) / 1000"))


def measure(runs: int, home: Path) -> dict[str, Any]:
    with serving(home) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.address)
        page.locator(".st-key-canvas img:not(.before)").wait_for(timeout=60_000)
        page.evaluate(WATCH)
        full_run(page)  # warm-up, including the browser
        full = [full_run(page) for _ in range(runs)]
        stops = [stopped_run(page) for _ in range(runs)]
        browser.close()
    return {
        "runs": full,
        "stop_s": stops,
        "median": {
            "first_frame_s": statistics.median(run["first_frame_s"] for run in full),
            "longest_gap_s": statistics.median(run["longest_gap_s"] for run in full),
            "until_last_s": statistics.median(run["until_last_s"] for run in full),
            "stop_s": statistics.median(stops),
        },
        **stamp("tensorflow", "streamlit", "numpy"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS / "live.json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        result = measure(arguments.runs, Path(home))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result["median"], indent=2))


if __name__ == "__main__":
    main()
