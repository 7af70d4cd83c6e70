"""Protected faces in portraits: recognizable, painted, and without specks of color.

    python -m benchmarks.quality.portraits PHOTO [PHOTO ...] [--styles SLUG,SLUG] [--size 512] [--steps 100] [--write]

Each portrait is painted in each style at recognizable 0, 50 and 100, by lite. A row per portrait and style says, for
the default: specks inside the largest face and outside (99.9th percentile of the distance in Cb/Cr to the 5x5 median),
change (mean distance in CIE Lab to the photo, inside over outside), and shift (largest distance of eyes and corners of
the mouth to those found in the photo, over the width of the face; none: no face was found). The last numbers are the
content distances inside the face for 0, 50 and 100: mean squared difference of the brightness to the photo's at a
quarter of the size, after both are standardized. A contact sheet is written to build/quality/portraits.png.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.color import rgb2lab

import nst
from benchmarks.paths import RESULTS, ROOT
from nst import masks
from nst.images import io as images
from nst.images import samples
from nst.images.io import Pixels

DIALS = (0, 50, 100)
STYLES = ("cathedral-garden", "night-over-the-bay", "great-swell", "regatta-facets", "iris-pond", "ink-geode")
SHEET = ROOT / "build" / "quality" / "portraits.png"
INSIDE = 0.4  # minimum weight of the likeness map inside a face
LUMA = np.array([0.299, 0.587, 0.114])

Inside = NDArray[np.bool_]


def specks(result: Pixels, where: Inside) -> float:
    """Return the 99.9th percentile of the distance in Cb/Cr to the 5x5 median."""
    chroma = cv2.cvtColor(result, cv2.COLOR_RGB2YCrCb)[..., 1:].astype(np.float32)
    medians = [cv2.medianBlur(np.ascontiguousarray(chroma[..., c]), 5) for c in range(2)]
    return float(np.percentile(np.linalg.norm(chroma - np.dstack(medians), axis=-1)[where], 99.9))


def change(photo: Pixels, result: Pixels, inside: Inside) -> float:
    """Return the mean change in Lab inside over that outside."""
    distances = np.linalg.norm(rgb2lab(result) - rgb2lab(photo), axis=-1)
    return float(distances[inside].mean() / distances[~inside].mean())


def shift(face: masks.Face, result: Pixels) -> float | None:
    """Return the largest shift of eyes and mouth over the width of the face; None if no face is found in its place."""
    points = np.array([*face.eyes, *face.mouth])
    shifts = [np.hypot(*(np.array([*other.eyes, *other.mouth]) - points).T).max() for other in masks.find_faces(result)]
    found = min(shifts, default=np.inf) / face.box[2]
    return float(found) if found < 1 else None


def content(photo: Pixels, result: Pixels, inside: Inside) -> float:
    """Return the mean squared difference of standardized brightness inside the face, at a quarter of the size."""
    size = photo.shape[1] // 4, photo.shape[0] // 4
    where = cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_AREA) > INSIDE
    pair = [cv2.resize(each @ LUMA, size, interpolation=cv2.INTER_AREA)[where] for each in (photo, result)]
    a, b = ((each - each.mean()) / (each.std() + 1e-6) for each in pair)
    return float(np.square(a - b).mean())


def measured(photo: Pixels, results: dict[int, Pixels]) -> dict[str, Any]:
    """Return all measures of a portrait painted at DIALS. The photo must have a face."""
    face = max(masks.find_faces(photo), key=lambda each: each.box[2])
    inside = masks.likeness(photo, [face]) > INSIDE
    usual = results[50]
    return {
        "specks": [round(specks(usual, where), 1) for where in (inside, ~inside)],
        "change": round(change(photo, usual, inside), 2),
        "shift": None if (found := shift(face, usual)) is None else round(found, 3),
        "content": [round(content(photo, results[dial], inside), 3) for dial in DIALS],
    }


def painted(photo: Pixels, style: Path, size: int, steps: int) -> dict[int, Pixels]:
    """Return a portrait painted at DIALS."""
    settings, likeness = nst.OptimizeSettings(network="lite", size=size, steps=steps), masks.likeness(photo)
    return {
        dial: nst.stylize(photo, style, settings, protection=nst.Protection(likeness, dial)).image for dial in DIALS
    }


def sheet(rows: list[list[Pixels]]) -> Pixels:
    """Return a contact sheet of rows of pictures of any size."""
    height, width = (max(each.shape[axis] for row in rows for each in row) for axis in (0, 1))

    def padded(each: Pixels) -> Pixels:
        return np.pad(each, ((0, height - each.shape[0]), (0, width - each.shape[1]), (0, 0)), constant_values=255)

    return np.vstack([np.hstack([padded(each) for each in row]) for row in rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--styles", default=",".join(STYLES))
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="write the results to benchmarks/results")
    args = parser.parse_args()
    styles = {sample.slug: sample.path for sample in samples.styles()}
    found, rows = {}, []
    for path in args.photos:
        photo = images.fit(images.read(path).rgb, args.size)
        for slug in args.styles.split(","):
            results = painted(photo, styles[slug], args.size, args.steps)
            found[f"{path.stem} {slug}"] = measured(photo, results)
            print(path.stem, slug, json.dumps(found[f"{path.stem} {slug}"]), flush=True)
            rows.append([photo, *results.values()])
    SHEET.parent.mkdir(parents=True, exist_ok=True)
    images.write(sheet(rows), SHEET)
    if args.write:
        (RESULTS / "portraits.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
