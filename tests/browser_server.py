"""A server of the page in a process of its own, with the real engines: it downloads nothing and finds no VGG19."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser_page import PATIENCE, ROOT


class Server:
    """What it remembers is in the folder `home`, and so is its log. It can be started again at the same address."""

    def __init__(self, home: Path, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        places = {"HOME": home, "KERAS_HOME": home, "NST_CACHE": home / "cache"}
        self._environment = {
            **os.environ,
            "NST_FETCH_WEIGHTS": "0",
            **environment,
            **{k: str(v) for k, v in places.items()},
        }
        self._environment.pop("NST_VGG19_WEIGHTS", None)
        self._log = home / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(self._port)]
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait_until_healthy(self._process)

    def kill(self) -> None:
        """SIGKILL: it has no time for anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """In good order; its log must tell of nothing that went wrong."""
        self._end(signal.SIGTERM)
        assert "Traceback" not in self._log.read_text()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert process.poll() is None, "the server ended before it answered"
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2):
                    return
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.2)
        pytest.fail(f"the server did not answer within {PATIENCE} seconds")
