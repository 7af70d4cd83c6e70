"""The page about the method: its pictures, its laboratory, and the way there and back."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from nst.errors import ModelError
from nst.images import io as images
from nst.images import samples
from nst.models.extractors.lite import LITE
from nst.settings.engines import LayerWeights
from nst.system.assets import ASSETS
from nst.ui.actions.layer_experiment import ALL, MINE, Question
from nst.ui.pages.about import CHAPTERS
from nst.ui.result.layer_experiment import LAYERS
from nst.ui.server import resources as server
from nst.ui.state.pictures import ImageChoice
from tests.support import fake_engine
from tests.support.studio_page import PATIENCE, Others, entry, read, start_and_hold, turn_to

FIGURES = [figure for chapter in CHAPTERS for figure in chapter.row]


@pytest.fixture
def about(page: AppTest) -> AppTest:
    return turn_to(page, "about")


def attempt(about: AppTest) -> None:
    """Press Try, and wait until both pictures are there."""
    about.button(key="try-layers").click().run()
    assert not about.exception
    assert about.session_state["experiment"].job.ended.wait(PATIENCE)
    about.run()
    assert not about.exception


def captions(about: AppTest) -> list[str]:
    """Return the captions of the laboratory's pictures."""
    return [caption for each in about.image for caption in each.captions][len(FIGURES) :]


def question(styled: tuple[str, ...], held: tuple[str, ...]) -> Question:
    choice = ImageChoice("x", "X", "an x", np.zeros((8, 8, 3), np.uint8))
    return Question(choice, choice, styled, held)


def weighing(layers: LayerWeights | None) -> dict[str, float]:
    """Return the layers with nonzero weight, with their weights."""
    return {name: weight for name, weight in layers or () if weight}


# Its pictures


def test_every_picture_is_there_and_all_of_them_are_small() -> None:
    files = {path.stem: path for path in (ASSETS / "about").iterdir()}
    assert files.keys() == {figure.name for figure in FIGURES}
    assert sum(path.stat().st_size for path in files.values()) < 400_000
    for path in files.values():
        with Image.open(BytesIO(path.read_bytes())) as picture:
            assert picture.format == "JPEG"
            assert max(picture.size) <= 288


def test_every_picture_says_what_it_shows_to_those_who_cannot_see_it(about: AppTest) -> None:
    shown = [each.proto.imgs[0] for each in about.image]
    assert [each.alt for each in shown][: len(FIGURES)] == [figure.alt for figure in FIGURES]
    assert all(figure.alt.endswith(".") and figure.alt != figure.caption for figure in FIGURES)


def test_style_and_content_are_where_the_network_looks_for_them() -> None:
    """The photo painted has the painting's table of what goes together, rather than the photo's."""
    tables = {
        name: images.read(ASSETS / "about" / f"together-{name}.jpg").rgb.astype(float)
        for name in ("photo", "style", "result")
    }
    to_style = np.abs(tables["result"] - tables["style"]).mean()
    to_photo = np.abs(tables["result"] - tables["photo"]).mean()
    assert to_style < 0.5 * to_photo


# The way there and back


def test_the_studio_leads_to_it_and_it_leads_back(page: AppTest) -> None:
    (there,) = (each.proto for each in page.get("page_link") if each.proto.label == "How does it work?")
    assert there.page_script_hash == calc_hash("about")
    turn_to(page, "about")
    (back,) = (each.proto for each in page.get("page_link"))
    assert (back.label, back.page_script_hash) == ("Back to the studio", calc_hash("studio"))
    assert page.title[0].value == "How a photo becomes a painting"


def test_selection_in_the_studio_survives_a_visit(page: AppTest) -> None:
    entry(page, "photo").set_value("landscape").run()
    entry(page, "style").set_value("great-swell").run()
    entry(page, "setting-strength").set_value(33.0).run()
    entry(page, "recipe").set_value("tf-tutorial").run()
    turn_to(page, "about")
    page.run()  # more than once, as when somebody tries layers
    turn_to(page, "studio")
    assert entry(page, "photo").value == "landscape"
    assert entry(page, "style").value == "great-swell"
    assert entry(page, "recipe").value == "tf-tutorial"


