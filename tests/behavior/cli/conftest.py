"""A folder with pictures, and the fake engine in place of the real ones."""

from __future__ import annotations

import numpy as np
import pytest

from nst.cli.quiet import LEVEL
from nst.images import io as images
from tests.support import fake_engine
from tests.support.pictures import gradient


@pytest.fixture
def engine(monkeypatch):
    """The fake engine in the registry, with a script of its own."""
    fake_engine.install(monkeypatch)
    monkeypatch.setenv(LEVEL, "3")
    return fake_engine


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with photo.png (200x100), red.png and blue.png."""
    monkeypatch.chdir(tmp_path)
    images.write(gradient(200, 100), "photo.png")
    images.write(np.full((50, 50, 3), (255, 0, 0), np.uint8), "red.png")
    images.write(np.full((50, 50, 3), (0, 0, 255), np.uint8), "blue.png")
    return tmp_path
