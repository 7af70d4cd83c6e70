"""Instant pictures: made in one go, and repainted whenever something changes."""

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from nst.errors import ModelError
from nst.images import io as images
from nst.images import samples
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.settings.presets import PRESETS
from nst.ui.actions import start as orders
from nst.ui.server import resources as server
from tests.support import fake_engine
from tests.support.pictures import saved
from tests.support.studio_page import (
    Others,
    aspect,
    default_photo,
    downloads,
    entry,
    finish,
    labels,
    read,
    result_view,
    start,
    upload,
)
from tests.support.studio_page import start_and_hold as start_classic


@pytest.fixture
def instant(page: AppTest) -> AppTest:
    """The page with that quality chosen."""
    entry(page, "quality").set_value("instant").run()
    assert not page.exception
    return page


def paint(page: AppTest) -> None:
    start(page)
    finish(page)


def strength(page: AppTest, value: float) -> None:
    entry(page, "instant-strength").set_value(value).run()
    assert not page.exception


def distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def sample_color(slug: str) -> np.ndarray:
    style = next(sample for sample in samples.styles() if sample.slug == slug)
    return images.read(style.source()).rgb.mean((0, 1))


def test_start_paints_in_one_go(instant: AppTest, script: fake_engine.Script) -> None:
    paint(instant)
    assert [call["settings"] for call in script.calls] == [FastSettings()]
    assert np.abs(result_view(instant).mean((0, 1)) - sample_color(samples.DEFAULT_STYLE)).max() < 3
    assert aspect(result_view(instant)) == pytest.approx(aspect(default_photo()), rel=0.01)
    assert downloads(instant) == ["Save picture"]


def test_it_is_there_when_start_returns(instant: AppTest, script: fake_engine.Script) -> None:
    start(instant)
    assert downloads(instant)
    assert not instant.get("progress")


def test_only_the_dials_that_apply_are_shown(instant: AppTest) -> None:
    assert labels(instant) == {"Style strength", "Picture size (px)"}
    assert [slider.label for slider in instant.select_slider] == ["Brush size"]
    entry(instant, "quality").set_value("balanced").run()
    assert labels(instant) >= {"Style strength", "Iterations", "Picture size (px)", "Smoothness"}


def test_details_show_no_iterations_and_no_chart(instant: AppTest) -> None:
    paint(instant)
    assert not instant.get("vega_lite_chart")
    said = [read(text.value) for text in instant.markdown]
    assert "512 x 341 pixels · less than a second · Built-in network" in said
    assert not any("iteration" in text for text in said)


def test_strength_repaints_without_start(instant: AppTest, script: fake_engine.Script) -> None:
    paint(instant)
    full = result_view(instant)
    strength(instant, 40)
    assert script.calls[-1]["settings"] == FastSettings(strength=40)
    weak = result_view(instant)
    strength(instant, 0)
    photo = images.fit(default_photo(), 512)
    assert distance(result_view(instant), photo) < 5 < distance(weak, photo) < distance(full, photo)
    assert len(script.calls) == 3


def test_picture_follows_size_style_and_photo(instant: AppTest, script: fake_engine.Script) -> None:
    paint(instant)
    entry(instant, "instant-size").set_value(320).run()
    assert max(result_view(instant).shape) == 320
    entry(instant, "style").set_value("poppy-meadow").run()
    assert np.abs(result_view(instant).mean((0, 1)) - sample_color("poppy-meadow")).max() < 3
    entry(instant, "photo").set_value("cat").run()
    cat = images.read(next(sample for sample in samples.photos() if sample.slug == "cat").source()).rgb
    assert aspect(result_view(instant)) == pytest.approx(aspect(cat), rel=0.02)
    assert len(script.calls) == 4


def test_nothing_is_painted_before_start(instant: AppTest, script: fake_engine.Script) -> None:
    strength(instant, 40)
    entry(instant, "photo").set_value("cat").run()
    assert not script.calls


