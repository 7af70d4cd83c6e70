"""Quality, run time and memory of every engine on the same pairs.

    python -m benchmarks.quality [--engines lite,fast] [--photos DIR --paintings DIR] [--before CHECKOUT] [--write]

The first photo is paired with the first painting and so on, by default the held-out ones of `nst.training.data`. The
referee, the images and Magenta's network are read from NST_SHARED (default ../shared). Each engine runs in a process of
its own. --before adds the fast engine of another checkout of this repository, as `fast-before`. A contact sheet is
written to build/quality/; --write updates the results and the tables of docs/models.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

import nst
from benchmarks.peak import peak_mb
from benchmarks.stamp import stamp
from nst.images import io as images
from nst.training.data import list_pictures, split

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("NST_SHARED", ROOT.parent / "shared"))
BUILD = ROOT / "build" / "quality"
RESULTS = ROOT / "benchmarks" / "results" / "quality.json"
PAGE = ROOT / "docs" / "models.md"

SETTINGS: dict[str, nst.OptimizeSettings | nst.FastSettings] = {
    "lite": nst.OptimizeSettings(network="lite"),
    "lite-from-draft": nst.OptimizeSettings(network="lite", init="fast"),
    "vgg19-blocks1-3": nst.OptimizeSettings(
        network="vgg19", weights=str(SHARED / "weights" / "vgg19_blocks1-3.npz"), content_layers="block3_conv4",
        style_layers="block1_conv1,block2_conv1,block3_conv1",
    ),
    "fast": nst.FastSettings(),
    "magenta-int8": nst.FastSettings(network="magenta", weights=str(SHARED / "weights" / "magenta_int8")),
}  # fmt: skip
USUAL = ("lite", "lite-from-draft", "fast", "magenta-int8")
STRENGTHS = (0, 25, 50, 75, 100)  # for the fast engine, on every pair
FRAME = 512  # side in pixels of the square frames that the fast engine is timed on
FRAMES = 15
SCORES = ("style", "content", "layout", "strokes", "noise")
BEFORE = "fast-before"
STEADY_PAIRS = (("tubingen", "starry-night"), ("lion", "shipwreck"))  # in the folder data/pairs
STEADY_SIDE = 320  # side in pixels of the window that slides over a content image
CELL = (240, 180)  # (width, height) in pixels of an image on the contact sheet

Pair = tuple[Path, Path]
Row = dict[str, float]


def referee() -> Any:
    """Load the neutral referee, a script beside the data."""
    return _beside_the_data("referee")


def _beside_the_data(script: str) -> Any:
    spec = importlib.util.spec_from_file_location(script, SHARED / f"{script}.py")
    assert spec is not None and spec.loader is not None, f"no {script}.py in {SHARED}; set NST_SHARED"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def paint(name: str, pairs: list[Pair], strength: float | None = None) -> tuple[list[float], float]:
    """Stylize all pairs. Return the seconds of each, and the peak memory in MiB. Run in a separate process.

    Results are written to BUILD/name/, or BUILD/name-strength/ with a strength.
    """
    settings = SETTINGS[name] if strength is None else nst.FastSettings(strength=strength)
    folder = BUILD / (name if strength is None else f"{name}-{strength:g}")
    folder.mkdir(parents=True, exist_ok=True)
    nst.stylize(pairs[-1][0], pairs[0][1], settings)  # warm-up: loads weights and traces functions shared by all runs
    seconds = []
    for number, (photo, painting) in enumerate(pairs):
        began = time.perf_counter()
        result = nst.stylize(photo, painting, settings)
        seconds.append(time.perf_counter() - began)
        images.write(result.image, folder / f"{number:02d}.png")
    return seconds, peak_mb()


def frame_seconds(pairs: list[Pair]) -> float:
    """Return the median seconds of the fast engine for a new frame in a known style. Run in a separate process."""
    style = images.read(pairs[0][1]).rgb
    frames = [images.resize(images.read(photo).rgb, (FRAME, FRAME)) for photo, _ in pairs]
    seconds = []
    for number in range(FRAMES + 3):
        frame = np.roll(frames[number % len(frames)], number, 0)  # a new image each time, so that no content is cached
        began = time.perf_counter()
        nst.stylize(frame, style, nst.FastSettings())
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[3:])


def steadiness() -> dict[str, float]:
    """Return the largest relative squared difference over shifts of 1 to 7 pixels, by pair.

    See steady.py beside the data.
    """

    def painted(view: images.Pixels, style: images.Pixels, place: tuple[int, int]) -> images.Pixels:
        return nst.stylize(view, style, nst.FastSettings(size=STEADY_SIDE, noise_origin=place)).image

    found = {}
    for photo, style in STEADY_PAIRS:
        paths = SHARED / "data" / "pairs" / f"{photo}.jpg", SHARED / "data" / "pairs" / f"style-{style}.jpg"
        rows, _ = _beside_the_data("steady").measure(*paths, painted)
        found[f"{photo}-{style}"] = max(difference for shift, difference, _ in rows if shift < 8)
    return found


def sharpness(photo: Path, picture: Path) -> float:
    """Return the mean absolute Laplacian of a result, divided by that of the content image at the same size."""
    laplacian, painted = _beside_the_data("steady").laplacian, images.read(picture).rgb
    seen = images.resize(images.read(photo).rgb, (painted.shape[1], painted.shape[0]))
    return float(laplacian(painted) / laplacian(seen))


def before(checkout: Path, pairs: list[Pair]) -> dict[str, Any]:
    """Return the row of the fast engine of another checkout, run and timed by its own benchmark."""
    script = (
        "import json, sys; from pathlib import Path; from benchmarks import quality as q; "
        "pairs = [tuple(map(Path, pair)) for pair in json.loads(sys.argv[1])]; "
        "seconds, memory = q.paint('fast', pairs); "
        "print(json.dumps([seconds, memory, q.frame_seconds(pairs)]))"
    )
    given = json.dumps([list(map(str, pair)) for pair in pairs])
    ran = subprocess.run(
        [sys.executable, "-c", script, given], cwd=checkout, capture_output=True, text=True, check=True
    )
    seconds, memory, frame = json.loads(ran.stdout.splitlines()[-1])
    return row_of(seconds, memory, checkout / "build" / "quality" / "fast", pairs) | {"frame_seconds": frame}


def apart(function: Any, *arguments: Any) -> Any:
    """Return the result of a function called in a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def judged(judge: Any, folder: Path, pairs: list[Pair]) -> list[Row]:
    return [
        judge(str(photo), str(painting), str(folder / f"{number:02d}.png"))
        for number, (photo, painting) in enumerate(pairs)
    ]


