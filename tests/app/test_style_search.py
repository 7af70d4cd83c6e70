"""Search of styles by word and mood; the selected style and uploads stay visible."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nst.images import io as images
from nst.images.samples import MOODS
from tests.support.studio_page import entry, read

pytestmark = pytest.mark.slow


def styles() -> None:
    import streamlit as st

    from nst.images import samples
    from nst.ui.inputs.image_picker import gallery, take_uploads

    take_uploads()
    st.session_state["chosen"] = gallery("style", samples.styles(), samples.DEFAULT_STYLE)


def few() -> None:
    from nst.images import samples
    from nst.ui.inputs.image_picker import gallery

    gallery("photo", samples.photos(), samples.DEFAULT_PHOTO)


@pytest.fixture
def found() -> AppTest:
    return AppTest.from_function(styles, default_timeout=60).run()


def names(page: AppTest) -> list[str]:
    """Names of the visible styles, without their thumbnails."""
    assert not page.exception
    return [read(option.rpartition(") ")[2]) for option in entry(page, "style").options]


def look_for(page: AppTest, query: str) -> list[str]:
    page.text_input(key="style-query").set_value(query).run()
    return names(page)


@pytest.mark.parametrize("query", ["poppy", "POPPY mea", "palette knife", "tall grass"])
def test_a_style_is_found_by_its_name_its_moods_and_what_it_shows(found: AppTest, query: str) -> None:
    assert look_for(found, query) == ["Poppy Meadow", "Night over the Bay"]  # the last is the one that is chosen


def test_all_words_must_fit_and_begin_a_word(found: AppTest) -> None:
    assert look_for(found, "flowers watercolor") == ["Iris Pond", "Night over the Bay"]
    assert "Iris Pond" not in look_for(found, "ink")  # its flowers are pink


def test_a_mood_leaves_those_styles_that_have_it(found: AppTest) -> None:
    everything = names(found)
    seen = set()
    for mood in MOODS:
        found.pills(key="style-mood").set_value(mood).run()
        some = names(found)
        assert 2 < len(some) < len(everything) / 2
        seen.update(some)
    assert seen == set(everything)
    found.pills(key="style-mood").set_value(None).run()
    assert names(found) == everything


def test_words_and_mood_go_together(found: AppTest) -> None:
    found.pills(key="style-mood").set_value("bold").run()
    assert look_for(found, "sea") == ["Great Swell", "Regatta in Facets", "Surf Pop", "Night over the Bay"]


def test_selected_style_survives_every_search(found: AppTest) -> None:
    entry(found, "style").set_value("hill-town").run()
    assert look_for(found, "fish") == ["Sun and Fish", "Hill Town"]
    assert found.session_state["chosen"].token == "hill-town"
    entry(found, "style").set_value("sun-and-fish").run()
    assert names(found) == ["Sun and Fish"]
    assert len(look_for(found, "")) > 12
    assert found.session_state["chosen"].token == "sun-and-fish"


def test_uploads_stay_visible_during_a_search(found: AppTest) -> None:
    file = images.encode(np.full((40, 60, 3), (200, 30, 30), np.uint8), "png")
    found.file_uploader[0].upload("mine.png", file, "image/png").run()
    entry(found, "style").set_value("hill-town").run()
    assert look_for(found, "fish") == ["mine.png", "Sun and Fish", "Hill Town"]


def test_a_search_for_an_artist_says_which_styles_are_in_that_manner(found: AppTest) -> None:
    assert look_for(found, "mucha") == ["Swan and Lilies", "Night over the Bay"]
    assert [read(each.value) for each in found.caption] == ["In the manner of Alphonse Mucha: Swan and Lilies"]
    look_for(found, "van gohg")
    assert read(found.caption[0].value).startswith("In the manner of Vincent van Gogh: Night over the Bay, ")
    look_for(found, "mosaic")
    assert not found.caption


def test_search_without_match_shows_a_message(found: AppTest) -> None:
    assert look_for(found, "zebra") == ["Night over the Bay"]
    assert "No match." in found.caption[0].value
    look_for(found, "")
    assert not found.caption


def test_few_pictures_need_no_search() -> None:
    page = AppTest.from_function(few, default_timeout=60).run()
    assert not page.text_input
    assert not page.pills
