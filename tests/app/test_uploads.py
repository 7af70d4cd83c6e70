"""Limits on uploaded pictures, per session and per server."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nst.errors import Busy
from nst.settings.engines import FastSettings
from nst.ui.inputs import image_picker
from nst.ui.result import history
from nst.ui.server import uploads
from nst.ui.server.uploads import Uploads
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import RegionRequest, Request, StyleMix
from tests.support import fake_engine
from tests.support.studio_page import APP, entry, finish, picture_file, start, upload

SAMPLE = ImageChoice("harbor", "Harbor", "a harbor", Path("harbor.jpg"))


def own(token: str, size: int) -> ImageChoice:
    return ImageChoice(token, "Yours", "your picture", bytes(size))


def test_a_server_takes_as_much_as_it_has_room_for() -> None:
    server = Uploads(megabytes=1)
    first, second = own("a", 600_000), own("b", 400_000)
    server.admit(first, "ann")
    server.admit(second, "ann")
    with pytest.raises(Busy, match="cannot take more pictures"):
        server.admit(own("c", 1), "ann")
    del second
    server.admit(own("c", 400_000), "ann")  # the second has left with whoever brought it


def test_uploads_of_closed_sessions_are_removed_first() -> None:
    there = {"ann", "bob"}
    server = Uploads(1, there.__contains__)
    mine, yours = own("a", 900_000), own("b", 900_000)
    server.admit(mine, "ann")
    with pytest.raises(Busy):
        server.admit(yours, "bob")
    there.remove("ann")
    server.admit(yours, "bob")


def test_uploads_of_closed_sessions_do_not_count() -> None:
    server = Uploads(megabytes=1)
    left = own("a", 900_000)
    server.admit(left, "ann")
    session: list[object] = [left]
    session.append(session)  # a circle, as sessions have them
    gc.disable()
    try:
        del session, left
        server.admit(own("b", 900_000), "ann")
    finally:
        gc.enable()


def test_files_of_a_picture_are_counted_once() -> None:
    photo, style = own("a", 1000), own("b", 10)
    first = Request(photo, StyleMix((style, SAMPLE), (1.0, 1.0), own("c", 200)), FastSettings())
    region = RegionRequest("sky", PageMask.of(np.zeros((4, 4), np.uint8)), 1.0, outside_style=own("d", 3))
    second = replace(first, region=region, init=bytes(50_000))
    assert uploads.held([first]) == 1210
    assert uploads.held([first, second]) == 1210 + 3 + 50_000
    assert uploads.held([replace(first, photo=SAMPLE)]) == 210


def own_photos(page: AppTest) -> list[ImageChoice]:
    return page.session_state["photo-own"]


def test_the_oldest_give_way_but_not_the_one_that_is_chosen(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [picture_file((red, 20, 20)) for red in (100, 150, 200)]
    size = max(map(len, files))
    monkeypatch.setattr(image_picker, "OWN_BYTES", 2 * size)
    for file in files:
        upload(page, "photo", "holiday.png", file)
    assert [each.source for each in own_photos(page)] == files[1:]
    monkeypatch.setattr(image_picker, "OWN_BYTES", size - 1)
    upload(page, "photo", "holiday.png", files[0])
    assert [each.source for each in own_photos(page)] == files[:1]
    assert entry(page, "photo").value == own_photos(page)[0].token


def test_a_full_server_says_so_and_its_own_pictures_can_be_painted(
    script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = picture_file((200, 20, 20))
    monkeypatch.setenv("NST_UPLOADS_MB", str(1.5 * len(file) / 1e6))
    st.cache_resource.clear()
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    upload(page, "photo", "holiday.png", file)
    assert not page.error and len(own_photos(page)) == 1
    upload(page, "style", "painting.png", file)
    assert "The studio cannot take more pictures" in page.error[0].value
    script.hold_before = None
    start(page)
    finish(page)


def test_history_counts_what_its_pictures_were_made_from(
    page: AppTest, script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = picture_file((200, 20, 20)) + bytes(3_000_000)  # behind its end a file may hold anything
    upload(page, "photo", "holiday.png", file)
    script.hold_before = None
    for _ in range(2):
        start(page)
        finish(page)
    assert len(page.session_state["history"]) == 2  # they share their photo
    monkeypatch.setattr(history, "MOST_BYTES", 3_000_000)
    start(page)
    finish(page)
    assert [each.number for each in page.session_state["history"]] == [3]


def keeper() -> None:
    """A gallery, and how many files Streamlit holds after it was drawn."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from nst.images import samples
    from nst.ui.inputs.image_picker import gallery, take_uploads

    take_uploads()
    gallery("photo", samples.photos()[:2], samples.DEFAULT_PHOTO)
    context = get_script_run_ctx()
    st.session_state["held"] = list(context.uploaded_file_mgr.file_storage[context.session_id])
    st.session_state["mine"] = len(st.session_state["photo-own"])


def test_streamlit_lets_go_of_files_that_were_taken() -> None:
    page = AppTest.from_function(keeper, default_timeout=60).run()
    for number in (1, 2):
        upload(page, "photo", "holiday.png", picture_file((100 * number, 20, 20)))
        assert page.session_state["mine"] == number
        assert page.session_state["held"] == []
