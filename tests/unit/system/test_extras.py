"""Messages where an extra of the package is not installed: one line that names it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

import nst
from nst.images.animation import check_animation
from nst.system.extras import extra
from tests.support.cli_runs import run
from tests.support.pictures import gradient


class Missing:
    """Finder that finds no module of a name."""

    def __init__(self, module: str) -> None:
        self.module = module

    def find_spec(self, name: str, path=None, target=None) -> None:
        if name.partition(".")[0] == self.module:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch):
    """Make a module look as if not installed; `ours` are modules to import again."""

    def remove(module: str, ours: str = "") -> None:
        for name in [each for each in sys.modules if each.startswith((f"{module}.", f"{ours or module}."))]:
            monkeypatch.delitem(sys.modules, name)
        for name in (module, ours):
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.setattr(sys, "meta_path", [Missing(module), *sys.meta_path])

    return remove


def test_masks_name_their_extra(without, monkeypatch: pytest.MonkeyPatch) -> None:
    without("cv2", "nst.masks")
    monkeypatch.delitem(vars(nst), "masks", raising=False)  # set by an earlier import
    with pytest.raises(nst.NstError) as caught:
        nst.masks.sky(gradient())
    assert str(caught.value) == (
        "Masks of subjects, skies and faces need OpenCV. Install it with: pip install 'nst-studio[masks]'"
    )


def test_faces_name_their_extra(without, monkeypatch: pytest.MonkeyPatch) -> None:
    without("mtcnn")
    from nst.masks import faces_mask  # only now, because the fixture of another test imports the package anew

    faces_mask._detector.cache_clear()
    with pytest.raises(nst.NstError, match=r"^Finding faces needs mtcnn\. .* 'nst-studio\[masks\]'$"):
        nst.masks.faces(gradient())


def test_films_name_their_extra_before_the_run(without, tmp_path: Path) -> None:
    without("av")
    check_animation(tmp_path / "run.gif")
    with pytest.raises(nst.NstError, match=r"^MP4 films need PyAV\. .* 'nst-studio\[film\]'$"):
        check_animation(tmp_path / "run.mp4")
    assert list(tmp_path.iterdir()) == []


def test_the_app_names_its_extra(without, capsys: pytest.CaptureFixture[str]) -> None:
    without("streamlit")
    assert run("app") == 1
    assert capsys.readouterr().err == (
        "nst: The page needs Streamlit. Install it with: pip install 'nst-studio[app]'\n"
    )


def test_a_module_missing_for_another_reason_is_not_explained_away() -> None:
    with pytest.raises(ModuleNotFoundError, match="nst_no_such_module"), extra("masks", "cv2", "Masks need OpenCV"):
        importlib.import_module("nst_no_such_module")


def test_help_of_the_app_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("app --help") == 0
    assert len(capsys.readouterr().out.splitlines()) < 10
