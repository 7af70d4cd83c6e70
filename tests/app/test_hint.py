"""The steps of a first visit; that they can be put away is held in a browser (tests/e2e/test_first_visit.py)."""

import tomllib
from pathlib import Path

from streamlit.testing.v1 import AppTest

from nst.ui.widgets import hint
from tests.support.studio_page import APP


def test_the_page_brings_them(page: AppTest) -> None:
    assert "nst-hint" in {each.proto.component_name for each in page.get("bidi_component")}


def test_first_steps_name_the_start_button(page: AppTest) -> None:
    steps = (Path(hint.__file__).parent / "hint.html").read_text()
    assert steps.count("<li>") == 3
    assert f"<b>{page.button(key='start').label}</b>" in steps


def test_their_files_are_part_of_the_package() -> None:
    packaged = tomllib.loads((APP.parent / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    for file in Path(hint.__file__).parent.iterdir():
        known = any(map(file.match, packaged["nst.ui.widgets.hint"]))
        assert file.suffix == ".py" or file.name == "__pycache__" or known
