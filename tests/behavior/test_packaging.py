"""The package as others install it: contents of the wheel, an installed copy outside the checkout, and the pins."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import venv
import zipfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from nst import __version__

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PATIENCE = 60.0  # seconds


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without network."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "-w", folder, ROOT], check=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package alone, as from `pip install --target`."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-index", "--quiet", "--target", folder]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, wheel], check=True)
    return folder


def environment(path: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT")}
    return {**inherited, "PYTHONPATH": str(path), "TF_CPP_MIN_LOG_LEVEL": "3", **more}


def python(path: Path, code: str, folder: Path) -> str:
    """Output of a program that has `path` on its path and runs in `folder`."""
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=folder, env=environment(path), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def tracked(folder: str) -> set[str]:
    """Files of the repository below a folder, also those not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.split())


def test_the_wheel_has_code_assets_types_and_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(f"nst_studio-{__version__}.dist-info/METADATA").decode()
    info = {name for name in names if ".dist-info/" in name}
    expected = tracked("nst") | {f"nst/{name}" for name in tracked("assets")}
    assert expected <= names
    assert names - expected - info == {"nst/app/streamlit_app.py", "nst/app/.streamlit/config.toml"}
    assert "nst/py.typed" in names
    assert f"nst_studio-{__version__}.dist-info/licenses/LICENSE" in info
    assert {"License-Expression: MIT", "License-File: LICENSE"} <= set(metadata.splitlines())


@pytest.mark.parametrize("is_installed", [True, False], ids=["installed", "checkout"])
def test_assets_are_found(is_installed: bool, installed: Path, tmp_path: Path) -> None:
    place = installed if is_installed else ROOT
    printed = python(place, "from nst.system.assets import ASSETS; print(ASSETS)", tmp_path)
    folder = Path(printed.strip())
    assert folder == (installed / "nst" / "assets" if is_installed else ROOT / "assets")
    assert all((folder / "models" / f"{name}.npz").is_file() for name in ("fast", "lite"))


def test_an_editable_install_uses_the_checkout(tmp_path: Path) -> None:
    build = f"import hatchling.build; hatchling.build.build_editable({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = f"""
import site; site.addsitedir({str(site)!r})  # reads the .pth file
import nst
from nst.system.assets import ASSETS
print(nst.__file__, ASSETS)
"""
    assert python(site, code, tmp_path).split() == [str(ROOT / "nst" / "__init__.py"), str(ROOT / "assets")]


def test_an_installed_copy_paints_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    code = """
import nst
from nst.images import samples
photo, style = samples.photos()[0].source(), samples.styles()[0].source()
nst.stylize(photo, style, nst.FastSettings(size=64)).save("out.png")
print(nst.__file__)
"""
    assert python(installed, code, tmp_path).strip() == str(installed / "nst" / "__init__.py")
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


OPTIONS = """
from streamlit import config
from streamlit.web import bootstrap
from nst.cli import main
def run(script, *_):
    print(script, *map(config.get_option, ["server.maxUploadSize", "theme.light.primaryColor"]))
bootstrap.run = run
assert main(["app"]) == 0
"""


@pytest.mark.parametrize("is_installed", [True, False], ids=["installed", "checkout"])
def test_nst_app_starts_the_page_with_our_options(is_installed: bool, installed: Path, tmp_path: Path) -> None:
    """Two options of .streamlit/config.toml whose values differ from Streamlit's."""
    script = installed / "nst" / "app" / "streamlit_app.py" if is_installed else ROOT / "streamlit_app.py"
    printed = python(installed if is_installed else ROOT, OPTIONS, tmp_path)
    assert printed.split() == [str(script), "30", "#a8442a"]


