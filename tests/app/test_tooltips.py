"""Dials say what they do in words and in a picture."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from nst.settings.engines import OptimizeSettings
from nst.ui.widgets import tooltips
from nst.ui.widgets.tooltips import SHOWN, tooltip
from tests.support.studio_page import entry
from tools.docs.dial_pictures import DIALS, LIMIT


def test_every_picture_is_there_and_small() -> None:
    assert SHOWN.keys() == DIALS.keys() == {path.stem for path in tooltips.PICTURES.glob("*.jpg")}
    assert all(path.stat().st_size <= LIMIT for path in tooltips.PICTURES.iterdir())


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_shows_what_its_words_say(name: str) -> None:
    said, picture, shown = tooltip(name, "What it does.").split("\n\n")
    assert said == "What it does."
    assert shown == f"Left to right: {SHOWN[name]}."
    assert picture.startswith("![One photo painted three times](data:image/jpeg;base64,")
    with Image.open(BytesIO(b64decode(picture.rstrip(")").partition(",")[2]))) as row:
        assert row.width > 4 * row.height  # three beside each other
    told = [f"{value:g}" for value in DIALS[name][2] if isinstance(value, float | int) and name != "style_scale"]
    assert all(value in SHOWN[name] for value in told)


def test_the_dials_of_the_page_have_them(page: AppTest) -> None:
    dial = entry(page, "setting-strength")
    words = OptimizeSettings.__dataclass_fields__["strength"].metadata["help"]
    assert dial.help == tooltip("strength", words) != words
    assert "image" not in entry(page, "setting-size").help
