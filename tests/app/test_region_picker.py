"""Selection of regions: texts, previews and engine arguments."""

from __future__ import annotations

from base64 import b64decode, b64encode
from io import BytesIO

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from nst.images import io as images
from nst.run.regions import Region, RegionSet
from nst.settings.engines import DEFAULT_STRENGTH
from nst.settings.presets import PRESETS
from nst.ui.inputs import region_picker
from nst.ui.widgets.overlay import PALE
from tests.support import fake_engine
from tests.support.fake_mask_finder import HEIGHT, WIDTH, Sights, box
from tests.support.studio_page import default_photo, entry, finish, picture_file, read, start, start_and_hold, upload

SUBJECT, SKY = box(0.25, 0.25, 0.75, 0.75), box(0, 0, 1, 0.4)


def choose(page: AppTest, place: str) -> None:
    entry(page, "place").set_value(place).run()
    assert not page.exception


def startable(page: AppTest) -> bool:
    return not page.button(key="start").disabled


def captions(page: AppTest) -> list[str]:
    return [read(caption.value) for caption in page.caption]


def regions(script: fake_engine.Script) -> tuple[Region, ...]:
    return tuple(script.calls[-1]["regions"])


def maps(script: fake_engine.Script, styles: int = 1) -> np.ndarray:
    return RegionSet.of(regions(script), (WIDTH, HEIGHT), styles).maps


def overlay(page: AppTest) -> np.ndarray:
    """The picture in the expander, uint8 RGB."""
    uri = page.expander[1].image[0].value[0]
    return np.array(Image.open(BytesIO(b64decode(uri.partition(",")[2]))).convert("RGB"))


def brush(page: AppTest, mask: np.ndarray) -> None:
    """Data sent by the board in the browser: opaque white in brushed parts."""
    white = np.full_like(mask, 1)
    file = images.encode(images.to_pixels(np.dstack([white, white, white, mask])), "png")
    token = entry(page, "photo").value
    page.session_state["drawn-with-brush"] = {token: "data:image/png;base64," + b64encode(file).decode()}
    page.run()
    assert not page.exception


def put_box(page: AppTest, *sides: float) -> None:
    page.session_state["drawn-with-box"] = {entry(page, "photo").value: list(sides)}
    page.run()
    assert not page.exception


def test_the_whole_picture_is_painted_until_a_person_says_otherwise(
    page: AppTest, script: fake_engine.Script, sights: Sights
) -> None:
    assert entry(page, "place").value == "everywhere"
    assert not page.expander[1].image and "Everything else" not in {each.label for each in page.selectbox}
    assert sights.asked == []  # nothing is looked for that nobody asked for
    start_and_hold(page, script)
    assert regions(script) == ()


@pytest.mark.parametrize(("place", "mask"), [("subject", SUBJECT), ("background", 1 - SUBJECT), ("sky", SKY)])
def test_found_region_is_painted_and_the_rest_stays(
    page: AppTest, script: fake_engine.Script, sights: Sights, place: str, mask: np.ndarray
) -> None:
    sights.parts[place] = mask
    choose(page, place)
    entry(page, "soft-edge").set_value(0.0).run()
    assert startable(page)
    start_and_hold(page, script)
    rest, painted = regions(script)
    assert (rest.mask, rest.strength, painted.strength, painted.style) == (None, 0, None, None)
    np.testing.assert_allclose(maps(script)[1], mask, atol=0.01)


def test_it_is_shown_before_start(page: AppTest, sights: Sights) -> None:
    sights.parts["sky"] = SKY
    choose(page, "sky")
    entry(page, "soft-edge").set_value(0.0).run()
    shown, photo = overlay(page).astype(float), images.fit(default_photo(), 512).astype(float)
    height = shown.shape[0]
    sky, land = slice(0, int(0.38 * height)), slice(int(0.42 * height), height)
    assert np.abs(shown[sky] - photo[sky]).mean() < 5
    gray = 128 + PALE * (photo[land].mean(-1, keepdims=True) - 128)
    assert np.abs(shown[land] - gray).mean() < 5 < np.abs(shown[land] - photo[land]).mean()
    assert any(text.value.endswith("**: only the sky") for text in page.markdown)


def test_a_photo_is_looked_at_once(page: AppTest, sights: Sights) -> None:
    sights.parts["sky"] = SKY
    for place in ("sky", "everywhere", "sky"):
        choose(page, place)
    entry(page, "photo").set_value("cat").run()
    assert [(part, photo) for part, photo, _ in sights.asked] == [("sky", "harbor-town"), ("sky", "cat")]


@pytest.mark.parametrize("place", ["subject", "background", "sky"])
def test_missing_region_gives_a_message_and_offers_the_brush(page: AppTest, place: str) -> None:
    choose(page, place)
    assert not startable(page)
    (said,) = page.info
    assert "in this photo" in said.value and "brush" in said.value
    assert said.value in captions(page)  # beside the button, where it is missed
    page.button(key="correct").click().run()
    assert entry(page, "place").value == "brush"


