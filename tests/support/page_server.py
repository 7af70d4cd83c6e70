"""Server of the page in a separate process, for benchmarks and for browser tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "streamlit_app.py"
PATIENCE = 240  # seconds; generous, for a busy machine


class PageServer:
    """Streamlit server with its caches in the folder `home`, without downloads and without VGG19.

    The server can be started again at the same address, and can serve another `app`. Keyword arguments are added to its
    environment.
    """

    def __init__(self, home: Path, app: Path = APP, **environment: str) -> None:
        self._app = app
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self.log = home / "server.log"
        places = {"HOME": str(home), "KERAS_HOME": str(home), "NST_CACHE": str(home / "cache")}
        known = {name: value for name, value in os.environ.items() if name != "NST_VGG19_WEIGHTS"}
        self._environment = known | {"NST_FETCH_WEIGHTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3"} | environment | places
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Id of the running process."""
        assert self._process is not None, "the server was not started"
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait for a response. Raises RuntimeError if there is none within PATIENCE seconds."""
        command = [sys.executable, "-m", "streamlit", "run", str(self._app), "--server.headless=true"]
        command += ["--server.address=127.0.0.1", f"--server.port={self._port}"]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"The server ended, or gave no answer within {PATIENCE} seconds; it says why in {self.log}.")

    def kill(self) -> None:
        """Kill the server with SIGKILL, without cleanup."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop the server with SIGTERM. Kill the process after 10 seconds."""
        self._end(signal.SIGTERM)

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


@contextmanager
def serving(home: Path, app: Path = APP, **environment: str) -> Iterator[PageServer]:
    """Run a server until the end of the block."""
    server = PageServer(home, app, **environment)
    try:
        server.start()
        yield server
    finally:
        server.stop()
