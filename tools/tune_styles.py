"""Train a style code of fast for each sample style, as `nst train-style` does, and write all codes to one file.

    python -m tools.tune_styles --photos DIR

Stopped, the same command resumes. Repeat after every training of fast, because codes fit only the weights that they
were trained with.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nst.images import io as images
from nst.images import samples
from nst.images.io import Pixels
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers import trained_style
from nst.training import data
from nst.training.style_settings import StyleTraining
from nst.training.train_style import train


def tune(arguments: argparse.Namespace) -> None:
    """Train a style code for each sample style without a file in the build folder, then write all codes to `--out`."""
    network = stylizers.load_fast()
    build: Path = arguments.build / network.fingerprint
    build.mkdir(parents=True, exist_ok=True)
    photos = data.load(data.split(arguments.photos)[0])
    settings = StyleTraining(steps=arguments.steps)
    descriptions, codes = [], []
    for style in samples.styles():
        picture = images.read(style.source()).rgb
        path = build / f"{style.slug}.npz"
        if not path.is_file():
            _train(style.slug, picture, photos, settings, path)
        found = trained_style.find(path)
        assert found is not None, f"{path} was written as a trained style"
        descriptions.append(network.description(picture)[0])
        codes.append(found.code)
    halves: dict[str, NDArray[np.float16]] = {
        "descriptions": np.stack(descriptions).astype(np.float16), "codes": np.stack(codes).astype(np.float16)
    }  # fmt: skip
    np.savez_compressed(arguments.out, allow_pickle=False, fingerprint=np.array(network.fingerprint), **halves)


def _train(slug: str, picture: Pixels, photos: list[Pixels], settings: StyleTraining, path: Path) -> None:
    for lesson in train({slug: picture}, photos, settings, path.with_suffix(".training"), name=slug):
        if lesson.preview is not None:
            print(f"{slug} step {lesson.step}  loss {lesson.loss:.3f}  style {lesson.style:.3f}", flush=True)
    assert lesson.result is not None, "a training that nobody stops has a result"
    trained_style.write(lesson.result, path)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.tune_styles", description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder; twelve of its pictures are held out")
    parser.add_argument("--out", type=Path, default=stylizers.TUNED_STYLES)
    parser.add_argument("--build", type=Path, default=Path("checkpoints/styles"), help="folder of the checkpoints")
    parser.add_argument("--steps", type=int, default=300)
    tune(parser.parse_args(argv))


if __name__ == "__main__":
    main()
