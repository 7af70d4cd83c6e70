"""Several styles in one picture; weights are hidden with a single style."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import StyleMix
from tests.support import fake_engine
from tests.support.studio_page import downloads, entries, entry, finish, labels, read, start, start_and_hold


def weights(page: AppTest) -> set[str]:
    return {label for label in labels(page) if label.startswith("Share of")}


def mix(page: AppTest, *tokens: str) -> None:
    entry(page, "mix").set_value(list(tokens)).run()
    assert not page.exception


def test_one_style_has_no_weights(page: AppTest, script: fake_engine.Script) -> None:
    assert entry(page, "mix").value == [] and weights(page) == set()
    start_and_hold(page, script)
    asked = script.calls[-1]
    assert asked["style"].stem == "night-over-the-bay" and asked["style_weights"] is None


def test_styles_are_mixed_by_their_weights(page: AppTest, script: fake_engine.Script) -> None:
    mix(page, "great-swell", "iris-pond")
    assert weights(page) == {"Share of Night over the Bay", "Share of Great Swell", "Share of Iris Pond"}
    entry(page, "mix-great-swell").set_value(80).run()
    assert any("**Night over the Bay, Great Swell and Iris Pond**" in read(text.value) for text in page.markdown)
    start_and_hold(page, script)
    for asked in script.calls:  # the draft, too
        assert [source.stem for source in asked["style"]] == ["night-over-the-bay", "great-swell", "iris-pond"]
        assert asked["style_weights"] == [50, 80, 50]


def test_a_main_style_that_was_among_the_others_is_no_longer(page: AppTest) -> None:
    mix(page, "great-swell", "iris-pond")
    entry(page, "style").set_value("iris-pond").run()
    assert entry(page, "mix").value == ["great-swell"]
    assert weights(page) == {"Share of Iris Pond", "Share of Great Swell"}


def test_a_weight_repaints_an_instant_picture(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "quality").set_value("instant").run()
    mix(page, "great-swell")
    start(page)
    finish(page)
    entry(page, "mix-great-swell").set_value(10).run()
    finish(page)
    assert [call["style_weights"] for call in script.calls] == [[50, 50], [50, 10]]
    assert downloads(page)


def test_strokes_of_one_painting_in_the_colors_of_another(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "mix-colors").set_value("poppy-meadow").run()
    start_and_hold(page, script)
    assert script.calls[-1]["style"].stem == "night-over-the-bay"
    assert script.calls[-1]["color_style"].stem == "poppy-meadow"


def test_colors_of_another_painting_give_way_to_the_photos(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "mix-colors").set_value("poppy-meadow").run()
    entry(page, "look-colors").set_value("photo").run()
    assert "mix-colors" not in dict(entries(page))
    start_and_hold(page, script)
    assert script.calls[-1]["color_style"] is None
    assert not page.error


def test_name_of_a_mix() -> None:
    styles = tuple(ImageChoice(name, name, name, b"") for name in ("A", "B", "C"))
    assert [StyleMix(styles[:n], (1.0,) * n).names for n in (1, 2, 3)] == ["A", "A and B", "A, B and C"]
