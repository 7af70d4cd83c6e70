"""Tests of missing packages: reported before anything is measured, and only for the loops that need them."""

from __future__ import annotations

import importlib.util
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import records
from benchmarks.speed import nst_loops, performance, step_time, time_to_loss

WITHOUT_TORCH = ["tf-tutorial", "nst-lbfgs"]


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide torch and matplotlib if they are installed."""
    hidden = {"torch", "matplotlib"}
    spec, version = importlib.util.find_spec, metadata.version

    def read_version(name: str) -> str:
        if name in hidden:
            raise metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(nst_loops, "find_spec", lambda name: None if name in hidden else spec(name))
    monkeypatch.setattr(records, "version", read_version)


@pytest.mark.parametrize("module", [step_time, time_to_loss])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "torch not installed: .* or leave out torch-adam, torch-lbfgs"),
        (["--loops", "tf-tutorial,nst-sgd"], "unknown loops: nst-sgd; known are tf-tutorial"),
    ],
)
def test_missing_packages_and_unknown_loops_are_named_before_measuring(
    no_torch: None, module: ModuleType, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "measure", lambda *_: pytest.fail("measured"))
    monkeypatch.setattr(sys, "argv", [module.TABLE, *arguments])
    with pytest.raises(SystemExit, match=message):
        module.main()


def test_the_page_needs_matplotlib_before_measuring(no_torch: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performance, "newest", lambda *_: pytest.fail("read"))
    monkeypatch.setattr(sys, "argv", ["performance", "--kept"])
    with pytest.raises(SystemExit, match=r"matplotlib not installed: 'make bench' installs requirements-bench.txt\."):
        performance.main()


@pytest.mark.parametrize(
    ("module", "material", "work", "count"),
    [(step_time, "deep_task", "compare", "--seeds"), (time_to_loss, "shallow_task", "race", "--pairs")],
)
def test_loops_without_torch_are_measured_without_torch(
    no_torch: None,
    module: ModuleType,
    material: str,
    work: str,
    count: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Replace only the measurement itself; the row is stored with the versions of the packages in use."""
    monkeypatch.setattr(records, "ROWS", tmp_path)
    monkeypatch.setattr(module, "complete", lambda: None)
    monkeypatch.setattr(module, material, lambda *_: None)
    monkeypatch.setattr(module, work, lambda *_: {"peak_flops": {}, "loops": {}})
    monkeypatch.setattr(sys, "argv", [module.TABLE, "--sizes", "32", count, "1", "--loops", ",".join(WITHOUT_TORCH)])
    module.main()
    (row,) = records.all_newest(module.TABLE)
    assert row["asked"]["loops"] == WITHOUT_TORCH
    assert set(row["versions"]) == {"tensorflow", "keras", "numpy"}
