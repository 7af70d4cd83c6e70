"""Docstrings are plain English: none opens with a word that leads into a riddle."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BANNED = ("What", "How", "Where", "Of", "Those", "That", "Whether", "Who", "All of", "Let", "The same", "It", "So")
OPENING = re.compile(rf"({'|'.join(BANNED)})\b")
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@pytest.mark.parametrize("folder", ["nst", "tools", "benchmarks"])
def test_docstrings_open_with_a_verb_or_a_noun(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)} {docstring.splitlines()[0]}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, DOCUMENTED) and (docstring := ast.get_docstring(node)) and OPENING.match(docstring)
    ]
    assert found == []
