"""Tests of the comparison of engines: requirements, pairs and tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import engines
from benchmarks.quality.referee import SCORES


def result(value: float) -> dict[str, Any]:
    scores = dict.fromkeys(SCORES, value)
    pairs = [scores | {"sharpness": sharp} for sharp in (0.5, 2.0)]
    return {"mean": scores, "worst": scores, "seconds": 0.53, "peak_mb": 972.4, "pairs": pairs}


def results(**more: Any) -> dict[str, Any]:
    stamped = {
        "machine": {"processor": "Some CPU", "cores": 2},
        "versions": {"tensorflow": "9.9"},
        "date": "2030-01-02",
    }
    return {"count": 2, "engines": {"fast": result(0.25)}, **stamped, **more}


@pytest.mark.parametrize("given", [["fast", "micro"], ["vgg19-blocks1-3"]])
def test_unknown_engines_and_missing_weights_are_named_first(given: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    missing = engines.nst.OptimizeSettings(network="vgg19", weights="/missing.npz")
    monkeypatch.setitem(engines.SETTINGS, "vgg19-blocks1-3", missing)
    with pytest.raises(SystemExit, match=r"unknown engines: micro|The weights of vgg19-blocks1-3, '/missing.npz'"):
        engines.require(given)
    engines.require(["lite", "fast"])


@pytest.mark.parametrize("steadiness", [{"a": 0.044, "b": 0.01}, {}])
def test_the_page_has_the_scores_and_what_is_measured_of_fast(
    steadiness: dict[str, float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "models.md"
    page.write_text("a\n<!-- measured -->\nold\n<!-- end measured -->\nb\n")
    monkeypatch.setattr(engines, "PAGE", page)
    monkeypatch.setattr(engines, "RESULTS", tmp_path)
    strengths = {"mean": {50: dict.fromkeys(SCORES, 0.5)}, "style_falls_on": 2, "content_rises_on": 1, "pairs": 2}
    found = results(frame_seconds=0.213, strengths=strengths, steadiness=steadiness)
    engines.write(found)
    text = page.read_text()
    assert text.startswith("a\n") and text.endswith("\nb\n") and "old" not in text
    assert "| fast | 0.250 | 0.250 | 0.250 | 0.250 | 0.250 | 0.250 | 0.50 to 2.00 | 0.53 | 972 |" in text
    assert "| 50 | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 |" in text
    assert ("by 0.044 of the variance" in text) == bool(steadiness)
    assert json.loads((tmp_path / "quality.json").read_text())["count"] == 2


def test_the_published_page_shows_the_published_results() -> None:
    """Check only the rows of engines, because the text around them may have been edited."""
    published = json.loads((engines.RESULTS / "quality.json").read_text())
    page = engines.PAGE.read_text(encoding="utf-8")
    rows = [f"| {' | '.join(engines.cells(name, found))} |" for name, found in published["engines"].items()]
    assert rows and all(row in page for row in rows)


def test_the_rows_are_means_and_worst_scores_over_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Judge:
        @staticmethod
        def judge(content: Path, style: Path, output: Path) -> dict[str, float]:
            return dict.fromkeys(SCORES, float(output.stem))

    monkeypatch.setattr(engines.steadiness, "sharpness", lambda photo, result: 1.5)
    monkeypatch.setattr(engines.images, "read", lambda path: type("Picture", (), {"rgb": path}))
    pair = tmp_path / "photo.png", tmp_path / "painting.png"
    found = engines.row_of(Judge, [3.0, 1.0, 2.0], 100.0, tmp_path, [pair] * 3)  # outputs 00, 01, 02
    assert found["mean"]["style"] == 1 and found["worst"]["noise"] == 2
    assert found["seconds"] == 2 and found["pairs"][2]["sharpness"] == 1.5