def test_a_page_that_is_merely_drawn_again_paints_nothing(instant: AppTest, script: fake_engine.Script) -> None:
    paint(instant)
    instant.run()
    entry(instant, "quality").set_value("best").run()
    entry(instant, "quality").set_value("instant").run()
    assert len(script.calls) == 1


def test_a_picture_of_another_quality_is_left_alone(page: AppTest, script: fake_engine.Script) -> None:
    script.hold_before = None
    paint(page)
    calls = len(script.calls)
    entry(page, "quality").set_value("instant").run()
    strength(page, 40)
    assert len(script.calls) == calls


def test_the_last_picture_stays_until_the_next_is_there(
    instant: AppTest, script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(instant)
    before = result_view(instant)
    monkeypatch.setattr(orders, "INSTANT_PATIENCE", 0.01)
    script.hold_fast = True
    strength(instant, 0)
    assert np.array_equal(result_view(instant), before)
    script.release()
    finish(instant)
    assert distance(result_view(instant), before) > 5


def test_it_does_not_wait_behind_a_long_run(instant: AppTest) -> None:
    others = Others(server.jobs(), 2)
    paint(instant)
    assert downloads(instant)
    others.let_go()


def test_its_messages_are_shown_and_not_asked_for_again(instant: AppTest, script: fake_engine.Script) -> None:
    script.error = ModelError("The network fell asleep. Wake it.")
    paint(instant)
    instant.run()
    assert [read(error.value) for error in instant.error] == ["The network fell asleep. Wake it."]
    assert len(script.calls) == 1


def test_settings_of_other_qualities_are_kept(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-strength").set_value(85.0).run()
    entry(page, "setting-network").set_value("lite").run()
    entry(page, "setting-style_layers").set_value(["block1_conv1", "block3_conv1"]).run()
    entry(page, "setting-style_layers-block3_conv1").set_value(0.5).run()
    entry(page, "quality").set_value("instant").run()
    strength(page, 30)
    entry(page, "quality").set_value("balanced").run()
    assert not page.exception
    start_classic(page, script)
    layers = (("block1_conv1", 1.0), ("block3_conv1", 0.5))
    assert script.calls[-1]["settings"] == OptimizeSettings(
        strength=85, network="lite", style_layers=layers, init="fast"
    )
    page.button(key="stop").click().run()
    entry(page, "quality").set_value("instant").run()
    assert entry(page, "instant-strength").value == 30


def test_a_start_that_was_chosen_on_purpose_outlives_a_change_of_quality(page: AppTest) -> None:
    entry(page, "setting-init").set_value("noise").run()
    entry(page, "quality").set_value("best").run()
    assert entry(page, "setting-init").value == "noise"


def test_a_published_recipe_leaves_instant(instant: AppTest, script: fake_engine.Script) -> None:
    entry(instant, "recipe").set_value("tf-tutorial").run()
    assert not instant.exception
    start_classic(instant, script)
    assert script.calls[-1]["settings"] == PRESETS["tf-tutorial"]


def test_a_transparent_photo_is_taken_home_transparent(instant: AppTest) -> None:
    pixels = np.full((60, 90, 4), (200, 30, 30, 255), np.uint8)
    pixels[:, 45:, 3] = 0
    upload(instant, "photo", "cut.png", saved(Image.fromarray(pixels), "PNG"))
    paint(instant)
    instant.session_state["take-home"] = True  # the drawer with the other formats
    instant.run()
    (snapshot,), files = instant.session_state["files"]
    result = images.read(files["PNG"])
    assert np.array_equal(result.rgb[:, :200], snapshot.image[:, :200])
    assert result.alpha is not None
    assert (result.alpha[:, :240] > 250).all() and (result.alpha[:, -240:] < 5).all()
    flat, expected = (images.read(each) for each in (files["JPEG"], images.encode(snapshot.picture, "jpeg")))
    assert flat.alpha is None
    assert np.array_equal(flat.rgb, expected.rgb)
