"""Comparison of the style losses for each network by the referee's scores, at the default strength.

    python -m benchmarks.quality.style_losses [--pairs 8] [--write]

The pairs are training pairs: this measurement decides the default, so the held-out pairs of benchmarks.quality.engines
must not be used. Results are written to build/bench/style_losses.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from functools import partial
from itertools import product
from statistics import mean

import nst
from benchmarks.paths import BUILD, RESULTS
from benchmarks.quality.control import PAGE, pairs_of
from benchmarks.quality.control_tables import SCORES, asked, where
from benchmarks.quality.engines import SETTINGS, Pair, require
from benchmarks.quality.referee import Referee, complete
from benchmarks.records import Row, kept, stamp
from nst.images import io as images
from nst.optimization.losses import STYLE_LOSSES
from tools.docs.markdown import number, renew, table

TABLE = "style_losses"
ENGINES = ("lite", "vgg19-blocks1-3")
LOSSES = ("gram", *STYLE_LOSSES)
SIZE = 384
PACKAGES = ("tensorflow", "numpy", "pillow")


def paint(referee: Referee, pair: Pair, engine: str, loss: str) -> Row:
    """Stylize one pair with the network `engine` and the style loss `loss`, and return the referee's scores."""
    path = BUILD / TABLE / f"{pair[0].stem}-{pair[1].stem}-{engine}-{loss}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    images.write(nst.stylize(*pair, replace(SETTINGS[engine], size=SIZE, style_loss=loss)).image, path)
    return {"scores": referee.judge(*pair, path)}


def row_of(referee: Referee, pair: Pair, engine: str, loss: str) -> Row:
    question = {"pair": f"{pair[0].stem}+{pair[1].stem}", "engine": engine, "loss": loss, "size": SIZE}
    name = "-".join([question["pair"], engine, loss])
    return kept(TABLE, name, question, partial(paint, referee, pair, engine, loss), PACKAGES)


def report(rows: list[Row]) -> str:
    """Return the mean scores by network and style loss as Markdown."""
    cells = []
    for engine, loss in product(ENGINES, LOSSES):
        each = [row["scores"] for row in where(rows, engine=engine, loss=loss)]
        cells.append([engine, loss, *(number(mean(scores[name] for scores in each)) for name in SCORES)])
    lines = [f"{len(asked(rows, 'pair'))} training pairs at {SIZE} pixels.", ""]
    return "\n".join([*lines, *table(["network", "style loss", *SCORES], cells)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=8, help="how many")
    parser.add_argument("--write", action="store_true", help="renew benchmarks/results and docs/controls.md")
    given = parser.parse_args()
    require(ENGINES)
    referee, pairs = complete(), pairs_of(given.pairs, training=True)
    rows = [row_of(referee, pair, engine, loss) for pair, engine, loss in product(pairs, ENGINES, LOSSES)]
    print(report(rows))
    if given.write:
        slim = [row["asked"] | row["scores"] for row in rows]
        (RESULTS / "style_losses.json").write_text(json.dumps({"rows": slim, **stamp(*PACKAGES)}, indent=1) + "\n")
        renew(PAGE, "style-losses", report(rows))


if __name__ == "__main__":
    main()
