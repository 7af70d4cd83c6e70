"""Colors and brush on the page: in plain words, and one and the same for all qualities."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from streamlit.testing.v1 import AppTest

from nst.images import io as images
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.ui.inputs.setting_widgets import LADDERS
from tests.support import fake_engine
from tests.support.studio_page import default_photo, entry, finish, labels, result_view, start, start_and_hold


def test_colors_are_among_the_main_controls_and_named_in_plain_words(page: AppTest) -> None:
    colors = entry(page, "look-colors")
    assert colors.value == "style"
    assert colors.options == [
        "From the style",
        "From my photo",
        "Style, matched to photo",
        "Colors only, no strokes",
    ]
    assert colors not in page.expander[0].selectbox


def test_an_amount_is_asked_for_where_there_may_be_one(page: AppTest, script: fake_engine.Script) -> None:
    assert "Color amount (%)" not in labels(page)
    entry(page, "look-colors").set_value("photo").run()
    entry(page, "look-color_amount").set_value(60.0).run()
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == OptimizeSettings(colors="photo", color_amount=60, init="fast")
    assert script.calls[0]["settings"] == FastSettings(colors="photo", color_amount=60)  # the draft


def test_an_amount_that_no_longer_applies_is_no_trouble(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "look-colors").set_value("matched").run()
    entry(page, "look-color_amount").set_value(60.0).run()
    entry(page, "look-colors").set_value("style").run()
    assert "Color amount (%)" not in labels(page)
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == OptimizeSettings(init="fast")


def test_another_quality_has_the_same_colors(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "look-colors").set_value("photo").run()
    entry(page, "quality").set_value("instant").run()
    assert entry(page, "look-colors").value == "photo"
    start(page)
    finish(page)
    assert script.calls[-1]["settings"] == FastSettings(colors="photo")
    entry(page, "quality").set_value("best").run()
    assert entry(page, "look-colors").value == "photo"


def test_colors_repaint_an_instant_picture_without_start(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    entry(page, "look-colors").set_value("matched").run()
    assert [call["settings"].colors for call in script.calls] == ["style", "matched"]


def test_colors_only_takes_no_iterations(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-init").set_value("image").run()  # nor a picture to start from
    entry(page, "look-colors").set_value("palette").run()
    assert "Iterations" not in labels(page)
    assert any(text.value.startswith("Only the colors change") for text in page.caption)
    entry(page, "setting-strength").set_value(100.0).run()
    start(page)
    finish(page)
    assert not page.error and not script.calls  # the real engine does it, without a network
    recolored, photo = (each.mean(-1).ravel() for each in (result_view(page), images.fit(default_photo(), 512)))
    assert np.corrcoef(recolored, photo)[0, 1] > 0.9
    assert any("pixels · " in text.value and text.value.endswith("No network") for text in page.markdown)


def test_a_published_recipe_has_the_paintings_colors(page: AppTest) -> None:
    entry(page, "look-colors").set_value("photo").run()
    entry(page, "recipe").set_value("tf-tutorial").run()
    assert entry(page, "look-colors").value == "style"


def test_the_brush_goes_from_fine_to_bold_in_equal_ratios(page: AppTest, script: fake_engine.Script) -> None:
    brush = entry(page, "look-style_scale")
    assert (brush.options[0], brush.options[-1]) == ("finest", "boldest")
    assert brush.value == 1 and brush.options[4] == "as painted"
    brush.set_value(4.0).run()
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == OptimizeSettings(style_scale=4, init="fast")
    limits = next(entry for entry in fields(OptimizeSettings) if entry.name == "style_scale").metadata
    assert LADDERS["style_scale"][::8] == (limits["minimum"], limits["maximum"])
    steps = np.diff(np.log(LADDERS["style_scale"]))
    np.testing.assert_allclose(steps, steps[0])


def test_no_brush_where_nothing_is_painted(page: AppTest) -> None:
    entry(page, "look-colors").set_value("palette").run()
    assert not page.select_slider