def test_a_painting_goes_on_meanwhile_and_is_found_again(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    job = page.session_state["run"].job
    turn_to(page, "about")
    (back,) = (each.proto for each in page.get("page_link"))
    assert back.query_string == f"run={job.token}"
    script.release()
    attempt(page)  # an experiment does not take the painting's place
    assert job.ended.wait(PATIENCE)
    assert job.progress.state == "done"
    turn_to(page, "studio")
    assert page.session_state["run"].job is job


# The laboratory


def test_all_layers_of_the_network_have_a_plain_name() -> None:
    assert tuple(LAYERS) == LITE.layers
    assert all(name.endswith(f" (layer {number})") for number, name in enumerate(LAYERS.values(), 1))


def test_trying_layers_paints_a_small_picture_beside_one_with_all(about: AppTest, script: fake_engine.Script) -> None:
    script.release()
    entry(about, "laboratory-style").set_value(["block3_conv3", "block2_conv1"]).run()
    entry(about, "laboratory-photo").set_value(["block2_conv2"]).run()
    attempt(about)
    mine, everything = (call["settings"] for call in script.calls)
    assert weighing(mine.style_layers) == {"block2_conv1": 1.0, "block3_conv3": 1.0}
    assert weighing(mine.content_layers) == {"block2_conv2": 1.0}
    assert weighing(everything.style_layers) == dict(LITE.style_layers)
    assert weighing(everything.content_layers) == dict(LITE.content_layers)
    assert {(each.size, each.steps, each.network) for each in (mine, everything)} == {(256, 30, "lite")}
    assert mine.strength == everything.strength
    assert captions(about) == [
        "Your layers. Style from: Fine lines (layer 3) and Swirls (layer 7). "
        "Kept from the photo: Thin strokes (layer 4).",
        "All layers used by the studio",
    ]
    assert about.session_state["experiment"].pictures.keys() == {MINE, ALL}


def test_it_paints_the_pair_of_the_studio(page: AppTest, script: fake_engine.Script) -> None:
    script.release()
    entry(page, "photo").set_value("landscape").run()
    entry(page, "style").set_value("great-swell").run()
    attempt(turn_to(page, "about"))
    known = {sample.slug: sample.path for sample in (*samples.photos(), *samples.styles())}
    assert {(call["content"], call["style"]) for call in script.calls} == {(known["landscape"], known["great-swell"])}
    assert any("**Mountain lake** in the style of **Great Swell**" in text.value for text in page.markdown)


def test_the_picture_with_all_layers_is_painted_once_for_a_pair(about: AppTest, script: fake_engine.Script) -> None:
    script.release()
    attempt(about)
    entry(about, "laboratory-style").set_value(["block4_conv3"]).run()
    attempt(about)
    assert len(script.calls) == 3
    assert about.session_state["experiment"].pictures.keys() == {MINE, ALL}


def test_without_a_layer_for_the_style_there_is_nothing_to_try(about: AppTest) -> None:
    entry(about, "laboratory-style").set_value([]).run()
    assert about.button(key="try-layers").disabled
    assert any("at least one layer" in caption.value for caption in about.caption)


def test_without_a_layer_for_the_photo_the_style_grows_out_of_noise() -> None:
    settings = question(("block1_conv1",), ()).settings
    assert (settings.init, settings.content_weight) == ("noise", 0.0)
    assert settings.strength is None


def test_whatever_is_tried_tensorflow_traces_it_once() -> None:
    """Traces are never freed, and go by the layers that are looked at."""
    tried = [question(("block1_conv1",), ()), question(("block4_conv3",), ("block2_conv1", "block1_conv1"))]
    for settings in (each.settings for each in tried):
        for layers in (settings.style_layers, settings.content_layers):
            assert [name for name, _ in layers or ()] == list(LITE.layers)


def test_deep_layers_do_not_outweigh_the_others() -> None:
    asked = question(("block3_conv1", "block4_conv1", "block4_conv3"), ("block1_conv1",))
    weights = weighing(asked.settings.style_layers)
    assert weights["block4_conv3"] == weights["block4_conv1"] < weights["block3_conv1"]


def test_pictures_come_while_they_are_painted(about: AppTest, script: fake_engine.Script) -> None:
    about.button(key="try-layers").click().run()
    assert script.held.wait(PATIENCE)
    about.run()
    assert captions(about)[1] == "Your photo"  # until its turn comes
    assert captions(about)[0].startswith("Your layers.")
    (bar,) = about.get("progress")
    assert bar.proto.text == "Painting…"
    script.release()


def test_errors_are_shown_and_a_retry_works(about: AppTest, script: fake_engine.Script) -> None:
    script.error = ModelError("The network fell asleep. Wake it.")
    attempt(about)
    assert [read(error.value) for error in about.error] == ["The network fell asleep. Wake it."]
    script.error = None
    script.release()
    attempt(about)
    assert not about.error
    assert about.session_state["experiment"].pictures.keys() == {MINE, ALL}


def test_a_full_server_says_so(about: AppTest) -> None:
    limits = server.limits()
    first = Others(server.instant_jobs(), 1)
    while first.jobs[0].waiting:
        assert not first.jobs[0].ended.wait(0.01)
    others = Others(server.instant_jobs(), limits.waiting)
    about.button(key="try-layers").click().run()
    assert [read(error.value) for error in about.error] == [
        f"The studio is busy: all {limits.waiting} places in the queue are taken. Please try again in a few minutes."
    ]
    first.let_go()
    others.let_go()


def test_stopping_ends_both_pictures(page: AppTest, script: fake_engine.Script) -> None:
    turn_to(page, "about").button(key="try-layers").click().run()
    assert script.held.wait(PATIENCE)
    experiment = page.session_state["experiment"]
    experiment.job.stop()
    assert experiment.job.ended.wait(PATIENCE)
    assert len(script.calls) == 1
    assert ALL not in experiment.pictures
