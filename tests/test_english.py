"""Docstrings and texts for users open in plain English, without banned first words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import nst.errors

ROOT = Path(__file__).resolve().parent.parent
BANNED = ("What", "How", "Where", "Of", "Those", "That", "Whether", "Who", "All of", "Let", "The same", "It", "So")
OPENING = re.compile(rf"({'|'.join(BANNED)})\b(?!.*\?$)", re.DOTALL)  # questions may open with "How" or "What"
COMMENT = re.compile(rf"^\s*(?:#|//|/\*)\s*((?:{'|'.join(BANNED)})\b.*)", re.MULTILINE)
ARCHAIC = re.compile(r"in the manner of|[Tt]ake it home|is to be painted|!$")
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
# Calls with texts for users: our exceptions, setting fields, and the keyword arguments of widgets and flags.
SPEAKING = {name for name, kind in vars(nst.errors).items() if isinstance(kind, type)} | {"setting"}
TEXTS = {"help", "label", "description", "placeholder", "caption"}


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def beginning(node: ast.expr) -> str:
    """Return the constant start of a string or f-string, or an empty text."""
    if isinstance(node, ast.JoinedStr):
        node = node.values[0] if node.values else node
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and beginning of each text for users that the simple rules above find."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = node.args if name in SPEAKING else []
            for each in (*given, *(keyword.value for keyword in node.keywords if keyword.arg in TEXTS)):
                yield each.lineno, beginning(each)
        elif isinstance(node, ast.Assign) and any(re.search("HELP|LABEL", ast.unparse(each)) for each in node.targets):
            yield node.lineno, beginning(node.value)


@pytest.mark.parametrize("folder", ["nst", "tools", "benchmarks", "tests"])
def test_docstrings_open_with_a_verb_or_a_noun(folder: str) -> None:
    found = [
        f"{path}:{getattr(node, 'lineno', 1)} {docstring.splitlines()[0]}"
        for path, tree in sources(folder)
        for node in ast.walk(tree)
        if isinstance(node, DOCUMENTED) and (docstring := ast.get_docstring(node)) and OPENING.match(docstring)
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["nst", "tools"])
def test_texts_for_users_open_in_plain_english(folder: str) -> None:
    said = [(path, line, text) for path, tree in sources(folder) for line, text in texts(tree) if text]
    assert len(said) > {"nst": 200, "tools": 10}[folder]  # the rules find texts at all
    assert [each for each in said if OPENING.match(each[2]) or ARCHAIC.search(each[2])] == []


def test_comments_in_scripts_and_style_sheets_open_in_plain_english() -> None:
    widgets = ROOT / "nst" / "ui" / "widgets"
    files = [path for path in widgets.rglob("*") if path.suffix in {".js", ".css", ".html"}] + [widgets / "page_css.py"]
    assert len(files) > 8
    assert [(path.name, found[1]) for path in files for found in COMMENT.finditer(path.read_text("utf-8"))] == []


def test_the_rules_find_banned_words() -> None:
    tree = ast.parse(
        'raise ImageError(f"It is {x} too large.")\nst.slider("Size", help="How large it is.")\n_HELP = "Of it."'
    )
    assert {text for _, text in texts(tree) if OPENING.match(text)} == {"It is ", "How large it is.", "Of it."}
    assert not OPENING.match("How does it work?") and ARCHAIC.search("in the manner of a painting")
    assert COMMENT.search("x\n  // What Streamlit calls")
