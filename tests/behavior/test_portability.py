"""Windows has no POSIX-only modules and signals: the package and the page do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The libraries come first: on Windows they import other modules of theirs.
CODE = """
import importlib, pkgutil, signal, sys
import av, cv2, h5py, keras, pooch, psutil, requests, rich.console, skimage.feature, tensorflow
from streamlit.testing.v1 import AppTest
AppTest.from_string("import streamlit; streamlit.write(1)").run()

for module in "crypt fcntl grp nis ossaudiodev posix pty pwd readline resource spwd syslog termios tty".split():
    sys.modules[module] = None  # import then raises ModuleNotFoundError
windows = {"SIGABRT", "SIGBREAK", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM", "SIG_DFL", "SIG_IGN"}
for name in [name for name in vars(signal) if name.startswith("SIG") and name not in windows]:
    delattr(signal, name)

import nst
names = [module.name for module in pkgutil.walk_packages(nst.__path__, "nst.", onerror=print)]
for name in names:
    if name != "nst.__main__":
        importlib.import_module(name)
page = AppTest.from_file("streamlit_app.py", default_timeout=120).run()
assert not page.exception, page.exception
print(len(names), page.title[0].value)
"""


def test_the_page_starts_without_posix_modules_and_signals(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("NST_CACHE", str(tmp_path))
    monkeypatch.setenv("NST_FETCH_WEIGHTS", "0")
    command = [sys.executable, "-c", CODE]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    count, title = ran.stdout.splitlines()[-1].split(maxsplit=1)
    assert int(count) > 150
    assert title == "NST Studio"
