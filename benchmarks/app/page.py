"""Response times of the page and memory of its server, in a real browser.

    python -m benchmarks.app.page [--runs 5] [--jobs 50] [--out FILE]

Usable: from `streamlit run` on a warm machine until Start can be pressed. Empty page: the same for a page with only
a button, measured alternately with ours; the share of Streamlit and the browser. First frame: from Start to the
first frame of a style-transfer run with `lite`, which is the draft. Slider: from a key press on the strength slider to
the next result of the fast engine. Memory: of the server process after every fifth job, which runs step by step.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.app.live import CHROMIUM, QUIET, WATCH, full_run
from benchmarks.records import speed_results, stamp
from nst.jobs.queue import REST
from tests.support.page_server import APP, PATIENCE, serving
from tests.support.visitor import quality, settle

EMPTY = """import streamlit as st
st.button("Start painting", key="start")
"""
LIMITS = {"usable_s": 3.0, "first_frame_s": 1.0, "slider_s": 0.4, "growth": 0.05}
EVERY = 5  # jobs: the last of them runs step by step, followed by a memory reading
# Records the time of a key press on a slider.
KEYS = """() => document.addEventListener('keydown', event => {
  if (event.target.closest('.stSlider')) window.turned = performance.now();
}, true)"""


def visit(browser: Browser, address: str) -> Page:
    """Open `address` in a new browser page and return the page once Start can be pressed."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(address)
    page.locator(".st-key-start button:visible").click(trial=True)
    return page


def usable(browser: Browser, home: Path, app: Path = APP) -> float:
    """Start a server for `app` with the home folder `home`; return the seconds until Start can be pressed."""
    begun = time.perf_counter()
    with serving(home, app) as server:
        page = visit(browser, server.address)
        seconds = time.perf_counter() - begun
        page.close()
    return seconds


def both_usable(browser: Browser, home: Path, runs: int) -> tuple[list[float], list[float]]:
    """Return the startup times of our page and of an empty page, in seconds until Start can be pressed.

    Each is measured `runs` times, alternately; `home` is the server's home folder.
    """
    empty = home / "empty.py"
    empty.write_text(EMPTY)
    turns = [(usable(browser, home), usable(browser, home, empty)) for _ in range(runs + 1)]
    return [ours for ours, _ in turns[1:]], [bare for _, bare in turns[1:]]  # the first run reads the files from disk


def turn(page: Page, key: str) -> float:
    """Press `key` on the strength slider and return the seconds until the next result is shown."""
    slider = page.get_by_role("slider", name="Style strength")
    slider.focus()
    count = page.evaluate("window.seen.length")
    slider.press(key)
    page.wait_for_function("count => window.seen.length > count", arg=count)
    seconds = page.evaluate("(window.seen.at(-1)[0] - window.turned) / 1000")
    settle(page)
    return float(seconds)


def instant(page: Page) -> None:
    """Select the fast engine on the page and wait for its first result; from then on, every change starts a job."""
    quality(page, "Instant")
    page.locator(".st-key-start button:visible").click()
    page.wait_for_function("!/iteration|draft/.test(window.seen.at(-1)[1])")  # in alt texts of step-by-step runs only
    settle(page)


def memory(page: Page, server: psutil.Process, jobs: int) -> dict[str, float]:
    """Run `jobs` jobs on the page and return the server's memory in MB by number of jobs, after each fifth job.

    Each fifth job runs step by step, the others with the fast engine.
    """
    read = {}
    for number in range(1, jobs + 1):
        if number % EVERY:
            turn(page, "PageDown" if number % EVERY % 2 else "PageUp")
        else:
            quality(page, "Quick")
            full_run(page)
            instant(page)
            page.wait_for_timeout(2000 * REST)  # an idle server frees the memory of its jobs after REST seconds
            read[str(number)] = round(server.memory_info().rss / 1e6, 1)
    return read


def measure(runs: int, jobs: int, home: Path) -> dict[str, Any]:
    """Measure all response times `runs` times, and the memory of `jobs` jobs; `home` is a folder for the servers."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        started, empty = both_usable(browser, home, runs)
        with serving(home) as server:
            page = visit(browser, server.address)
            page.evaluate(WATCH)
            page.evaluate(KEYS)
            full_run(page)  # warm-up, including the browser
            first = [full_run(page)["first_frame_s"] for _ in range(runs)]
            network = re.search(r"Built-in network|VGG19 network", page.locator(".st-key-details").text_content() or "")
            instant(page)
            turned = [turn(page, ("PageDown", "PageUp")[number % 2]) for number in range(2 * runs)]
            megabytes = memory(page, psutil.Process(server.pid), jobs)
        browser.close()
    least, *_, most = megabytes.values()
    median = {"usable_s": started, "empty_page_s": empty, "first_frame_s": first, "slider_s": turned}
    return {
        "network": network and network[0],
        "runs": {name: [round(value, 3) for value in values] for name, values in median.items()},
        "server_mb": megabytes,
        "median": {name: round(statistics.median(values), 3) for name, values in median.items()}
        | {"growth": round(most / least - 1, 4)},
        "limits": LIMITS,
        **stamp("tensorflow", "streamlit", "playwright"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--out", type=Path, help="the results file of this machine's kind where none is named")
    arguments = parser.parse_args()
    if arguments.jobs <= EVERY or arguments.jobs % EVERY:
        parser.error(f"--jobs is {arguments.jobs}; give a multiple of {EVERY} beyond it: the memory is read so often.")
    with tempfile.TemporaryDirectory() as home:
        result = measure(arguments.runs, arguments.jobs, Path(home))
    path: Path = arguments.out or speed_results("page")  # imports TensorFlow, which must not be loaded while measuring
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in result["median"].items():
        print(f"{name}: {value:g}" + (f" (wanted: at most {LIMITS[name]:g})" if name in LIMITS else ""))


if __name__ == "__main__":
    main()
