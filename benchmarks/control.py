"""What the strength dial does: pictures at every strength, size and network, in the referee's eyes.

    python -m benchmarks.control [--pairs 2] [--sizes 256,512,1024] [--engines lite,fast] [--training] [--write]

Equal numbers are to look alike at all sizes and in all engines, and equal steps of the dial are to look equally large.
The referee looks at 256 pixels for style and layout and at 384 for content, whatever a picture's size; grain is
judged at full size, so noise compares within a size only. Pairs are the held-out ones of benchmarks.quality; a mapping
is fitted on others: --training. Nothing is timed. A row is a picture; what was painted is kept in build/bench.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from skimage.color import rgb2lab

import nst
from benchmarks.control_tables import across, asked, by_strength, shape, where, widest
from benchmarks.marked import renew
from benchmarks.material import BUILD, REAL_WEIGHTS
from benchmarks.quality import ROOT, SETTINGS, SHARED, Pair, referee
from benchmarks.rows import Row, kept
from benchmarks.stamp import stamp
from nst.images import io as images
from nst.images.io import Pixels
from nst.optimization.strength import weights_of
from nst.settings.engines import Settings
from nst.training.data import split

TABLE = "control"
RESULTS = ROOT / "benchmarks" / "results" / "control.json"
PAGE = ROOT / "docs" / "controls.md"
ENGINES = ("lite", "vgg19-blocks1-3", "fast")  # of benchmarks.quality
STRENGTHS = tuple(range(0, 101, 10))
SIZES = (256, 512, 1024)
HALF = 50.0
PACKAGES = ("tensorflow", "numpy", "pillow")
SEED = 5  # of the order that training pairs are taken in


def pairs_of(count: int, *, training: bool) -> list[Pair]:
    """The first pairs of photo and painting, held out from training or not; more of them begin with the same ones."""
    folders = [split(SHARED / "data" / name)[0 if training else 1] for name in ("photos", "paintings")]
    if training:  # by name they would be all fishes
        for folder in folders:
            random.Random(SEED).shuffle(folder)
    return list(zip(*folders, strict=False))[:count]


def meant(settings: Settings) -> float:
    """What the number on the dial stands for as of now: a row of a former mapping answers another question."""
    if isinstance(settings, nst.OptimizeSettings):
        return weights_of(settings, settings.strength).style
    return settings.strength / 100


def picture_of(pair: Pair, engine: str, size: int, strength: float) -> tuple[Path, Settings, dict[str, Any]]:
    """Where a picture is kept, the settings it is painted with, and the question that its row answers."""
    settings = replace(SETTINGS[engine], size=size, strength=strength)
    question = {"pair": f"{pair[0].stem}+{pair[1].stem}", "engine": engine, "size": size, "strength": strength}
    question["meant"] = meant(settings)
    path = BUILD / TABLE / f"{pair[0].stem}-{pair[1].stem}-{engine}-{size}-{question['meant']:.6g}.png"
    return path, settings, question


def paint(judge: Any, pair: Pair, path: Path, settings: Settings) -> Row:
    """The scores of a picture, which is painted where it is not there yet."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(nst.stylize(*pair, settings).image, path)
    return {"scores": judge(*map(str, (*pair, path)))}


def row_of(judge: Any, pair: Pair, engine: str, size: int, strength: float) -> Row:
    path, settings, question = picture_of(pair, engine, size, strength)
    name = "-".join([question["pair"], engine, str(size), f"{strength:g}"])
    return kept(TABLE, name, question, partial(paint, judge, pair, path, settings), PACKAGES)


def apart(a: Pixels, b: Pixels) -> float:
    """Mean absolute difference of two pictures in CIE Lab, over its three numbers."""
    return float(np.abs(rgb2lab(a) - rgb2lab(b)).mean())


def halfway(pair: Pair, engine: str, size: int) -> dict[str, float]:
    """How far strength 50 is from the half-and-half blend of 0 and 100, and these two from each other."""
    none, half, full = (images.read(picture_of(pair, engine, size, strength)[0]).rgb for strength in (0.0, HALF, 100.0))
    return {"blend": apart(half, nst.blend(none, full, 50)), "ends": apart(none, full)}


def measure(pairs: list[Pair], engines: list[str], sizes: list[int], strengths: list[float]) -> list[Row]:
    """All rows, from the kept ones where they answer the same question."""
    judge = referee().judge
    runs = list(product(sizes, engines, pairs, strengths))
    rows = [row_of(judge, pair, engine, size, strength) for size, engine, pair, strength in runs]
    if not {0.0, HALF, 100.0} <= set(strengths):
        return rows
    return [
        row | {"halfway": halfway(pair, engine, size)} if strength == HALF else row
        for (size, engine, pair, strength), row in zip(runs, rows, strict=True)
    ]


def report(rows: list[Row]) -> str:
    """All tables as Markdown."""
    lines = [f"{len(asked(rows, 'pair'))} pairs; widest spread across sizes {widest(rows):.0%}."]
    for engine in asked(rows, "engine"):
        lines += ["", f"`{engine}`", "", *by_strength(where(rows, engine=engine))]
    lines += ["", "Engine beside engine, style over all sizes:", "", *across(rows), ""]
    return "\n".join([*lines, *shape(rows)])


def write(rows: list[Row], results: Path, page: Path) -> None:
    """Renew the results file and the tables of the page."""
    slim = [row["asked"] | row["scores"] | {"halfway": row.get("halfway")} for row in rows]
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps({"rows": slim, **stamp(*PACKAGES)}, indent=1) + "\n")
    renew(page, "measured", report(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=2, help="how many")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--engines", default=",".join(ENGINES), help=f"of {', '.join(SETTINGS)}")
    parser.add_argument("--strengths", default=",".join(map(str, STRENGTHS)))
    parser.add_argument("--training", action="store_true", help="pairs that networks were trained on")
    parser.add_argument("--write", action="store_true", help="renew benchmarks/results and docs/controls.md")
    given = parser.parse_args()
    engines = given.engines.split(",")
    if unknown := set(engines) - SETTINGS.keys():
        sys.exit(f"unknown engines: {', '.join(unknown)}; known are {', '.join(SETTINGS)}")
    if "vgg19-blocks1-3" in engines and not REAL_WEIGHTS.is_file():
        sys.exit(
            f"'{REAL_WEIGHTS}' is missing: leave vgg19-blocks1-3 out, or set NST_SHARED to the folder that has it."
        )
    sizes, strengths = [int(size) for size in given.sizes.split(",")], [float(s) for s in given.strengths.split(",")]
    rows = measure(pairs_of(given.pairs, training=given.training), engines, sizes, strengths)
    print(report(rows))
    if given.write:
        write(rows, RESULTS, PAGE)


if __name__ == "__main__":
    main()
