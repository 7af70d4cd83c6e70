"""Quality, run time and memory of every engine on the same pairs of photo and painting.

    python -m benchmarks.quality.engines [--engines lite,fast] [--photos DIR --paintings DIR] [--before CHECKOUT]
                                         [--write]

The first photo is paired with the first painting and so on, by default the held-out ones of `nst.training.data`, which
are read from NST_SHARED (default ../shared). Quality is measured by the scores of benchmarks.quality.referee, whose
docstring explains where the weights of its networks are searched; the engine magenta-int8 uses the same files. Each
engine runs in a process of its own. --before adds the fast engine of another checkout of this repository, as
`fast-before`. A contact sheet is written to build/quality/; --write updates the results and the tables of
docs/models.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

import nst
from benchmarks.paths import DOCS, REAL_WEIGHTS, RESULTS, ROOT, SHARED, required
from benchmarks.processes import apart, peak_mb
from benchmarks.quality import steadiness
from benchmarks.quality.referee import MAGENTA, SCORES, Referee, complete, search
from benchmarks.records import stamp
from nst.images import io as images
from nst.training.data import list_pictures, split
from tools.docs.markdown import renew, table

BUILD = ROOT / "build" / "quality"
PAGE = DOCS / "models.md"

SETTINGS: dict[str, nst.OptimizeSettings | nst.FastSettings] = {
    "lite": nst.OptimizeSettings(network="lite"),
    "lite-from-draft": nst.OptimizeSettings(network="lite", init="fast"),
    "vgg19-blocks1-3": nst.OptimizeSettings(
        network="vgg19", weights=str(REAL_WEIGHTS), content_layers="block3_conv4",
        style_layers="block1_conv1,block2_conv1,block3_conv1",
    ),
    "fast": nst.FastSettings(),
    "magenta-int8": nst.FastSettings(network="magenta", weights=str(search(MAGENTA) or MAGENTA.default)),
}  # fmt: skip
USUAL = ("lite", "lite-from-draft", "fast", "magenta-int8")
STRENGTHS = (0, 25, 50, 75, 100)  # for the fast engine, on every pair
FRAME = 512  # side in pixels of the square frames that the fast engine is timed on
FRAMES = 15
BEFORE = "fast-before"
STEADY_PAIRS = (("tubingen", "starry-night"), ("lion", "shipwreck"))  # in the folder data/pairs
CELL = (240, 180)  # (width, height) in pixels of an image on the contact sheet

# Run in the other checkout, whose module may have its former name.
RUN_BEFORE = """
import json, sys
from pathlib import Path
try:
    from benchmarks.quality import engines
except ImportError:
    from benchmarks import quality as engines
pairs = [tuple(map(Path, pair)) for pair in json.loads(sys.argv[1])]
seconds, memory = engines.paint("fast", pairs)
print(json.dumps([seconds, memory, engines.frame_seconds(pairs)]))
"""

Pair = tuple[Path, Path]
Row = dict[str, float]


def require(engines: Iterable[str]) -> None:
    """Exit with a message if an engine is unknown or its weights are missing."""
    if unknown := set(engines) - SETTINGS.keys():
        sys.exit(f"unknown engines: {', '.join(unknown)}; known are {', '.join(SETTINGS)}")
    for engine in engines:
        if (weights := SETTINGS[engine].weights) and not Path(weights).exists():
            sys.exit(f"The weights of {engine}, '{weights}', are missing: leave it out, or set NST_SHARED.")


def paint(name: str, pairs: list[Pair], strength: float | None = None) -> tuple[list[float], float]:
    """Stylize all pairs with the engine `name`; return the seconds of each and the peak memory in MiB.

    Call in a fresh process, because memory is that of the process. Results are written to build/quality/name/, or
    build/quality/name-strength/ if a strength is given.
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
    """Return the median seconds in which the fast engine stylizes a new frame of 512x512 pixels in a known style.

    Frames are made of the photos of `pairs`. Call in a fresh process.
    """
    style = images.read(pairs[0][1]).rgb
    frames = [images.resize(images.read(photo).rgb, (FRAME, FRAME)) for photo, _ in pairs]
    seconds = []
    for number in range(FRAMES + 3):
        frame = np.roll(frames[number % len(frames)], number, 0)  # a new image each time, so that no content is cached
        began = time.perf_counter()
        nst.stylize(frame, style, nst.FastSettings())
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[3:])


