"""Tests of the comparison of style losses: rows and table."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nst
from benchmarks.quality import style_losses
from nst.images import io as images

SCORES = ("style", "content", "layout", "noise")
GRAY = np.full((8, 8, 3), 128, np.uint8)


def test_a_row_of_the_report_has_the_means_of_its_pictures() -> None:
    rows = [
        {
            "asked": {"pair": pair, "engine": engine, "loss": loss},
            "scores": dict.fromkeys(SCORES, value + (loss == "gram")),
        }
        for (pair, value), engine, loss in product(
            (("a", 0.25), ("b", 0.75)), style_losses.ENGINES, style_losses.LOSSES
        )
    ]
    lines = style_losses.report(rows).splitlines()
    assert lines[0].startswith("2 training pairs")
    assert "| lite | gram | 1.5 | 1.5 | 1.5 | 1.5 |" in lines
    assert "| vgg19-blocks1-3 | wasserstein | 0.5 | 0.5 | 0.5 | 0.5 |" in lines


def test_each_picture_is_painted_with_its_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[nst.OptimizeSettings] = []

    def stylize(content: Any, style: Any, settings: nst.OptimizeSettings) -> Any:
        asked.append(settings)
        return type("Snapshot", (), {"image": GRAY})

    monkeypatch.setattr(style_losses, "BUILD", tmp_path)
    monkeypatch.setattr(nst, "stylize", stylize)
    pair = tmp_path / "photo.png", tmp_path / "painting.png"
    for path in pair:
        images.write(GRAY, path)
    judge = type("Judge", (), {"judge": staticmethod(lambda content, style, output: {"judged": output})})
    found = style_losses.paint(judge, pair, "lite", "wasserstein")
    assert (asked[0].network, asked[0].style_loss, asked[0].size) == ("lite", "wasserstein", style_losses.SIZE)
    assert found["scores"]["judged"].is_file()
