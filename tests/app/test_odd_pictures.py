"""Panoramas, HEIC and what cannot be read, on the page."""

from __future__ import annotations

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from nst.images import io as images
from tests.support import fake_engine
from tests.support.pictures import gradient, saved
from tests.support.studio_page import entry, finish, start, upload


def test_a_panorama_gets_its_place_among_your_pictures(page: AppTest, script: fake_engine.Script) -> None:
    script.release()
    upload(page, "photo", "pano.png", saved(Image.fromarray(gradient(2000, 100)), "PNG"))
    entry(page, "setting-size").set_value(256).run()
    for _ in range(2):
        start(page)
        finish(page)
    assert page.session_state["run"].job.progress.snapshot.image.shape == (13, 256, 3)
    assert "Your pictures" in [each.value for each in page.header]


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height", "size"), [(2000, 100, 256), (4000, 250, 512), (100, 2000, 256)])
def test_variations_of_a_strip_can_be_compared(page: AppTest, width: int, height: int, size: int) -> None:
    upload(page, "photo", "strip.png", saved(Image.fromarray(gradient(width, height)), "PNG"))
    entry(page, "setting-size").set_value(size).run()
    page.button(key="show-looks").click().run()
    assert not page.exception
    sheet = page.session_state["variations"]
    assert sheet.job.ended.wait(60)
    assert sheet.job.progress.error is None and len(sheet.pictures) == len(sheet.variants)
    page.run()
    assert not page.exception and not page.error
    looks = [button for button in page.button if str(button.key).startswith("look-")]
    assert len(looks) == 18 and not any(button.disabled for button in looks)


def test_a_photo_from_an_iphone_is_taken(page: AppTest, script: fake_engine.Script) -> None:
    buffer = BytesIO()
    pillow_heif.from_pillow(Image.fromarray(gradient(120, 90))).save(buffer, quality=90)
    upload(page, "photo", "IMG_0001.HEIC", buffer.getvalue())
    assert not page.error
    start(page)
    assert script.held.wait(20)
    assert images.read(script.calls[-1]["content"]).rgb.shape == (90, 120, 3)


def test_what_cannot_be_read_is_named_with_a_way_out(page: AppTest) -> None:
    upload(page, "photo", "scan.png", b"%PDF-1.7 and so on")
    (problem,) = page.error
    assert "it is a PDF document" in problem.value and "Save the page" in problem.value