def unsteadiness() -> dict[str, float]:
    """Return the unsteadiness of the fast engine at its default strength, by pair. See steadiness.unsteadiness()."""

    def painted(view: images.Pixels, style: images.Pixels, place: tuple[int, int]) -> images.Pixels:
        return nst.stylize(view, style, nst.FastSettings(size=steadiness.SIDE, noise_origin=place)).image

    return {name: steadiness.unsteadiness(*pair, painted) for name, pair in steady_pairs().items()}


def steady_pairs() -> dict[str, Pair]:
    """Return the (photo, style) paths on which unsteadiness is measured, by name."""
    folder = SHARED / "data" / "pairs"
    return {
        f"{photo}-{style}": (folder / f"{photo}.jpg", folder / f"style-{style}.jpg") for photo, style in STEADY_PAIRS
    }


def before(referee: Referee, checkout: Path, pairs: list[Pair]) -> dict[str, Any]:
    """Return the row of the fast engine of `checkout`, another checkout, which its own benchmark runs and times."""
    given = json.dumps([list(map(str, pair)) for pair in pairs])
    ran = subprocess.run(
        [sys.executable, "-c", RUN_BEFORE, given], cwd=checkout, capture_output=True, text=True, check=True
    )
    seconds, memory, frame = json.loads(ran.stdout.splitlines()[-1])
    return row_of(referee, seconds, memory, checkout / "build" / "quality" / "fast", pairs) | {"frame_seconds": frame}


def judged(referee: Referee, folder: Path, pairs: list[Pair]) -> list[Row]:
    return [referee.judge(*pair, folder / f"{number:02d}.png") for number, pair in enumerate(pairs)]


def row_of(referee: Referee, seconds: list[float], memory: float, folder: Path, pairs: list[Pair]) -> dict[str, Any]:
    """Return the row of an engine: mean and worst scores, seconds, peak memory, and scores by pair.

    `folder` holds the results of `pairs`; `seconds` (one per pair) and `memory` (MiB) are from paint().
    """
    rows = judged(referee, folder, pairs)
    for number, (photo, _) in enumerate(pairs):
        result = images.read(folder / f"{number:02d}.png").rgb
        rows[number]["sharpness"] = steadiness.sharpness(images.read(photo).rgb, result)
    return {
        "mean": {score: statistics.mean(row[score] for row in rows) for score in SCORES},
        "worst": {score: max(row[score] for row in rows) for score in SCORES},
        "seconds": statistics.median(seconds),
        "peak_mb": memory,
        "pairs": rows,
    }


def measure(referee: Referee, engines: list[str], pairs: list[Pair]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in engines:
        found[name] = row_of(referee, *apart(paint, name, pairs), BUILD / name, pairs)
        print(*cells(name, found[name]), flush=True)
    return found


def strengths(referee: Referee, pairs: list[Pair]) -> dict[str, Any]:
    """Return the mean scores of the fast engine by strength, and how many pairs have monotonic scores."""
    rows = []
    for strength in STRENGTHS:
        apart(paint, "fast", pairs, strength)
        rows.append(judged(referee, BUILD / f"fast-{strength:g}", pairs))
    by_pair = list(zip(*rows, strict=True))
    return {
        "mean": {
            s: {k: statistics.mean(r[k] for r in row) for k in SCORES} for s, row in zip(STRENGTHS, rows, strict=True)
        },
        "style_falls_on": sum(all(a["style"] > b["style"] for a, b in pairwise(pair)) for pair in by_pair),
        "content_rises_on": sum(all(a["content"] < b["content"] for a, b in pairwise(pair)) for pair in by_pair),
        "pairs": len(pairs),
    }


def cells(name: str, result: dict[str, Any]) -> list[str]:
    """Return the table cells of the engine `name`; `result` is from row_of()."""
    sharp, seconds = [row["sharpness"] for row in result["pairs"]], result["seconds"]
    return [
        name,
        *(f"{result['mean'][score]:.3f}" for score in SCORES),
        f"{result['worst']['style']:.3f}",
        f"{min(sharp):.2f} to {max(sharp):.2f}",
        f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2f}",
        f"{result['peak_mb']:.0f}",
    ]


