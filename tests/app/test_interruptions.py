"""Uploads while something else happens: none is lost, wherever Streamlit ends a run of the page to begin anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import numpy as np
import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from nst.recipes import image_metadata
from nst.recipes.recipe import Recipe
from nst.settings.engines import FastSettings
from nst.ui.inputs import image_picker
from nst.ui.pages import studio
from nst.ui.state.page_mask import PageMask
from tests.support.studio_page import entry, picture_file, turn_to, upload

RED = picture_file((200, 10, 30))


class Interruption:
    """Another event, which Streamlit hears of at the n-th access to the session while uploads are taken over."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0  # accesses until it happens; 0: it has happened, or will not
        self._page: str | None = None
        self._taking = False
        for name in ("__getitem__", "__setitem__", "__contains__"):
            monkeypatch.setattr(SafeSessionState, name, self._watched(getattr(SafeSessionState, name)))
        monkeypatch.setattr(studio, "take_uploads", self._observed(studio.take_uploads))

    def arm(self, at: int, page: str | None = None) -> None:
        """Interrupt the `at`-th access from now on, from 1, by an event that leads to that page, if any."""
        self.left, self._page = at, page

    def _observed(self, take: Callable[[], None]) -> Callable[[], None]:
        def observed() -> None:
            self._taking = True
            try:
                take()
            finally:
                self._taking = False

        return observed

    def _watched(self, access: Callable[..., object]) -> Callable[..., object]:
        def watched(*arguments: object) -> object:
            if self._taking and self.left:
                self.left -= 1
                if not self.left:
                    raise RerunException(RerunData(page_script_hash=calc_hash(self._page) if self._page else ""))
            return access(*arguments)

        return watched


@pytest.fixture
def interruption(monkeypatch: pytest.MonkeyPatch) -> Interruption:
    return Interruption(monkeypatch)


def interrupted(interruption: Interruption, bring: Callable[[], None]) -> Iterator[int]:
    """Bring an upload, interrupted at its first access, then another at its second, until one is not interrupted."""
    for at in range(1, 500):
        interruption.arm(at)
        bring()
        if interruption.left:
            interruption.left = 0
            assert at > 1
            return
        yield at
    raise AssertionError("there is no end of it")


def light() -> None:
    """All uploaders of the studio, and what becomes of their files, in little time."""
    from nst.images import samples
    from nst.ui.inputs import form
    from nst.ui.inputs.image_picker import gallery
    from nst.ui.pages import studio
    from nst.ui.result.sharing import arrival
    from nst.ui.server import uploader

    form.begin()
    studio.take_uploads()
    arrival()
    for kind in ("photo", "style"):
        gallery(kind, samples.photos()[:2], samples.photos()[0].slug)
    for kind in ("mask", "settings"):
        uploader.uploader(kind, kind, ["png"])


@pytest.fixture
def uploaders(interruption: Interruption) -> AppTest:
    return AppTest.from_function(light, default_timeout=60).run()


@pytest.mark.parametrize("kind", ["photo", "style"])
def test_a_picture_is_kept_and_chosen_and_counts_once(
    uploaders: AppTest, interruption: Interruption, kind: str
) -> None:
    brought = list[bytes]()

    def bring() -> None:
        brought.append(picture_file((len(brought), 10, 30)))
        upload(uploaders, kind, "holiday.png", brought[-1])

    for _ in interrupted(interruption, bring):
        own = uploaders.session_state[f"{kind}-own"]
        assert [each.source for each in own] == brought[-3:]
        assert entry(uploaders, kind).value == own[-1].token
        assert own[-1].name == (f"holiday ({len(brought)}).png" if len(brought) > 1 else "holiday.png")


def test_the_error_of_a_bad_picture_is_told(uploaders: AppTest, interruption: Interruption) -> None:
    def bring() -> None:
        interruption.left, at = 0, interruption.left
        upload(uploaders, "photo", "good.png", picture_file((1, 2, 3)))
        assert not uploaders.error
        interruption.left = at
        upload(uploaders, "photo", "letter.png", b"Dear Sir or Madam")

    for _ in interrupted(interruption, bring):
        assert "'letter.png'" in uploaders.session_state["photo-problem"]
        assert len(uploaders.error) == 1


def test_a_mask_is_kept(uploaders: AppTest, interruption: Interruption) -> None:
    def bring() -> None:
        uploaders.session_state["mask-file"] = None
        upload(uploaders, "mask", "mask.png", RED)

    for _ in interrupted(interruption, bring):
        assert uploaders.session_state["mask-file"] == PageMask.read(RED)


def test_the_settings_of_a_picture_are_applied(uploaders: AppTest, interruption: Interruption) -> None:
    picture = np.zeros((40, 40, 3), np.uint8)
    strengths = cycle([30.0, 60.0])

    def bring() -> None:
        recipe = Recipe(settings=FastSettings(strength=next(strengths)))
        upload(uploaders, "settings", "saved.png", image_metadata.encode(picture, "png", recipe))

    for at in interrupted(interruption, bring):
        assert uploaders.session_state["settings-uploads"] == at
        assert uploaders.session_state["instant-strength"] == (30.0 if at % 2 else 60.0)
        assert uploaders.info


def test_a_picture_is_kept_when_the_page_is_left_while_it_is_read(
    page: AppTest, interruption: Interruption, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = image_picker.decoded_file
    interrupted: list[bool] = []

    def slow(*arguments: Any, **more: Any) -> Any:
        picture = read(*arguments, **more)
        if not interrupted:  # thumbnails are read later
            interrupted.append(True)
            interruption.arm(1, "about")
        return picture

    with monkeypatch.context() as patched:
        patched.setattr(image_picker, "decoded_file", slow)
        upload(page, "photo", "holiday.png", RED)
    assert page.title[0].value == "How a photo becomes a painting"
    turn_to(page, "studio")
    assert [each.source for each in page.session_state["photo-own"]] == [RED]
