"""Actions of a visitor on the page, and values read from it, without a browser."""

import json
import re
import threading
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ElementTree
from streamlit.util import calc_hash

from nst.images import io as images
from nst.images import samples
from nst.jobs.queue import JobQueue
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from tests.support import fake_engine
from tests.support.paths import ROOT

APP = ROOT / "streamlit_app.py"
PATIENCE = 20.0  # seconds after which a test that waits has failed


def entries(page: AppTest | ElementTree) -> Iterator[tuple[str, Any]]:
    """Widgets that stand for an entry of the session, by the key of it."""
    for element in page:
        name, _, number = str(getattr(element, "key", None)).rpartition("-")
        if hasattr(element, "set_value") and number.isdecimal():
            yield name, element


def entry(page: AppTest | ElementTree, key: str) -> Any:
    """The widget that stands for an entry, whichever that is by now. Raises KeyError."""
    return dict(entries(page))[key]


def in_the_browser(page: AppTest) -> ElementTree:
    """The page as a browser has it that hears of no change: what its widgets show, it says with all that it sends."""
    for _, widget in entries(page):
        widget.set_value(widget.value)  # else it would tell the server's own value, whatever that is by then
    return page._tree


def turn_to(page: AppTest, name: str) -> AppTest:
    """Go to a page, as its link does: AppTest itself only knows pages that are files."""
    page._page_hash = calc_hash(name)
    page.run()
    assert not page.exception
    return page


def start(page: AppTest) -> None:
    page.button(key="start").click().run()
    assert not page.exception


def start_and_hold(page: AppTest, script: fake_engine.Script) -> None:
    start(page)
    assert script.held.wait(PATIENCE)
    page.run()


def finish(page: AppTest) -> None:
    """Wait until the session's job is over, then draw the page again, as the live fragment does."""
    assert page.session_state["run"].job.ended.wait(PATIENCE)
    page.run()
    assert not page.exception


def on_easel(page: AppTest) -> dict[str, str]:
    """Return the result view's data: `picture` and `alt`, `photo` and `photoAlt`, pictures as data URIs."""
    (component,) = (each for each in page.get("bidi_component") if each.proto.component_name == "nst-compare")
    found: dict[str, str] = json.loads(component.proto.json)
    return found


def result_view(page: AppTest, which: str = "picture") -> np.ndarray:
    """The picture on the easel, or the "photo" to compare it with, uint8 RGB (H, W, 3)."""
    uri = on_easel(page)[which]
    kind, _, data = uri.partition(",")
    assert kind in {"data:image/jpeg;base64", "data:image/webp;base64"}
    return np.array(Image.open(BytesIO(b64decode(data))).convert("RGB"))


def aspect(picture: np.ndarray) -> float:
    return picture.shape[1] / picture.shape[0]


def picture_file(color: tuple[int, int, int], size: tuple[int, int] = (90, 60)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


def upload(page: AppTest, kind: str, name: str, data: bytes) -> None:
    place = next(each for each in page.file_uploader if f"{kind}-upload" in str(each.key))
    place.upload(name, data, "image/png").run()
    assert not page.exception


def read(markdown: str) -> str:
    """Escaped Markdown as a reader sees it."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("\N{WORD JOINER}", "")


def downloads(page: AppTest) -> list[str]:
    return [button.label for button in page.download_button]


def labels(page: AppTest) -> set[str]:
    return {widget.label for widget in [*page.slider, *page.number_input]}


def default_photo() -> np.ndarray:
    chosen = next(sample for sample in samples.photos() if sample.slug == samples.DEFAULT_PHOTO)
    return images.read(chosen.source()).rgb


class Others:
    """Jobs of other people, which wait until they are let go."""

    def __init__(self, jobs: JobQueue, count: int) -> None:
        self._go = threading.Event()
        self.jobs = [jobs.submit(f"someone {number}", self._run, payload=None) for number in range(count)]

    def _run(self, control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        self._go.wait(PATIENCE)
        return iter(())

    def let_go(self) -> None:
        self._go.set()
        for job in self.jobs:
            assert job.ended.wait(PATIENCE)
