"""The structure of the project: layers of pyproject.toml, imports, and the map in CONTRIBUTING.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SLOW = ("tensorflow", "keras", "tensorflow_hub")
PAGE = ("streamlit",)


@cache
def imported(module: str) -> set[str]:
    """Names of all modules that importing one brings, in a new process."""
    code = f"import sys, {module}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize("module", ["nst", "nst.cli", "nst.jobs.queue", "nst.ui.pages.studio", "nst.ui.pages.about"])
def test_help_and_first_paint_do_not_wait_for_tensorflow(module: str) -> None:
    assert imported(module).isdisjoint(SLOW)


@pytest.mark.parametrize("module", ["nst", "nst.cli", "nst.jobs.queue"])
def test_only_the_page_brings_streamlit(module: str) -> None:
    assert imported(module).isdisjoint(PAGE)


def test_tests_of_the_package_do_not_need_benchmarks() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imports(node)
        if name.partition(".")[0] == "benchmarks"
    ]
    assert found == []


def _imports(node: ast.AST) -> list[str]:
    """Names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_every_package_has_its_place_among_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    for contract in (each for each in contracts if each["type"] == "layers"):
        folder = ROOT / contract["containers"][0].replace(".", "/")
        layers = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
        found = {path.stem for path in folder.iterdir() if path.suffix in {"", ".py"} and path.stem[:2] != "__"}
        assert layers == found


def test_the_map_names_every_module() -> None:
    """CONTRIBUTING.md shows the layout as it is: folders in the order of the layers, and all their files."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("```\n")[2].partition("```")[0]
    named = set(re.findall(r"[a-z0-9_]+", text))
    modules = {
        path.parent.name if path.name == "__init__.py" else path.stem
        for path in (ROOT / "nst").rglob("*.py")
        if path.name != "__init__.py" or path.parent.parent.name == "widgets"
    } - {"__main__"}
    assert modules - named == set()
