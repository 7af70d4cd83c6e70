"""Timeline: each preview of a run can be used like the final result."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import nst
from nst.images import io as images
from nst.jobs.preview_history import MOST
from tests.support import fake_engine
from tests.support.studio_page import default_photo, entry, finish, on_easel, read, result_view, start, start_and_hold

LABEL = "Steps"


def sliders(page: AppTest) -> list[str]:
    return [slider.label for slider in page.select_slider]


def steps(page: AppTest) -> list[int]:
    """The steps that a person can go back to, and the last one."""
    moments = page.session_state["run"].previews.before(10_000)
    return [moment.step for moment in moments]


def go_back(page: AppTest, step: int) -> None:
    entry(page, "moment").set_value(step).run()
    assert not page.exception


def end(page: AppTest) -> np.ndarray:
    """Return the engine's result, uint8 RGB (H, W, 3)."""
    return page.session_state["run"].job.progress.snapshot.image


def saved(page: AppTest) -> np.ndarray:
    _, files = page.session_state["files"]
    return images.read(files["PNG"]).rgb


def off(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(float).mean((0, 1)) - b.mean((0, 1))).max())


def painted_at(page: AppTest, step: int, steps: int) -> np.ndarray:
    """The mean color of the fake engine's picture at a step: so far from the photo's to the style's."""
    first, last = default_photo().mean((0, 1)), end(page).mean((0, 1))
    return first + (last - first) * (step / steps)


def test_there_is_no_way_back_before_and_during_a_run(page: AppTest, script: fake_engine.Script) -> None:
    assert LABEL not in sliders(page)
    start_and_hold(page, script)
    assert LABEL not in sliders(page)


def test_nor_is_there_for_a_picture_made_in_one_go(page: AppTest) -> None:
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    assert LABEL not in sliders(page)


def test_a_picture_is_at_its_end_at_first(painted: AppTest) -> None:
    slider = entry(painted, "moment")
    assert (slider.options[0], slider.options[-1], slider.value) == ("start", "finished", 70)
    assert 20 <= len(slider.options) <= MOST + 2
    assert off(result_view(painted), end(painted)) < 2


def test_a_moment_is_what_was_there_then(painted: AppTest) -> None:
    step = steps(painted)[len(steps(painted)) // 2]
    go_back(painted, step)
    assert (
        off(result_view(painted), painted_at(painted, step, 70)[None, None])
        < 3
        < off(result_view(painted), end(painted))
    )
    assert on_easel(painted)["alt"].endswith(f", iteration {step}")
    assert any(f"{step} of 70 iterations" in text.value for text in painted.markdown)


def test_selected_step_is_downloaded(painted: AppTest) -> None:
    step = steps(painted)[5]
    go_back(painted, step)
    (moment,) = (each for each in painted.session_state["run"].previews.before(70) if each.step == step)
    assert np.array_equal(saved(painted), moment.pixels)
    go_back(painted, 70)
    assert np.array_equal(saved(painted), end(painted))


def test_the_photo_shows_through_a_moment_as_well(painted: AppTest) -> None:
    step = steps(painted)[5]
    go_back(painted, step)
    next(slider for slider in painted.slider if slider.label == "Blend with photo").set_value(50).run()
    (moment,) = (each for each in painted.session_state["run"].previews.before(70) if each.step == step)
    photo = images.fit(default_photo(), max(moment.pixels.shape))
    assert np.array_equal(saved(painted), nst.blend(photo, moment.pixels, 50))


def test_the_next_picture_is_at_its_end_again(painted: AppTest, script: fake_engine.Script) -> None:
    go_back(painted, steps(painted)[3])
    start(painted)
    finish(painted)
    assert entry(painted, "moment").value == 70
    assert np.array_equal(saved(painted), end(painted))


def test_a_moment_stays_while_another_photo_is_looked_at(painted: AppTest) -> None:
    step = steps(painted)[3]
    go_back(painted, step)
    moment = saved(painted)
    entry(painted, "photo").set_value("cat").run()
    assert not painted.exception
    assert np.array_equal(saved(painted), moment)
    entry(painted, "photo").set_value(painted.session_state["run"].request.photo.token).run()
    assert entry(painted, "moment").value == step


def test_a_stopped_run_has_a_past_too(page: AppTest, script: fake_engine.Script) -> None:
    script.hold_before = 12
    start_and_hold(page, script)
    page.button(key="stop").click().run()
    finish(page)
    assert entry(page, "moment").options[-1] == "finished"
    go_back(page, 4)
    assert on_easel(page)["alt"].endswith(", iteration 4")


def test_a_moment_can_be_kept_beside_the_result(painted: AppTest) -> None:
    assert "keep-moment" not in {button.key for button in painted.button}
    step = steps(painted)[6]
    go_back(painted, step)
    moment = saved(painted)
    painted.button(key="keep-moment").click().run()
    painted.button(key="keep-moment").click().run()  # it is there already
    kept = painted.session_state["history"]
    assert [each.end.step for each in kept] == [70, step]
    assert np.array_equal(kept[1].end.image, moment)
    entry(painted, "history-choice").set_value(2).run()
    painted.button(key="history-show").click().run()
    assert not painted.exception
    assert np.array_equal(saved(painted), moment)
    assert entry(painted, "moment").value == step
    assert max(steps(painted)[: steps(painted).index(step)]) < step


@pytest.mark.parametrize("step", [0, 40])
def test_a_person_can_paint_on_from_any_moment(painted: AppTest, script: fake_engine.Script, step: int) -> None:
    chosen = min(steps(painted), key=lambda each: abs(each - step))
    go_back(painted, chosen)
    picture = saved(painted)
    entry(painted, "setting-strength").set_value(35.0).run()
    painted.button(key="paint-on").click().run()
    finish(painted)
    asked = script.calls[-1]
    assert (asked["settings"].init, asked["settings"].strength) == ("image", 35)
    assert np.array_equal(images.read(asked["init_image"]).rgb, picture)
    assert painted.session_state["setting-init"] != "image"  # the next Start is from the photo again


def test_painting_on_in_a_full_studio_is_told(painted: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    from nst.errors import Busy
    from nst.ui.actions import start as orders

    def full(a_request: object) -> None:
        raise Busy("The studio is busy.")

    monkeypatch.setattr(orders, "begin", full)
    painted.button(key="paint-on").click().run()
    assert "The studio is busy." in [read(error.value) for error in painted.error]


def test_there_is_no_painting_on_in_one_go(painted: AppTest) -> None:
    entry(painted, "quality").set_value("instant").run()
    assert "paint-on" not in {button.key for button in painted.button}
