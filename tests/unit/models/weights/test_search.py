import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from nst.errors import FileError, WeightsUnavailable
from nst.models.extractors import networks
from nst.models.extractors.vgg19 import VGG19
from nst.models.weights import search
from nst.models.weights.formats import read
from tests.support.file_server import serving

MakeFile = Callable[..., Path]


def test_keras_finds_what_was_fetched(machine: Path, vgg_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    content = vgg_file(machine / "served.h5").read_bytes()
    with serving("whole", content) as server:
        monkeypatch.setenv("NST_VGG19_URL", server.url)
        path = search.fetch(known_hash=f"md5:{hashlib.md5(content).hexdigest()}")
    assert path == machine / "keras" / "models" / "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    assert path.read_bytes() == content
    assert search.status().auto == "vgg19"
    assert networks.choose("vgg19").path == path


def test_the_genuine_file_is_asked_for(machine: Path) -> None:
    import keras.src.applications.vgg19 as published

    source = Path(published.__file__).read_text(encoding="utf-8")
    assert published.WEIGHTS_PATH_NO_TOP == search.URL
    assert f'"{search.HASH.removeprefix("md5:")}"' in source.split("WEIGHTS_PATH_NO_TOP,")[1][:200]


def test_a_mirror_must_have_the_genuine_file(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving("whole", b"something else") as server:
        monkeypatch.setenv("NST_VGG19_URL", server.url)
        with pytest.raises(WeightsUnavailable, match="not the expected one"):
            search.fetch()
    assert not search.keras_path().exists()


def test_two_that_fetch_at_once_download_once(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(1 << 18)
    known_hash = f"md5:{hashlib.md5(content).hexdigest()}"
    fetched: list[Path] = []
    with serving("slow", content) as server:
        monkeypatch.setenv("NST_VGG19_URL", server.url)
        threads = [
            threading.Thread(target=lambda: fetched.append(search.fetch(known_hash=known_hash))) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.requests == 1
    assert fetched == [search.keras_path()] * 3


def test_search_order(machine: Path, vgg_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(named: str | None = None) -> Path | None:
        place = search.first_with(search.candidates(named), "block5_conv1")
        return place.path if place else None

    assert found() is None
    in_keras = vgg_file(search.keras_path())
    assert found() == in_keras
    imported = search.import_file(vgg_file(machine / "mine.h5"))
    assert found() == imported
    in_variable = vgg_file(machine / "variable.h5")
    monkeypatch.setenv("NST_VGG19_WEIGHTS", "~/variable.h5")
    assert found() == in_variable
    in_setting = vgg_file(machine / "setting.h5")
    assert found("~/setting.h5") == in_setting


def test_a_file_that_lacks_layers_is_passed_over(
    machine: Path, vgg_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    shallow = vgg_file(machine / "shallow.h5", "block3_conv4")
    monkeypatch.setenv("NST_VGG19_WEIGHTS", str(shallow))
    whole = vgg_file(search.keras_path())
    places = search.candidates()
    assert search.first_with(places, "block3_conv4").path == shallow
    assert search.first_with(places, "block4_conv1").path == whole


def test_status_tells_what_is_where(machine: Path, vgg_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = search.status()
    assert bare.auto == "lite"
    assert "'nst weights fetch'" in bare.reason
    assert [place.layers for place in bare.candidates] == [(), ()]

    monkeypatch.setenv("NST_VGG19_WEIGHTS", str(machine / "lost.h5"))
    search.keras_path().parent.mkdir(parents=True)
    search.keras_path().write_text("<html>")
    search.import_file(vgg_file(machine / "shallow.h5", "block1_conv2"))
    variable, imported, in_keras = search.status().candidates
    assert "weights file" in variable.problem
    assert imported.layers == ("block1_conv1", "block1_conv2")
    assert imported.problem is None
    assert "web page" in in_keras.problem
    assert all(said in search.status().reason for said in ("lost.h5", "block5_conv1", "web page"))


def test_import_keeps_the_numbers(machine: Path, real_blocks: Path) -> None:
    path = search.import_file(real_blocks)
    ours, theirs = (read(file, VGG19, "block3_conv4") for file in (path, real_blocks))
    for name, pair in theirs.items():
        for got, wanted in zip(ours[name], pair, strict=True):
            np.testing.assert_array_equal(got, wanted)


def test_a_failed_import_changes_nothing(machine: Path, vgg_file: MakeFile) -> None:
    path = search.import_file(vgg_file(machine / "good.h5", "block2_conv1"))
    before = path.read_bytes()
    wrong = vgg_file(machine / "wrong.h5", "block2_conv1")
    with h5py.File(wrong, "a") as file:
        file["block2_conv1/block2_conv1_W_1:0"][0, 0, 0, 0] = np.nan
    for bad in (wrong, machine / "lost.h5", machine):
        with pytest.raises(WeightsUnavailable):
            search.import_file(bad)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_import_says_when_its_place_cannot_be_written(machine: Path, vgg_file: MakeFile) -> None:
    (machine / "cache").write_text("a file where the folder should be")
    with pytest.raises(FileError, match="Cannot write"):
        search.import_file(vgg_file(machine / "good.h5", "block1_conv1"))
