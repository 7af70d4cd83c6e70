"""Diagnostics on the page: one suggestion, a button that applies it, and a button that dismisses it."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from nst.images import samples
from nst.settings.engines import DEFAULT_STRENGTH, OptimizeSettings
from tests.support import fake_engine
from tests.support.pictures import gradient, saved
from tests.support.studio_page import entry, finish, result_view, start, upload


def advice(page: AppTest) -> list[str]:
    """Return the diagnostics' messages on the page."""
    sign = ":material/lightbulb: "
    return [text.value.removeprefix(sign) for text in page.markdown if text.value.startswith(sign)]


def follow(page: AppTest, issue: str) -> None:
    page.button(key=f"follow-{issue}").click().run()
    assert not page.exception


def sample_file(slug: str) -> bytes:
    found = next(each for each in [*samples.photos(), *samples.styles()] if each.slug == slug)
    return found.path.read_bytes()


def test_a_first_visit_is_left_in_peace(page: AppTest) -> None:
    assert advice(page) == []


class TestBeforeStart:
    def test_no_strength_is_seen_and_mended(self, page: AppTest, script: fake_engine.Script) -> None:
        entry(page, "setting-strength").set_value(0.0).run()
        assert advice(page) == ["At a style strength of 0 the photo hardly changes."]
        follow(page, "no-strength")
        assert entry(page, "setting-strength").value == DEFAULT_STRENGTH
        assert advice(page) == []
        assert not script.calls  # Start is still the person's

    def test_it_can_be_sent_away_and_does_not_come_back(self, page: AppTest) -> None:
        entry(page, "setting-strength").set_value(0.0).run()
        page.button(key="dismiss-no-strength").click().run()
        assert advice(page) == []
        entry(page, "setting-strength").set_value(2.0).run()
        assert advice(page) == []

    def test_a_swapped_pair_is_swapped(self, page: AppTest, script: fake_engine.Script) -> None:
        handle, photo = sample_file("poppy-meadow"), sample_file("landscape")
        upload(page, "photo", "a.jpg", handle)
        upload(page, "style", "b.jpg", photo)
        assert len(advice(page)) == 1 and "Did you mix them up?" in advice(page)[0]
        follow(page, "swapped")
        assert advice(page) == []
        for kind in ("photo", "style"):
            own = page.session_state[f"{kind}-own"]
            assert len(own) == 1 and entry(page, kind).value == own[0].token
        start(page)
        assert script.held.wait(20)
        assert (script.calls[-1]["content"], script.calls[-1]["style"]) == (photo, handle)

    def test_a_black_and_white_photo_gets_the_paintings_colors(self, page: AppTest) -> None:
        entry(page, "look-colors").set_value("photo").run()
        assert advice(page) == []
        gray = np.repeat(gradient(90, 60)[..., :1], 3, -1)
        upload(page, "photo", "old.png", saved(Image.fromarray(gray), "PNG"))
        assert "black and white" in advice(page)[0]
        follow(page, "gray-kept")
        assert entry(page, "look-colors").value == "style"
        assert advice(page) == []

    def test_a_tiny_style_gets_a_fine_brush(self, page: AppTest) -> None:
        upload(page, "style", "icon.png", saved(Image.fromarray(gradient(40, 40)), "PNG"))
        assert "40 x 40 pixels" in advice(page)[0]
        follow(page, "tiny-style")
        assert entry(page, "look-style_scale").value == 0.25
        assert advice(page) == []

    def test_a_tiny_photo_is_named_and_the_word_can_be_sent_away(self, page: AppTest) -> None:
        upload(page, "photo", "icon.png", saved(Image.fromarray(gradient(24, 28)), "PNG"))
        assert "24 x 28 pixels" in advice(page)[0]
        page.button(key="dismiss-tiny-photo").click().run()
        assert advice(page) == []

    def test_a_photo_that_can_be_seen_through_may_be_painted_all_over(self, page: AppTest) -> None:
        pixels = np.dstack([gradient(300, 200), np.full((200, 300), 255, np.uint8)])
        pixels[:, :100, 3] = 0
        upload(page, "photo", "cut.png", saved(Image.fromarray(pixels), "PNG"))
        assert "transparent" in advice(page)[0]
        follow(page, "photo-see-through")
        assert advice(page) == []
        assert result_view(page)[:, :80].min() > 250  # it is on white

    def test_it_is_silent_while_a_picture_is_painted(self, page: AppTest, script: fake_engine.Script) -> None:
        entry(page, "setting-strength").set_value(0.0).run()
        start(page)
        assert script.held.wait(20)
        page.run()
        assert advice(page) == []

    def test_what_start_will_refuse_is_left_to_start(self, page: AppTest) -> None:
        entry(page, "setting-init").set_value("image").run()
        assert not page.exception


class TestAfterwards:
    @pytest.fixture
    def unchanged(self, page: AppTest, script: fake_engine.Script) -> AppTest:
        """The page after a run in which nothing happened: the style has the colors of the photo, which is of one."""
        file = BytesIO()
        Image.new("RGB", (90, 60), (120, 90, 60)).save(file, "PNG")
        upload(page, "photo", "wall.png", file.getvalue())
        upload(page, "style", "wall.png", file.getvalue())
        entry(page, "setting-strength").set_value(40.0).run()
        script.hold_before = None
        start(page)
        finish(page)
        return page

    def test_advice_is_given_and_followed_by_painting_it_again(
        self, unchanged: AppTest, script: fake_engine.Script
    ) -> None:
        assert advice(unchanged) == ["The photo is unchanged."]
        before = len(script.calls)
        follow(unchanged, "unchanged")
        finish(unchanged)
        assert len(script.calls) > before
        assert script.calls[-1]["settings"] == OptimizeSettings(init="fast")
        assert entry(unchanged, "setting-strength").value == DEFAULT_STRENGTH

    def test_it_can_be_sent_away(self, unchanged: AppTest) -> None:
        unchanged.button(key="dismiss-unchanged").click().run()
        assert advice(unchanged) == []

    def test_a_picture_that_came_out_well_is_left_in_peace(self, page: AppTest, script: fake_engine.Script) -> None:
        script.hold_before, script.ends_at = None, 60  # this engine's pictures end in one color
        start(page)
        finish(page)
        assert advice(page) == []

    def test_one_color_is_seen(self, page: AppTest, script: fake_engine.Script) -> None:
        entry(page, "setting-optimizer").set_value("adam").run()
        script.hold_before = None
        start(page)
        finish(page)
        assert len(advice(page)) == 1 and "in one color" in advice(page)[0]
        follow(page, "blank")
        finish(page)
        assert script.calls[-1]["settings"] == OptimizeSettings(init="fast")
        assert entry(page, "setting-optimizer").value == "lbfgs"

    def test_so_is_one_that_was_stopped(self, page: AppTest, script: fake_engine.Script) -> None:
        entry(page, "setting-init").set_value("content").run()
        script.hold_before = 2
        start(page)
        assert script.held.wait(20)
        page.run()
        page.button(key="stop").click().run()
        finish(page)
        assert advice(page) == []
