"""Data flows one way: a module imports only from lines above it in ORDER, which is the design's."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Files and folders of nst/, and "nst" itself: what `import nst` gives.
ORDER = [
    "errors", "fields", "settings", "presets",
    "files", "cache", "assets", "transparency", "images", "animation", "exports", "samples",
    "colors", "masks", "regions", "inputs", "blending", "doctor",
    "models", "distributions", "losses",
    "snapshot", "moments", "control", "dials", "balance", "meters",
    "minimize", "preconditioner", "lbfgs", "pyramid", "gains", "tiles", "memory", "footprint",
    "canvas", "objective", "tile_traces", "tiled_objective", "aims", "optimize",
    "feedforward", "palette", "engines", "contact_sheet", "pace", "forecasts", "transfer", "nst",
    "recipes", "recipe_json", "recipe_files", "recipe_texts", "video", "batch",
    "limits", "progress", "job_state", "job_store", "keeper", "job", "jobs",
    "training",
    "cli", "ui", "__main__",
]  # fmt: skip
EDGES = {"cli": {"__main__"}, "ui": set()}  # whom nobody imports, but for these
ONLY_IN = {
    "tensorflow": {
        "models", "distributions", "losses", "objective", "tile_traces", "tiled_objective", "aims", "optimize",
        "feedforward", "training",
    },
    "keras": {"models", "training"},
    "tensorflow_hub": {"models"},
    "streamlit": {"ui"},
}  # fmt: skip
SLOW = {"tensorflow", "keras", "tensorflow_hub"}
PROMPT = {"nst", "cli", "ui", "__main__"}  # what must be there at once


class Import(NamedTuple):
    """One import statement: who, what, and whether it waits until a function is called."""

    module: str
    target: str
    lazy: bool


def unit(module: str) -> str:
    """The line of ORDER that a module belongs to: nst.models.vgg19 to models."""
    return module.split(".")[1] if "." in module else module


def modules() -> dict[str, str]:
    """Source by module name."""
    found = {}
    for path in sorted((ROOT / "nst").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def imports(sources: Mapping[str, str]) -> list[Import]:
    """All imports but those for type checkers only."""
    return [
        Import(module, target, lazy)
        for module, source in sources.items()
        for node, lazy in statements(ast.parse(source), lazy=False)
        for target in targets(node, sources)
    ]


def statements(node: ast.AST, *, lazy: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, lazy
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield from statements(other, lazy=lazy)
        else:
            yield from statements(child, lazy=lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))


def targets(node: ast.Import | ast.ImportFrom, known: Mapping[str, str]) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    assert node.level == 0, f"relative import in line {node.lineno}: write the whole name"
    names = {f"{node.module}.{alias.name}" for alias in node.names}
    return {name if name in known else str(node.module) for name in names}


def ours(target: str) -> bool:
    return target == "nst" or target.startswith("nst.")


def complaints(sources: Mapping[str, str]) -> list[str]:
    """What is wrong with the directions, in sentences; nothing if all is well."""
    return [
        sentence for each in imports(sources) for sentence in (wrong_way(each) if ours(each.target) else not_here(each))
    ]


def wrong_way(each: Import) -> list[str]:
    here, there = unit(each.module), unit(each.target)
    if unplaced := [name for name in (here, there) if name not in ORDER]:
        return [
            f"{unplaced[0]} has no place yet: put it into ORDER of tests/test_architecture.py, and say so in DESIGN."
        ]
    if here == there:
        return []
    if there in EDGES and here not in EDGES[there]:
        return [f"{each.module} imports {each.target}, but nobody imports {there}."]
    if ORDER.index(there) > ORDER.index(here):
        return [f"{each.module} imports {each.target}, but {there} comes after {here}."]
    return []


def not_here(each: Import) -> list[str]:
    library = each.target.split(".")[0]
    allowed = ONLY_IN.get(library, {unit(each.module)})
    return [] if unit(each.module) in allowed else [f"{each.module} imports {library}; only {sorted(allowed)} may."]


def slow_at_once(sources: Mapping[str, str]) -> list[str]:
    """Chains of imports that bring TensorFlow when the command line or the page is merely imported."""
    eager = [each for each in imports(sources) if not each.lazy]
    chains = {module: [module] for module in sources if unit(module) in PROMPT}
    waiting = list(chains)
    while waiting:
        module = waiting.pop()
        for each in eager:
            if each.module == module and each.target not in chains:
                chains[each.target] = [*chains[module], each.target]
                waiting.append(each.target)
    return [" > ".join(chain) for target, chain in chains.items() if target.split(".")[0] in SLOW]


def test_every_module_has_its_place():
    assert [module for module in modules() if unit(module) not in ORDER] == [], "put it into ORDER"


def test_arrows_point_one_way():
    assert complaints(modules()) == []


def test_there_are_no_circles():
    graph = {module: set[str]() for module in modules()}
    for each in imports(modules()):
        if each.target in graph and each.target != each.module:
            graph[each.module].add(each.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"modules import each other in a circle: {' > '.join(error.args[1])}")


def test_help_and_first_paint_do_not_wait_for_tensorflow():
    assert slow_at_once(modules()) == []


def test_the_page_is_the_only_other_place_that_knows_streamlit():
    found = {
        path.name
        for path in ROOT.glob("*.py")
        for node, _ in statements(ast.parse(path.read_text(encoding="utf-8")), lazy=False)
        if any(target.split(".")[0] == "streamlit" for target in targets(node, {}))
    }
    assert found <= {"streamlit_app.py"}


# The checker itself


@pytest.mark.parametrize(
    ("module", "line", "expected"),
    [
        ("nst.errors", "from nst.settings import OptimizeSettings", "settings comes after errors"),
        ("nst.settings", "from nst import images", "images comes after settings"),
        ("nst.models.vgg19", "import nst", "nst comes after models"),
        ("nst.jobs", "def f():\n    import nst.ui", "nobody imports ui"),
        ("nst.ui.page", "from nst.cli.flags import flag", "nobody imports cli"),
        ("nst.settings", "import streamlit as st", "imports streamlit"),
        ("nst.images", "def f():\n    from tensorflow.io import gfile", "imports tensorflow"),
        ("nst.images", "try:\n    import keras\nexcept ImportError:\n    pass", "imports keras"),
        ("nst.gadgets", "import nst.errors", "gadgets has no place yet"),
    ],
)
def test_a_wrong_arrow_is_seen(module, line, expected):
    found = complaints({"nst.images": "", "nst.settings": "", "nst.ui": "", module: line})
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("nst.errors", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from nst.snapshot import Snapshot"),
        ("nst.models.convnet", "import tensorflow as tf\nfrom nst.models.architecture import Architecture"),
        ("nst.ui.page", "import streamlit\nimport nst\nfrom nst import images"),
        ("nst.__main__", "from nst.cli import main"),
    ],
)
def test_a_right_arrow_is_let_be(module, line):
    assert complaints({"nst.images": "", module: line}) == []


def test_a_chain_to_tensorflow_is_seen_unless_it_waits():
    sources = {
        "nst": "import nst.engines",
        "nst.engines": "from nst import optimize",
        "nst.optimize": "import tensorflow",
    }
    assert slow_at_once(sources) == ["nst > nst.engines > nst.optimize > tensorflow"]
    assert slow_at_once({**sources, "nst.engines": "def run():\n    from nst import optimize"}) == []