def test_found_mask_can_be_corrected_with_the_brush(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sights.parts["sky"] = SKY
    choose(page, "sky")
    page.button(key="correct").click().run()
    assert entry(page, "place").value == "brush"
    entry(page, "soft-edge").set_value(0.0).run()
    assert startable(page)
    start_and_hold(page, script)
    assert np.abs(maps(script)[1] - SKY).mean() < 0.02  # it was enlarged and reduced again


def test_brushed_region_is_painted(page: AppTest, script: fake_engine.Script) -> None:
    choose(page, "brush")
    assert not startable(page)
    assert "Brush over the parts to paint." in captions(page)
    brush(page, SUBJECT)
    entry(page, "soft-edge").set_value(0.0).run()
    assert startable(page)
    start_and_hold(page, script)
    np.testing.assert_allclose(maps(script)[1], SUBJECT, atol=0.01)


def test_each_photo_keeps_what_was_brushed_on_it(page: AppTest) -> None:
    choose(page, "brush")
    brush(page, SUBJECT)
    entry(page, "photo").set_value("cat").run()
    assert not startable(page)
    entry(page, "photo").set_value("harbor-town").run()
    assert startable(page)


def test_a_box_says_where_the_subject_is(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    choose(page, "subject")
    assert not startable(page)
    put_box(page, 0.1, 0.2, 0.5, 0.9)
    entry(page, "soft-edge").set_value(0.0).run()
    assert sights.asked[-1] == ("subject", "harbor-town", (0.1, 0.2, 0.5, 0.9))
    start_and_hold(page, script)
    np.testing.assert_allclose(maps(script)[1], box(0.1, 0.2, 0.5, 0.9), atol=0.01)


def test_useless_box_gives_an_error(page: AppTest, sights: Sights) -> None:
    sights.parts["subject"], sights.useless = SUBJECT, "The box covers the whole photo."
    choose(page, "subject")
    put_box(page, 0, 0, 1, 1)
    assert [read(error.value) for error in page.error] == [sights.useless]
    assert not startable(page)
    put_box(page, 0.1, 0.1, 0.9, 0.9)
    sights.useless = ""
    put_box(page, 0.2, 0.1, 0.9, 0.9)
    assert not page.error and startable(page)


def mask_file(mask: np.ndarray) -> bytes:
    return images.encode(images.to_pixels(mask), "png")


def test_a_mask_of_ones_own(page: AppTest, script: fake_engine.Script) -> None:
    choose(page, "file")
    assert not startable(page)
    upload(page, "mask", "mask.png", mask_file(SKY))
    entry(page, "soft-edge").set_value(0.0).run()
    assert startable(page)
    start_and_hold(page, script)
    np.testing.assert_allclose(maps(script)[1], SKY, atol=0.01)


def test_a_mask_of_another_shape_is_refused_at_once(page: AppTest) -> None:
    choose(page, "file")
    square = np.ones((60, 60), np.float32)
    upload(page, "mask", "mask.png", mask_file(square))
    assert "received 60 x 60 pixels" in page.error[0].value
    assert not startable(page)


def test_a_mask_of_ones_own_is_kept_for_the_visit(page: AppTest, script: fake_engine.Script) -> None:
    choose(page, "file")
    upload(page, "mask", "mask.png", mask_file(SKY))
    for place in ("subject", "everywhere", "file"):
        choose(page, place)
    entry(page, "soft-edge").set_value(0.0).run()
    assert startable(page)
    page.button(key="another-mask").click().run()
    assert not startable(page)
    upload(page, "mask", "mask.png", mask_file(1 - SKY))
    start_and_hold(page, script)
    np.testing.assert_allclose(maps(script)[1], 1 - SKY, atol=0.01)


def test_a_mask_that_does_not_fit_one_photo_may_fit_the_next(page: AppTest) -> None:
    choose(page, "file")
    square = np.ones((60, 60), np.float32)
    upload(page, "mask", "mask.png", mask_file(square))
    assert page.error
    upload(page, "photo", "square.png", picture_file((90, 120, 30), (60, 60)))
    assert not page.error and startable(page)
    entry(page, "photo").set_value("harbor-town").run()
    upload(page, "mask", "mask.png", mask_file(SKY))
    assert not page.error and startable(page)


@pytest.mark.parametrize("file", [b"no picture", mask_file(np.zeros((HEIGHT, WIDTH), np.float32))])
def test_an_unusable_mask_file_is_explained_until_another_comes(page: AppTest, file: bytes) -> None:
    choose(page, "file")
    upload(page, "mask", "mask.png", file)
    assert "mask" in page.error[0].value and not startable(page)
    page.run()
    assert page.error and not page.exception
    upload(page, "mask", "mask.png", mask_file(SKY))
    assert not page.error and startable(page)


def test_an_unusable_brushed_mask_is_explained(page: AppTest) -> None:
    choose(page, "brush")
    brush(page, np.zeros((HEIGHT, WIDTH), np.float32))
    assert "black everywhere" in page.error[0].value and not startable(page)
    brush(page, SKY)
    assert not page.error and startable(page)


def test_a_brushed_mask_goes_back_on_the_board_as_it_was(page: AppTest, script: fake_engine.Script) -> None:
    choose(page, "brush")
    brush(page, SKY)
    start_and_hold(page, script)
    region = page.session_state["run"].request.region
    with pytest.MonkeyPatch.context() as patch:
        state: dict[str, object] = {}
        patch.setattr(st, "session_state", state)
        photo = page.session_state["run"].request.photo
        region_picker.apply(region, photo)
    url = state["drawn-with-brush"][photo.token]
    drawn = images.read(b64decode(url.partition(",")[2])).alpha
    rows = images.resize(drawn, (WIDTH, HEIGHT)).mean(1)
    edge = round(0.4 * HEIGHT)
    assert rows[: edge - 3].min() > 250 and rows[edge + 3 :].max() < 5


def cut_out() -> bytes:
    """A photo that is transparent but for its sky."""
    pixels = np.dstack([np.full((HEIGHT, WIDTH, 3), 90, np.uint8), images.to_pixels(SKY)])
    return images.encode(pixels, "png")


def test_opaque_part_is_offered_for_photos_with_transparency(
    page: AppTest, script: fake_engine.Script, sights: Sights
) -> None:
    offered = "Opaque part"
    sights.parts["alpha"] = SKY
    assert not any(offered in option for option in entry(page, "place").options)
    upload(page, "photo", "cut-out.png", cut_out())
    assert any(offered in option for option in entry(page, "place").options)
    choose(page, "alpha")
    entry(page, "soft-edge").set_value(0.0).run()
    assert any(text.value.endswith("**: only the opaque part") for text in page.markdown)
    start_and_hold(page, script)
    np.testing.assert_allclose(maps(script)[1], SKY, atol=0.01)


def test_a_photo_without_that_place_is_painted_as_a_whole(page: AppTest, sights: Sights) -> None:
    sights.parts["alpha"] = SKY
    upload(page, "photo", "cut-out.png", cut_out())
    choose(page, "alpha")
    entry(page, "photo").set_value("harbor-town").run()
    assert not page.exception
    assert entry(page, "place").value == "everywhere" and startable(page)


def test_the_rest_may_get_the_same_style_more_lightly(
    page: AppTest, script: fake_engine.Script, sights: Sights
) -> None:
    sights.parts["sky"] = SKY
    choose(page, "sky")
    assert "Strength for everything else" not in {slider.label for slider in page.slider}
    entry(page, "rest").set_value("same").run()
    assert entry(page, "rest-strength").value < entry(page, "setting-strength").value
    entry(page, "rest-strength").set_value(20).run()
    start_and_hold(page, script)
    assert [region.strength for region in regions(script)] == [20, None]
    assert not isinstance(script.calls[-1]["style"], list)


def test_the_rest_may_get_another_style(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sights.parts["sky"] = SKY
    choose(page, "sky")
    entry(page, "rest").set_value("other").run()
    assert "Night over the Bay" not in entry(page, "rest-style").options
    entry(page, "rest-style").set_value("great-swell").run()
    start_and_hold(page, script)
    assert [source.stem for source in script.calls[-1]["style"]] == ["night-over-the-bay", "great-swell"]
    assert script.calls[-1]["style_weights"] == [1.0, 0.0]
    assert [(region.style, region.strength) for region in regions(script)] == [(1, DEFAULT_STRENGTH), (None, None)]
    said = next(text.value for text in page.markdown if "manner" in text.value) if not page.progress else ""
    assert not said or "the rest in the style of **Great Swell**" in said


def test_a_soft_edge_reaches_the_engine(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sights.parts["sky"] = SKY
    choose(page, "sky")
    entry(page, "soft-edge").set_value(7.5).run()
    start_and_hold(page, script)
    assert regions(script)[-1].feather == 7.5


def test_an_instant_picture_follows_the_place_without_start(
    page: AppTest, script: fake_engine.Script, sights: Sights
) -> None:
    sights.parts["sky"] = SKY
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    choose(page, "brush")
    assert len(script.calls) == 1 and not page.error  # there is nothing to paint yet
    brush(page, SUBJECT)
    finish(page)
    assert len(script.calls) == 2
    choose(page, "sky")
    finish(page)
    assert len(script.calls) == 3
    entry(page, "soft-edge").set_value(0.0).run()
    finish(page)
    np.testing.assert_allclose(maps(script)[1], SKY, atol=0.01)


def test_places_go_with_published_recipes(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sights.parts["sky"] = SKY
    entry(page, "recipe").set_value("tf-tutorial").run()
    choose(page, "sky")
    assert "Everything else" not in {each.label for each in page.selectbox}  # there is no strength to be had
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == PRESETS["tf-tutorial"]
    assert [region.strength for region in regions(script)] == [0, None]
