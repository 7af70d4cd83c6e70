"""The gallery of styles, which takes trained styles too."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from nst.models.stylizers.trained_style import TrainedStyle, write
from nst.ui.state.pictures import thumbnail
from tests.support.studio_page import entry, read

RED = np.full((40, 60, 3), (200, 30, 30), np.uint8)


def styles() -> None:
    import streamlit as st

    from nst.images import samples
    from nst.ui.inputs.image_picker import gallery, take_uploads

    take_uploads()
    st.session_state["chosen"] = gallery("style", samples.styles()[:2], samples.DEFAULT_STYLE)


def photos() -> None:
    import streamlit as st

    from nst.images import samples
    from nst.ui.inputs.image_picker import gallery, take_uploads

    take_uploads()
    st.session_state["chosen"] = gallery("photo", samples.photos()[:2], samples.DEFAULT_PHOTO)


@pytest.fixture
def trained(tmp_path: Path) -> bytes:
    """The file of a trained style."""
    style = TrainedStyle("waves", RED, np.zeros(96, np.float32), "0" * 16)
    write(style, tmp_path / "waves.npz")
    return (tmp_path / "waves.npz").read_bytes()


def upload(page: AppTest, data: bytes, name: str = "waves.npz") -> AppTest:
    page.file_uploader[0].upload(name, data, "application/octet-stream").run()
    assert not page.exception
    return page


def test_a_trained_style_is_chosen_and_shown_by_its_picture(trained: bytes) -> None:
    page = upload(AppTest.from_function(styles, default_timeout=60).run(), trained)
    choice = page.session_state["chosen"]
    assert choice.source == trained  # what the engines take
    assert entry(page, "style").value == choice.token
    assert not page.error
    picture = Image.open(BytesIO(b64decode(thumbnail(choice).partition(",")[2])))
    np.testing.assert_allclose(np.asarray(picture.convert("RGB")).mean((0, 1)), RED[0, 0], atol=4)


def test_a_damaged_one_is_explained_and_changes_nothing(trained: bytes) -> None:
    page = AppTest.from_function(styles, default_timeout=60).run()
    before = page.session_state["chosen"]
    upload(page, trained[: len(trained) // 2])
    assert "'waves.npz': the file is damaged or incomplete" in read(page.error[0].value)
    assert page.session_state["chosen"] == before


def test_it_is_no_photo(trained: bytes) -> None:
    page = upload(AppTest.from_function(photos, default_timeout=60).run(), trained, "waves.png")
    assert "it is not a picture" in page.error[0].value
