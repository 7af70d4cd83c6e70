"""The one cache folder, and the variable that moves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nst.forecast import calibration
from nst.models.weights import search
from nst.system import cache_folder
from nst.ui.server import resources


@pytest.mark.skipif(not Path("/proc").exists(), reason="Linux names its cache folder by XDG_CACHE_HOME")
def test_it_lies_in_the_systems_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NST_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder.folder() == tmp_path / "nst-studio"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder.folder() == tmp_path / ".cache" / "nst-studio"


def test_everything_that_is_kept_lies_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NST_CACHE", str(tmp_path))
    resources.store.clear()
    assert search.imported_path() == tmp_path / "vgg19.npz"
    assert calibration._path() == tmp_path / "pace.json"
    assert resources.store()._folder == tmp_path / "runs"
    resources.store.clear()


def test_a_tilde_in_the_variable_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NST_CACHE", "~/kept")
    assert cache_folder.folder() == tmp_path / "kept"