def report(results: dict[str, Any]) -> str:
    """Return the generated section of docs/models.md as Markdown."""
    machine = results["machine"]
    lines = [
        f"{results['count']} pairs, long side 512, {machine['processor']}, {machine['cores']} cores, "
        f"TensorFlow {results['versions']['tensorflow']}, {results['date'][:10]}.",
        "",
        *table(
            ["", *SCORES, "worst style", "sharpness", "seconds", "peak MB"],
            [cells(name, result) for name, result in results["engines"].items()],
        ),
    ]
    if "frame_seconds" in results:
        lines += ["", *report_fast(results)]
    return "\n".join(lines)


def report_fast(results: dict[str, Any]) -> list[str]:
    """Return the lines about the fast engine alone: seconds per frame, steadiness, and scores by strength."""
    dial, frame = results["strengths"], f"{results['frame_seconds']:.3f} s for a new frame of {FRAME}x{FRAME}"
    unsteady = ""
    if results["steadiness"]:
        most = max(results["steadiness"].values())
        unsteady = f"Shifting the photo by 1 to 7 pixels changes its result by {most:.3f} of the variance at most. "
    rows = [[str(s), *(f"{mean[score]:.3f}" for score in SCORES)] for s, mean in dial["mean"].items()]
    return [
        f"`fast` in a style that it knows: {frame}. {unsteady}"
        f"Its strengths, with style falling on {dial['style_falls_on']} of {dial['pairs']} pairs at every step "
        f"and content rising on {dial['content_rises_on']}:",
        "",
        *table(["strength", *SCORES], rows),
    ]


def sheet(engines: list[str], pairs: list[Pair]) -> Image.Image:
    """Return a contact sheet with a row per pair: photo, painting and the stored result of each engine."""

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
    """Write the results file and the generated section of docs/models.md."""
    (RESULTS / "quality.json").write_text(json.dumps(results, indent=2) + "\n")
    renew(PAGE, "measured", report(results))


def pairs_of(photos: Path | None, paintings: Path | None) -> list[Pair]:
    """Return pairs of an image file in `photos` and one in `paintings`, in order.

    None stands for the held-out photos or paintings of nst.training.data.
    """
    folders = [("photos", photos), ("paintings", paintings)]
    listed = (list_pictures(own) if own else split(required(SHARED / "data" / name))[1] for name, own in folders)
    return list(zip(*listed, strict=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default=",".join(USUAL), help=f"of {', '.join(SETTINGS)}")
    parser.add_argument("--photos", type=Path, help="folder of your own; without it, the held-out photos")
    parser.add_argument("--paintings", type=Path)
    parser.add_argument("--before", type=Path, help="another checkout, to compare its fast engine")
    parser.add_argument("--write", action="store_true", help="renew benchmarks/results and docs/models.md")
    arguments = parser.parse_args()
    engines = arguments.engines.split(",")
    require(engines)
    referee, pairs = complete(), pairs_of(arguments.photos, arguments.paintings)
    steady = all(path.is_file() for pair in steady_pairs().values() for path in pair)
    if "fast" in engines and not steady:
        print(f"Steadiness is left out: its images are not in '{SHARED}'.", flush=True)
    results = {"count": len(pairs), "engines": measure(referee, engines, pairs)}
    results |= stamp("tensorflow", "numpy", "pillow")
    if arguments.before:
        results["engines"][BEFORE] = before(referee, arguments.before.resolve(), pairs)
    if "fast" in engines:
        results |= {"frame_seconds": apart(frame_seconds, pairs), "strengths": strengths(referee, pairs)}
        results["steadiness"] = apart(unsteadiness) if steady else {}
    sheet(engines, pairs).save(BUILD / "sheet.png")
    print(report(results))
    if arguments.write:
        write(results)


if __name__ == "__main__":
    main()
