"""Words of strangers, in file names above all: shown as they are, in every state of the page."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from nst.errors import Diverged
from nst.recipes import image_metadata
from nst.recipes.recipe import InputImage, Recipe
from nst.settings.engines import OptimizeSettings
from nst.ui.state.format import literal
from tests.support import fake_engine
from tests.support.fake_mask_finder import Sights, box
from tests.support.studio_page import entry, finish, on_easel, picture_file, start, start_and_hold, turn_to, upload

NAME = "![x](http://127.0.0.1:9/x) **b** $a$ :red[c] :smile: :material/home: <b> www.x.example a@x.example -- b.png"
ESCAPED = (
    r"\!\[x\]\(http" "\N{WORD JOINER}" r"\:\/\/127\.0\.0\.1\:9\/x\) \*\*b\*\* \$a\$ \:red\[c\] "
    r"\:" "\N{WORD JOINER}" r"smile\: \:" "\N{WORD JOINER}" r"material\/home\: \<b\> "
    "www\N{WORD JOINER}" r"\.x\.example a\@" "\N{WORD JOINER}" r"x\.example \-" "\N{WORD JOINER}" r"\-"
)  # fmt: skip

SHORT = "**b** :red[c] <b>.png"
MARK = "example"

# Streamlit shows these as they are: options of select boxes (not of radio groups) and alternative texts.
PLAIN = {"MultiSelect.options", "Selectbox.options", "MultiSelect.raw_values", "Selectbox.raw_value"}
PLAIN |= {"ImageList.alt", "BidiComponent.json"}


def texts(message: Message, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """All texts in a message to the browser, with the names of the two fields that lead there."""
    for field, value in message.ListFields():
        here = (*path, field.name)
        for each in value if field.is_repeated else [value]:
            if isinstance(each, Message):
                yield from texts(each, here)
            elif isinstance(each, str):
                yield ".".join(here[-2:]), each


def strange(page: AppTest) -> list[tuple[str, str]]:
    """Texts of the page that hold the name and are Markdown for the browser."""
    assert not page.exception
    elements = [each.proto for each in page if getattr(each, "proto", None) is not None]
    return [
        (f"{type(element).__name__}: {name}", text)
        for element in elements
        for name, text in texts(element)
        if MARK in text and f"{type(element).__name__}.{name.rpartition('.')[2]}" not in PLAIN
    ]


def check(page: AppTest, *kinds: str) -> None:
    """Find no text with an unescaped name, but the name in the elements of these kinds."""
    shown = strange(page)
    for name, text in shown:
        assert MARK not in text.replace(ESCAPED, ""), f"{name}: {text[-300:]}"
    assert set(kinds) <= {name.partition(":")[0] for name, _ in shown}


@pytest.fixture
def named(page: AppTest, script: fake_engine.Script) -> AppTest:
    """The page with a photo and a style of that name, and quick pictures."""
    for kind in ("photo", "style"):
        upload(page, kind, NAME, picture_file((200, 30, 30)))
    entry(page, "quality").set_value("draft").run()
    return page


def test_bad_uploads(page: AppTest) -> None:
    for kind in ("photo", "style", "settings"):
        page.session_state["sharing"] = True
        page.run()
        upload(page, kind, NAME, b"Dear Sir or Madam")
    assert len(page.error) == 3
    check(page, "Alert")


def test_a_bad_upload_of_that_name_among_good_ones(named: AppTest) -> None:
    check(named, "Radio", "Markdown", "MultiSelect")
    upload(named, "photo", "b.png", picture_file((2, 2, 2)))
    check(named, "Radio")


def test_running_failed_and_finished(named: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(named, script)
    check(named)
    script.error, script.error_at = Diverged(f"{NAME} fell apart."), 4
    script.release()
    finish(named)
    check(named, "Alert")
    script.error = None
    start(named)
    finish(named)
    assert NAME in on_easel(named)["alt"]  # where it is no Markdown
    check(named, "Radio")


def test_history_and_the_last_picture(named: AppTest, script: fake_engine.Script) -> None:
    script.hold_before = None
    for strength in (30.0, 60.0):
        entry(named, "setting-strength").set_value(strength)
        start(named)
        finish(named)
    entry(named, "history-choice").set_value(2).run()
    check(named, "Radio", "Markdown")
    upload(named, "style", NAME, picture_file((1, 99, 1)))
    start(named)
    finish(named)
    named.button(key="history-compare").click().run()
    differences = [text.value for text in named.markdown if "in number" in text.value]
    assert "Style: " in differences[0]
    check(named, "Markdown")
    entry(named, "photo").set_value("cat").run()  # the last picture is shown small
    check(named)


def test_a_mix_and_another_style_of_the_rest(named: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sights.parts["sky"] = box(0, 0, 1, 0.4)
    upload(named, "style", NAME, picture_file((9, 99, 9)))
    first, _ = (each.token for each in named.session_state["style-own"])
    entry(named, "mix").set_value([first]).run()
    assert len({each.name for each in named.session_state["style-own"]}) == 2  # or the list could not tell them apart
    check(named, "Slider")
    entry(named, "mix-colors").set_value(first).run()
    entry(named, "place").set_value("sky").run()
    entry(named, "rest").set_value("other").run()
    entry(named, "rest-style").set_value(first).run()
    check(named, "Slider", "Markdown")  # the plan names all of them
    named.session_state["sharing"] = True
    start_and_hold(named, script)
    check(named)


def test_advice_and_shared_settings(named: AppTest, script: fake_engine.Script) -> None:
    upload(named, "style", NAME, picture_file((200, 30, 30), (40, 40)))  # so small that there is advice
    assert [button for button in named.button if str(button.key).startswith("follow-")]
    check(named)
    named.session_state["sharing"] = True
    named.run()
    picture = InputImage(SHORT, "1" * 32)
    recipe = Recipe(settings=OptimizeSettings(), content=picture, styles=(picture,))
    file = image_metadata.encode(np.zeros((40, 40, 3), np.uint8), "png", recipe)
    upload(named, "settings", NAME, file)
    (note,) = (info.value for info in named.info)
    assert SHORT not in note and note.count(literal(SHORT)) == 3  # a photo and a style, which are not here
    check(named, "Alert")


def test_the_laboratory_and_the_looks(named: AppTest) -> None:
    named.button(key="show-looks").click().run()
    check(named)
    about = turn_to(named, "about")
    assert strange(about)
    check(about, "Markdown")
