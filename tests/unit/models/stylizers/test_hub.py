"""TensorFlow Hub's cache, filled by our downloader and read by tensorflow_hub itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nst.errors import ModelError, WeightsUnavailable
from nst.models.stylizers import hub
from nst.models.weights.download import Timeouts, Words
from tests.support.file_server import serving
from tests.support.hub_modules import pack, save

pytestmark = pytest.mark.filterwarnings("ignore:pkg_resources is deprecated")

WORDS = Words("the network", "or do without")
SHORT = Timeouts(answer=2.0, stall=0.5)


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A module as the server sends it."""
    return pack(save(tmp_path_factory.mktemp("module")))


@pytest.fixture
def cache(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(machine / "hub"))
    return machine / "hub"


def refused(address: str, cache: Path, said: str) -> float:
    """Assert that a module cannot be had, with these words, and leaves nothing; the seconds it took."""
    began = time.monotonic()
    with pytest.raises(WeightsUnavailable, match=said) as raised:
        hub.fetch(address, WORDS, SHORT)
    assert "the network" in str(raised.value) and "or do without." in str(raised.value)
    assert [*cache.iterdir()] == []
    return time.monotonic() - began


def test_a_module_is_downloaded_once_and_tensorflow_hub_finds_it(module: bytes, cache: Path) -> None:
    import tensorflow_hub

    with serving("whole", module) as server:
        loaded = hub.load(server.url, WORDS)
        assert callable(loaded)
        assert tensorflow_hub.resolve(server.url) == str(hub.fetch(server.url, WORDS))
        assert server.requests == 1
    assert [path.name for path in cache.iterdir()] == [hub.fetch(server.url, WORDS).name]


def test_tensorflow_hub_cache_works_offline(module: bytes, cache: Path) -> None:
    import tensorflow_hub

    with serving("whole", module) as server:
        brought = tensorflow_hub.resolve(server.url)
    assert str(hub.fetch(server.url, WORDS, SHORT)) == brought


def test_without_the_variable_it_is_tensorflow_hubs_usual_place(
    machine: Path, module: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow_hub

    monkeypatch.delenv("TFHUB_CACHE_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(machine))
    with serving("whole", module) as server:
        fetched = hub.fetch(server.url, WORDS)
        assert tensorflow_hub.resolve(server.url) == str(fetched)
        assert server.requests == 1
    assert fetched.is_relative_to(machine)


def test_refused_connection(cache: Path) -> None:
    with serving("whole", b"") as server:
        address = server.url
    assert refused(address, cache, r"127\.0\.0\.1.*Check the internet connection") < 5


@pytest.mark.parametrize(
    ("mix_index", "said"),
    [
        ("silent", "does not respond"),
        ("stalled", "stopped sending"),
        ("drip", "stopped sending"),
        ("cut", "was lost"),
        ("missing", "answered '404 Not Found'"),
    ],
)
def test_a_bad_server_is_not_waited_for(mix_index: str, said: str, module: bytes, cache: Path) -> None:
    with serving(mix_index, module) as server:
        assert refused(server.url, cache, said) < 5


def broken_gzip(module: bytes) -> bytes:
    return module[:-8] + bytes(8)  # its check sum


def no_model(module: bytes, tmp_path: Path) -> bytes:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "readme.txt").write_text("no model")
    return pack(tmp_path / "other")


@pytest.mark.parametrize(
    "damage",
    [
        lambda module, _: b"<html>Log in to our network</html>",
        lambda module, _: module[: len(module) // 2],
        lambda module, _: broken_gzip(module),
        no_model,
    ],
    ids=["page", "half", "check-sum", "other"],
)
def test_something_else_than_a_module(
    damage: Callable[[bytes, Path], bytes], module: bytes, cache: Path, tmp_path: Path
) -> None:
    with serving("whole", damage(module, tmp_path)) as server:
        refused(server.url, cache, "is not the network; it may be a login page")


def test_an_archive_cannot_write_outside_of_its_folder(cache: Path, tmp_path: Path) -> None:
    import io
    import tarfile

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name in (hub.MODEL_FILE, "../../../escaped"):
            tar.addfile(tarfile.TarInfo(name))
    with serving("whole", buffer.getvalue()) as server:
        refused(server.url, cache, "is not the network")
    assert not [*tmp_path.rglob("escaped")]


def test_a_cache_that_cannot_be_written(machine: Path, cache: Path, module: bytes) -> None:
    cache.write_text("a file where the folder should be")
    with serving("whole", module) as server, pytest.raises(WeightsUnavailable, match=r"Cannot write.*TFHUB_CACHE_DIR"):
        hub.fetch(server.url, WORDS)


def test_concurrent_download_by_another_process(module: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = hub.download

    def download_while_another_process_does(url: str, path: Path, *args: object, **options: object) -> None:
        monkeypatch.setattr(hub, "download", real)
        hub.fetch(server.url, WORDS)
        real(url, path, *args, **options)

    monkeypatch.setattr(hub, "download", download_while_another_process_does)
    with serving("whole", module) as server:
        folder = hub.fetch(server.url, WORDS)
    assert [*cache.iterdir()] == [folder]
    assert (folder / hub.MODEL_FILE).is_file()


def test_a_tensorflow_hub_that_does_not_work_is_explained(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow_hub", None)
    with pytest.raises(ModelError, match=r"tensorflow_hub cannot be loaded.*setuptools<82.*or do without"):
        hub.load("https://tfhub.example/module", WORDS, SHORT)
