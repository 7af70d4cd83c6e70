import os
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from nst.models.extractors.vgg19 import VGG19
from nst.system.cache_folder import FOLDER_VARIABLE
from tests.support.paths import SHARED


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Machine without weights and proxy, with all caches under the returned path."""
    for name in [*os.environ]:
        if name.lower().endswith("_proxy") or name.startswith("NST_VGG19"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path


@pytest.fixture
def vgg_file() -> Callable[..., Path]:
    """Makes a file with VGG19's layers down to one of them. It is sparse: all zeros, and a few KB on the disk."""

    def make(path: Path, deepest: str = "block5_conv4") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        with h5py.File(path, "w") as file:
            for name, shape in VGG19.kernel_shapes(deepest).items():
                file.create_dataset(f"{name}/{name}_W_1:0", shape, np.float32)
                file.create_dataset(f"{name}/{name}_b_1:0", shape[-1:], np.float32)
        return path

    return make


@pytest.fixture
def real_blocks() -> Path:
    """Real weights of VGG19's blocks 1-3."""
    path = SHARED / "weights" / "vgg19_blocks1-3.npz"
    if not path.is_file():
        pytest.skip(f"real weights of VGG19 are not at {path}; set NST_SHARED")
    return path
