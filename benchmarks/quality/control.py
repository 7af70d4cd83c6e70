"""Effect of the strength setting: results at every strength, size and engine, scored by the referee.

    python -m benchmarks.quality.control [--pairs 2] [--sizes 256,512,1024] [--engines lite,fast] [--training] [--write]

Equal strengths should look alike at all sizes and in all engines, and equal steps of strength should look equally
large. The referee scores style and layout at 256 pixels and content at 384, at any size of the result. Noise is scored
at full size, so noise scores compare only within one size. Pairs are the held-out pairs of
benchmarks.quality.engines; a mapping from strength to loss weights is fitted on other pairs (--training). Nothing is
timed. A row is one result; rows and results are cached in build/bench.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from skimage.color import rgb2lab

import nst
from benchmarks.paths import BUILD, DOCS, RESULTS, SHARED
from benchmarks.quality.control_tables import across, asked, by_strength, shape, where, widest
from benchmarks.quality.engines import SETTINGS, Pair, require
from benchmarks.quality.referee import Referee, complete
from benchmarks.records import Row, kept, stamp
from nst.images import io as images
from nst.images.io import Pixels
from nst.optimization.strength import weights_of
from nst.settings.engines import Settings
from nst.training.data import split
from tools.docs.markdown import renew

TABLE = "control"
PAGE = DOCS / "controls.md"
ENGINES = ("lite", "vgg19-blocks1-3", "fast")  # from benchmarks.quality.engines.SETTINGS
STRENGTHS = tuple(range(0, 101, 10))
SIZES = (256, 512, 1024)
HALF = 50.0
PACKAGES = ("tensorflow", "numpy", "pillow")
SEED = 5  # for the order of the training pairs


def pairs_of(count: int, *, training: bool) -> list[Pair]:
    """Return the first `count` pairs of photo and painting, from the training images or the held-out ones.

    A larger count extends a smaller one.
    """
    folders = [split(SHARED / "data" / name)[0 if training else 1] for name in ("photos", "paintings")]
    if training:  # sorted by name, the first images would all show fishes
        for folder in folders:
            random.Random(SEED).shuffle(folder)
    return list(zip(*folders, strict=False))[:count]


def meant(settings: Settings) -> float:
    """Return the internal value of the strength: the style weight, or a fraction from 0 to 1 for the fast engine.

    The value is one of the parameters of a row, so that rows of an earlier mapping are not reused.
    """
    if isinstance(settings, nst.OptimizeSettings):
        return weights_of(settings, settings.strength).style
    return settings.strength / 100


def picture_of(pair: Pair, engine: str, size: int, strength: float) -> tuple[Path, Settings, dict[str, Any]]:
    """Return the cache path of a result, its settings, and the parameters that identify its row."""
    settings = replace(SETTINGS[engine], size=size, strength=strength)
    question = {"pair": f"{pair[0].stem}+{pair[1].stem}", "engine": engine, "size": size, "strength": strength}
    question["meant"] = meant(settings)
    path = BUILD / TABLE / f"{pair[0].stem}-{pair[1].stem}-{engine}-{size}-{question['meant']:.6g}.png"
    return path, settings, question


def paint(referee: Referee, pair: Pair, path: Path, settings: Settings) -> Row:
    """Return the referee's scores of the result at `path`; stylize the pair first if the file is missing."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(nst.stylize(*pair, settings).image, path)
    return {"scores": referee.judge(*pair, path)}


def row_of(referee: Referee, pair: Pair, engine: str, size: int, strength: float) -> Row:
    path, settings, question = picture_of(pair, engine, size, strength)
    name = "-".join([question["pair"], engine, str(size), f"{strength:g}"])
    return kept(TABLE, name, question, partial(paint, referee, pair, path, settings), PACKAGES)


def apart(a: Pixels, b: Pixels) -> float:
    """Return the mean absolute difference of two images in CIE Lab, over all three channels."""
    return float(np.abs(rgb2lab(a) - rgb2lab(b)).mean())


def halfway(pair: Pair, engine: str, size: int) -> dict[str, float]:
    """Return two distances, by apart(), between stored results of a pair.

    "blend" is the distance of strength 50 from the equal blend of strengths 0 and 100, "ends" that of strengths 0 and
    100.
    """
    none, half, full = (images.read(picture_of(pair, engine, size, strength)[0]).rgb for strength in (0.0, HALF, 100.0))
    return {"blend": apart(half, nst.blend(none, full, 50)), "ends": apart(none, full)}


def measure(
    referee: Referee, pairs: list[Pair], engines: list[str], sizes: list[int], strengths: list[float]
) -> list[Row]:
    """Stylize and score all combinations of pairs, engines, sizes and strengths; return a row for each.

    Rows stored with the same parameters are reused.
    """
    runs = list(product(sizes, engines, pairs, strengths))
    rows = [row_of(referee, pair, engine, size, strength) for size, engine, pair, strength in runs]
    if not {0.0, HALF, 100.0} <= set(strengths):
        return rows
    return [
        row | {"halfway": halfway(pair, engine, size)} if strength == HALF else row
        for (size, engine, pair, strength), row in zip(runs, rows, strict=True)
    ]


def report(rows: list[Row]) -> str:
    """Return all tables as Markdown."""
    lines = [f"{len(asked(rows, 'pair'))} pairs; widest spread across sizes {widest(rows):.0%}."]
    for engine in asked(rows, "engine"):
        lines += ["", f"`{engine}`", "", *by_strength(where(rows, engine=engine))]
    lines += ["", "Engine beside engine, style over all sizes:", "", *across(rows), ""]
    return "\n".join([*lines, *shape(rows)])


def write(rows: list[Row], results: Path, page: Path) -> None:
    """Write `rows` to the file `results`, and the tables into the generated section of `page`."""
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
    require(engines)
    sizes, strengths = [int(size) for size in given.sizes.split(",")], [float(s) for s in given.strengths.split(",")]
    pairs = pairs_of(given.pairs, training=given.training)
    rows = measure(complete(), pairs, engines, sizes, strengths)
    print(report(rows))
    if given.write:
        write(rows, RESULTS / "control.json", PAGE)


if __name__ == "__main__":
    main()