def row_of(seconds: list[float], memory: float, folder: Path, pairs: list[Pair]) -> dict[str, Any]:
    """Return the row of an engine with results in `folder`."""
    rows = judged(referee().judge, folder, pairs)
    for number, (photo, _) in enumerate(pairs):
        rows[number]["sharpness"] = sharpness(photo, folder / f"{number:02d}.png")
    return {
        "mean": {score: statistics.mean(row[score] for row in rows) for score in SCORES},
        "worst": {score: max(row[score] for row in rows) for score in SCORES},
        "seconds": statistics.median(seconds),
        "peak_mb": memory,
        "pairs": rows,
    }


def measure(engines: list[str], pairs: list[Pair]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in engines:
        found[name] = row_of(*apart(paint, name, pairs), BUILD / name, pairs)
        print(table_row(name, found[name]), flush=True)
    return found


def strengths(pairs: list[Pair]) -> dict[str, Any]:
    """Return mean scores of the fast engine by strength, and the number of pairs with monotonic style and content."""
    judge = referee().judge
    rows = []
    for strength in STRENGTHS:
        apart(paint, "fast", pairs, strength)
        rows.append(judged(judge, BUILD / f"fast-{strength:g}", pairs))
    by_pair = list(zip(*rows, strict=True))
    return {
        "mean": {
            s: {k: statistics.mean(r[k] for r in row) for k in SCORES} for s, row in zip(STRENGTHS, rows, strict=True)
        },
        "style_falls_on": sum(all(a["style"] > b["style"] for a, b in pairwise(pair)) for pair in by_pair),
        "content_rises_on": sum(all(a["content"] < b["content"] for a, b in pairwise(pair)) for pair in by_pair),
        "pairs": len(pairs),
    }


def table_row(name: str, result: dict[str, Any]) -> str:
    mean, worst = result["mean"], result["worst"]
    sharp = [row["sharpness"] for row in result["pairs"]]
    cells = [f"{mean[score]:.3f}" for score in SCORES] + [
        f"{worst['style']:.3f}",
        f"{min(sharp):.2f} to {max(sharp):.2f}",
    ]
    seconds = result["seconds"]
    cells += [f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2f}", f"{result['peak_mb']:.0f}"]
    return f"| {name} | {' | '.join(cells)} |"


def tables(results: dict[str, Any]) -> str:
    """Return the measured section of docs/models.md."""
    machine = results["machine"]
    lines = [
        f"{results['count']} pairs, long side 512, {machine['processor']}, {machine['cores']} cores, "
        f"TensorFlow {results['versions']['tensorflow']}, {results['date'][:10]}.",
        "",
        f"| | {' | '.join(SCORES)} | worst style | sharpness | seconds | peak MB |",
        f"|---{'|---' * (len(SCORES) + 4)}|",
        *(table_row(name, result) for name, result in results["engines"].items()),
    ]
    if "frame_seconds" in results:
        dial, unsteady = results["strengths"], max(results["steadiness"].values())
        lines += [
            "",
            f"`fast` with a style already encoded: {results['frame_seconds']:.3f} s per new frame of {FRAME}x{FRAME}. "
            f"Shifting the photo by 1 to 7 pixels changes the result by at most {unsteady:.3f} of the variance. "
            f"Scores by strength; style falls on {dial['style_falls_on']} of {dial['pairs']} pairs at every step, "
            f"content rises on {dial['content_rises_on']}:",
            "",
            f"| strength | {' | '.join(SCORES)} |",
            f"|---{'|---' * len(SCORES)}|",
            *(f"| {s} | {' | '.join(f'{m[score]:.3f}' for score in SCORES)} |" for s, m in dial["mean"].items()),
        ]
    return "\n".join(lines)


def sheet(engines: list[str], pairs: list[Pair]) -> Image.Image:
    """Return a contact sheet with a row per pair: content image, style image, result of each engine."""

    def cells(number: int, pair: Pair) -> Iterator[Path]:
        yield from pair
        yield from (BUILD / name / f"{number:02d}.png" for name in engines)

    canvas = Image.new("RGB", (CELL[0] * (2 + len(engines)), CELL[1] * len(pairs)), "white")
    for row, pair in enumerate(pairs):
        for column, path in enumerate(cells(row, pair)):
            cell = ImageOps.pad(Image.open(path).convert("RGB"), CELL, color="white")
            canvas.paste(cell, (column * CELL[0], row * CELL[1]))
    return canvas


def write(results: dict[str, Any]) -> None:
    """Update the results file, and the tables between the markers of the page."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- measured -->\n")
    after = rest.partition("<!-- end -->")[2]
    assert rest and after, f"{PAGE} needs the marks <!-- measured --> and <!-- end -->"
    PAGE.write_text(f"{before}<!-- measured -->\n{tables(results)}\n<!-- end -->{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default=",".join(USUAL), help=f"of {', '.join(SETTINGS)}")
    parser.add_argument("--photos", type=Path, help="folder of your own; without it, the held-out photos")
    parser.add_argument("--paintings", type=Path)
    parser.add_argument("--before", type=Path, help="another checkout, to compare its fast engine")
    parser.add_argument("--write", action="store_true", help="renew benchmarks/results and docs/models.md")
    arguments = parser.parse_args()
    engines = arguments.engines.split(",")
    if unknown := set(engines) - SETTINGS.keys():
        sys.exit(f"unknown engines: {', '.join(unknown)}; known are {', '.join(SETTINGS)}")
    folders = [("photos", arguments.photos), ("paintings", arguments.paintings)]
    photos, paintings = (list_pictures(own) if own else split(SHARED / "data" / name)[1] for name, own in folders)
    pairs = list(zip(photos, paintings, strict=False))
    results = {"count": len(pairs), "engines": measure(engines, pairs), **stamp("tensorflow", "numpy", "pillow")}
    if arguments.before:
        results["engines"][BEFORE] = before(arguments.before.resolve(), pairs)
    if "fast" in engines:
        results |= {"frame_seconds": apart(frame_seconds, pairs), "strengths": strengths(pairs)}
        results["steadiness"] = apart(steadiness)
    sheet(engines, pairs).save(BUILD / "sheet.png")
    print(tables(results))
    if arguments.write:
        write(results)


if __name__ == "__main__":
    main()