def test_nst_app_serves_the_installed_page(installed: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_HEADLESS": "true", "NST_FETCH_WEIGHTS": "0"}
    command = [sys.executable, "-m", "nst", "app"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(installed, **options), stdout=subprocess.DEVNULL
    ) as server:
        try:
            assert _answer(f"http://127.0.0.1:{port}/_stcore/health", server) == "ok"
        finally:
            server.terminate()


def _answer(address: str, server: subprocess.Popen[bytes]) -> str:
    """Return the answer of a server that is starting."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, "the server has stopped"
        try:
            with urlopen(address, timeout=PATIENCE) as answer:
                text: str = answer.read().decode()
                return text
        except URLError:
            time.sleep(0.2)
    raise TimeoutError(address)


USER = """
from pathlib import Path
import numpy as np
from numpy.typing import NDArray
from PIL import Image
import nst

settings = nst.OptimizeSettings(size=512, strength=70)
control = nst.Control()
for snapshot in nst.stream("photo.jpg", Path("painting.jpg"), settings, control=control):
    pixels: NDArray[np.uint8] = snapshot.image
    loss: float | None = snapshot.losses.total if snapshot.losses else None
    if snapshot.step > 5:
        control.update(strength=40.0)
result: nst.Snapshot = nst.stylize("photo.jpg", ["a.jpg", b"", Image.new("RGB", (64, 64))], style_weights=[1, 2, 3])
result.save("out.png")
picture: Image.Image = result.to_pil()
sky: NDArray[np.float32] = nst.masks.sky(pixels)
both = nst.masks.subject(pixels) + nst.masks.faces(pixels)
nst.stylize("photo.jpg", pixels, nst.preset("best"), regions=[nst.Region(pixels, strength=0)], resume=result.checkpoint)
for lesson in nst.train_style("painting.jpg", "photos", "style.npz", nst.StyleTraining(steps=10)):
    preview: NDArray[np.uint8] | None = lesson.preview
seconds: float = nst.forecast(settings, "photo.jpg", "painting.jpg").seconds
nst.stylize("photo.jpg", "painting.jpg", strength=70)  # type: ignore[call-arg]
result.step = "one"  # type: ignore[misc, assignment]
try:
    print(nst.transfer_style("photo.jpg", "painting.jpg").shape, nst.blend(pixels, result.image, 70).shape)
except nst.InputError as error:
    print(error, error.snapshot)
"""


def test_a_users_script_passes_mypy(wheel: Path, tmp_path: Path) -> None:
    """The script ignores two errors; mypy --strict complains about an ignored error that it does not find."""
    venv.create(tmp_path / "env")
    (python_in,) = [path for name in ("bin/python", "Scripts/python.exe") if (path := tmp_path / "env" / name).exists()]
    place = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.run([python_in, "-c", place], capture_output=True, text=True, check=True).stdout.strip())
    zipfile.ZipFile(wheel).extractall(site)
    ours = subprocess.run([sys.executable, "-c", place], capture_output=True, text=True, check=True).stdout
    (site / "dependencies.pth").write_text(ours, encoding="utf-8")
    script = tmp_path / "user.py"
    script.write_text(USER, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python_in, script]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout == "Success: no issues found in 1 source file\n", ran.stdout + ran.stderr


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"])
def test_pins_are_exact_and_name_no_place(file: str) -> None:
    """A host installs these files with any index; all but the speed tables' have hashes."""
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.findall(r"^(?!#)\S+(?= |$)", text, re.M) == re.findall(r"^[\w.-]+==[\w.]+(?= |$)", text, re.M)
    assert re.search(r"://|--find-links|--index|^-[a-z]", text, re.M) is None
    pins = len(re.findall("^[a-z].*==", text, re.M))
    assert pins >= len(PROJECT["dependencies"])
    if "bench" not in file:
        assert len(re.findall(r"== ?\S+.*\\\n +--hash=sha256:", text)) == pins


def test_pins_satisfy_the_ranges() -> None:
    """Requirements of pyproject.toml that no pin of requirements-dev.txt or requirements-bench.txt meets."""
    from packaging.requirements import Requirement

    text = "\n".join((ROOT / f"requirements-{name}.txt").read_text(encoding="utf-8") for name in ("dev", "bench"))
    pins = dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.M))
    asked = [*PROJECT["dependencies"], *(each for extra in PROJECT["optional-dependencies"].values() for each in extra)]
    requirements = [Requirement(each) for each in asked if not each.startswith(PROJECT["name"])]
    assert [str(each) for each in requirements if not each.specifier.contains(pins.get(each.name, "0"))] == []
