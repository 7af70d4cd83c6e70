"""Available memory of the machine, of a container and of the address space."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from nst.system import memory

GB = 1_000_000_000


@pytest.fixture(autouse=True)
def large_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    real = psutil.virtual_memory()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: real._replace(available=64 * GB))


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_machine_without_limits(tmp_path: Path) -> None:
    assert memory.available(tmp_path) == 64 * GB
    assert memory.available(write(tmp_path, {"memory.max": "max\n", "memory.current": "5\n"})) == 64 * GB


def test_a_container_of_today(tmp_path: Path) -> None:
    files = {"memory.max": f"{4 * GB}\n", "memory.current": f"{3 * GB}\n"}
    files["memory.stat"] = f"anon 7\ninactive_file {GB // 2}\nfile 9\n"
    assert memory.available(write(tmp_path, files)) == 4 * GB - 3 * GB + GB // 2


def test_a_container_of_the_first_version(tmp_path: Path) -> None:
    files = {"memory.limit_in_bytes": f"{2 * GB}\n", "memory.usage_in_bytes": f"{GB}\n"}
    write(tmp_path / "memory", {**files, "memory.stat": "total_inactive_file 0\n"})
    assert memory.available(tmp_path) == GB


def test_a_container_that_is_over_its_limit_has_nothing_left(tmp_path: Path) -> None:
    files = {"memory.max": "1000\n", "memory.current": "2000\n", "memory.stat": "inactive_file 0\n"}
    assert memory.available(write(tmp_path, files)) == 0


def test_a_container_that_hides_its_use_is_passed_over(tmp_path: Path) -> None:
    """The limit can be read, but not how much of it is in use."""
    write(tmp_path, {"memory.max": f"{2 * GB}\n"})
    assert memory.available(tmp_path) == 64 * GB


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux limits the address space")
def test_a_limit_of_the_address_space() -> None:
    script = (
        "import resource, psutil\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({3 * GB}, {3 * GB}))\n"
        "from nst.system import memory\n"
        f"left = {3 * GB} - psutil.Process().memory_info().vms\n"
        "assert abs(memory.available() - left) < 5e7, (memory.available(), left)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to give memory back")
def test_freed_memory_is_returned_to_the_system() -> None:
    script = (
        "import psutil\n"
        "from nst.system import memory\n"
        "resident = lambda: psutil.Process().memory_info().rss\n"
        "blocks = [bytearray(100_000) for _ in range(2000)]\n"  # too small for the C library to map each by itself
        "top = bytearray(100_000)\n"  # nothing below it is given back by itself
        "del blocks\n"
        "before = resident()\n"
        "memory.give_back()\n"
        "assert before - resident() > 1.5e8, (before, resident())\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
