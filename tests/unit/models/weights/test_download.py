import hashlib
import socket
import threading
import time
from pathlib import Path

import pytest

from nst.errors import WeightsUnavailable
from nst.models.weights.download import Timeouts, download
from tests.support.file_server import PIECES, serving

CONTENT = bytes(range(256)) * 1024  # 256 KiB
HASH = f"md5:{hashlib.md5(CONTENT).hexdigest()}"
SHORT = Timeouts(answer=0.4, stall=0.4)
OLD = b"an older file"


@pytest.fixture
def target(machine: Path) -> Path:
    """Target of a download, in a folder with an older file of equal name."""
    path = machine / "models" / "vgg19.h5"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def refused(url: str, target: Path, said: str) -> float:
    """Assert that a download fails with these words and leaves all as it was; the seconds it took."""
    began = time.monotonic()
    with pytest.raises(WeightsUnavailable, match=said) as raised:
        download(url, target, HASH, patience=SHORT)
    seconds = time.monotonic() - began
    assert "nst weights import FILE" in str(raised.value)
    assert list(target.parent.iterdir()) == [target]
    assert target.read_bytes() == OLD
    return seconds


def test_a_whole_file_takes_the_old_ones_place(target: Path) -> None:
    seen: list[tuple[int, int]] = []
    with serving("whole", CONTENT) as server:
        download(server.url, target, HASH, progress=lambda *now: seen.append(now))
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]
    assert seen == sorted(seen)
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_folders_are_made(machine: Path) -> None:
    with serving("whole", CONTENT) as server:
        download(server.url, machine / "a" / "b" / "vgg19.h5", HASH)
    assert (machine / "a" / "b" / "vgg19.h5").read_bytes() == CONTENT


def test_a_file_that_is_there_is_not_asked_for(target: Path) -> None:
    target.write_bytes(CONTENT)
    with serving("whole", CONTENT) as server:
        download(server.url, target, HASH)
        assert server.requests == 0


def test_a_slow_server_is_waited_for_and_progress_is_said(target: Path) -> None:
    seen: list[int] = []
    with serving("slow", CONTENT) as server:
        download(server.url, target, HASH, progress=lambda done, _: seen.append(done))
    assert target.read_bytes() == CONTENT
    assert len(seen) >= PIECES


def test_a_file_that_is_cut_off(target: Path) -> None:
    with serving("cut", CONTENT) as server:
        refused(server.url, target, "connection was lost")


def test_another_file_than_expected(target: Path) -> None:
    with serving("whole", b"<html>Log in to our network</html>") as server:
        refused(server.url, target, "not the expected one")


def test_a_missing_file(target: Path) -> None:
    with serving("missing", CONTENT) as server:
        refused(server.url, target, "answered '404 Not Found'")


def test_a_server_that_never_answers(target: Path) -> None:
    with serving("silent", CONTENT) as server:
        assert refused(server.url, target, "does not respond") < 5


def test_a_server_that_stops_in_the_middle(target: Path) -> None:
    with serving("stalled", CONTENT) as server:
        assert refused(server.url, target, "stopped sending") < 5


def test_a_server_that_only_drips(target: Path) -> None:
    with serving("drip", CONTENT) as server:
        assert refused(server.url, target, "stopped sending") < 5


def test_refused_connection(target: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    refused(
        f"http://127.0.0.1:{port}/vgg19.h5", target, r"127\.0\.0\.1.*does not respond. Check the internet connection"
    )


def test_a_name_that_cannot_be_looked_up(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    refused("http://weights.example/vgg19.h5", target, "weights.example.*Check the internet connection")


def test_a_look_up_that_hangs_is_not_waited_for(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()

    def hang(*_: object) -> None:
        done.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        assert refused("http://weights.example/vgg19.h5", target, "Check the internet connection") < 5
    finally:
        done.set()


def test_a_machine_without_network_is_told_within_ten_seconds() -> None:
    assert Timeouts().answer < 10


def test_an_address_that_is_none(target: Path) -> None:
    refused("weights.example", target, "Invalid URL")


def test_a_download_can_be_cancelled(target: Path) -> None:
    asked = threading.Event()
    with serving("stalled", CONTENT) as server, pytest.raises(WeightsUnavailable, match="was stopped"):
        download(server.url, target, HASH, progress=lambda *_: asked.set(), cancelled=asked.is_set)
    assert list(target.parent.iterdir()) == [target]
    assert target.read_bytes() == OLD


def test_a_folder_that_cannot_be_written(machine: Path) -> None:
    (machine / "models").write_text("a file where the folder should be")
    with serving("whole", CONTENT) as server, pytest.raises(WeightsUnavailable, match="Cannot write"):
        download(server.url, machine / "models" / "vgg19.h5", HASH)
