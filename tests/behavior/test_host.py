"""Importing nst changes nothing of the program that imports it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.pictures import png_header

ROOT = Path(__file__).resolve().parents[2]

# The libraries come first, because they do change some of it. The command line and the page are programs of their own.
CODE = """
import importlib, logging, os, warnings
from pathlib import Path
import cv2, h5py, keras, pooch, requests, scipy.fft, scipy.ndimage, scipy.sparse.csgraph, scipy.spatial.distance
import skimage.color, skimage.data, skimage.feature, skimage.segmentation, tensorflow
from PIL import Image, ImageCms, ImageFile, ImageOps, PngImagePlugin
Image.init()  # registers all formats of Pillow, as any program does that opens a rare one

def state():
    return {
        "warnings": list(map(str, warnings.filters)),
        "pixels": Image.MAX_IMAGE_PIXELS,
        "truncated": ImageFile.LOAD_TRUNCATED_IMAGES,
        "formats": sorted(Image.OPEN) + sorted(Image.SAVE) + sorted(Image.EXTENSION),
        "loggers": [(name, logging.getLogger(name).level, len(logging.getLogger(name).handlers))
                    for name in [None, "PIL", "tensorflow", "streamlit"]],
        "environment": dict(os.environ),
    }

before = state()
import nst
root = Path(nst.__file__).parent
names = [".".join(path.relative_to(root.parent).with_suffix("").parts) for path in root.rglob("*.py")]
names = [name for name in names if not name.startswith(("nst.cli", "nst.ui", "nst.__main__"))]
for name in names:
    importlib.import_module(name)
after = state()
print(len(names), *(key for key in before if before[key] != after[key]))
"""


def test_importing_changes_nothing_of_the_host() -> None:
    command = [sys.executable, "-c", CODE]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    count, *changed = ran.stdout.splitlines()[-1].split()
    assert int(count) > 80
    assert changed == []


def test_the_command_line_refuses_a_huge_image_in_one_line(tmp_path: Path) -> None:
    """Pillow would print a warning of its own before."""
    (tmp_path / "huge.png").write_bytes(png_header(10_000, 9_000))
    command = [sys.executable, "-m", "nst", "blend", "huge.png", "huge.png", "--amount", "50", "-o", "out.png"]
    ran = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    (line,) = ran.stderr.splitlines()
    assert line.startswith("nst: ")
    assert "10000x9000 pixels are too large" in line
