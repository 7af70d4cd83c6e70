"""A run's pictures at every size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from nst.errors import InputError, SettingsError
from nst.optimization.problem import Problem, to_float, to_pixels
from nst.run.control import Control, EngineControl
from nst.run.inputs import Inputs
from nst.run.regions import Region
from nst.settings.engines import OptimizeSettings

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (60, 90, 3), np.uint8)
STYLE = RNG.integers(0, 256, (80, 40, 3), np.uint8)
OTHER = RNG.integers(0, 256, (90, 60, 3), np.uint8)


def settings(**changes: object) -> OptimizeSettings:
    return OptimizeSettings(**{"size": 96, **changes})


def problem(**changes: object) -> Problem:
    init_image = changes.pop("init_image", None)
    return Problem.read(Inputs(PHOTO, STYLE, init_image=init_image), settings(**changes))


def test_the_aspect_ratio_is_kept() -> None:
    assert problem().size == (96, 64)


def test_a_style_is_scaled_to_the_area_of_the_picture_and_not_squeezed() -> None:
    _, (style,), _ = problem().targets((48, 32))
    height, width = style.shape[:2]
    assert height * width == pytest.approx(48 * 32, rel=0.05)
    assert height / width == pytest.approx(80 / 40, rel=0.05)


@pytest.mark.parametrize("scale", [0.25, 0.5])
def test_a_fine_brush_scales_the_style_down_as_a_whole(scale: float) -> None:
    _, (style,), shares = problem(style_scale=scale).targets((96, 64))
    side = scale * (96 * 64 / (80 * 40)) ** 0.5
    assert style.shape == (round(80 * side), round(40 * side), 3) and shares == (1.0,)
    wanted = np.asarray(Image.fromarray(STYLE).resize(style.shape[1::-1], Image.Resampling.LANCZOS))
    np.testing.assert_array_equal(to_pixels(style), wanted)


@pytest.mark.parametrize(("scale", "fields"), [(1.5, 2), (2.0, 2), (3.0, 3), (4.0, 4)])
def test_a_bold_brush_scales_it_up_in_parts_no_larger_than_the_picture(scale: float, fields: int) -> None:
    _, parts, shares = problem(style_scale=scale).targets((96, 64))
    assert len(parts) == len(shares) == fields**2 and len(set(shares)) == 1
    assert all(part.shape[0] * part.shape[1] <= 96 * 64 * 1.05 for part in parts)
    rows = [np.concatenate(parts[row * fields : (row + 1) * fields], 1) for row in range(fields)]
    whole = np.concatenate(rows)
    assert whole.shape[0] * whole.shape[1] == pytest.approx(96 * 64 * scale**2, rel=0.06)
    wanted = Image.fromarray(STYLE).resize(whole.shape[1::-1], Image.Resampling.BICUBIC)
    assert np.abs(whole * 255 - np.asarray(wanted)).mean() < 12  # noise; side by side they are the style


def test_a_bold_brush_looks_at_a_part_of_each_field_where_all_were_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nst.optimization.problem.WHOLE", 96 * 64 * 2)
    rings = np.zeros((80, 80, 3), np.uint8)
    rings[20::40, :, 0] = rings[:, 20::40, 1] = 255  # through the middle of each of four fields
    found = Problem.read(Inputs(PHOTO, rings), OptimizeSettings(size=96, style_scale=2))
    _, parts, _ = found.targets((96, 64))
    assert sum(part.shape[0] * part.shape[1] for part in parts) == pytest.approx(96 * 64 * 2, rel=0.05)
    for part in parts:
        height, width = part.shape[:2]
        assert abs(part[..., 0].mean(1).argmax() - height / 2) <= 2
        assert abs(part[..., 1].mean(0).argmax() - width / 2) <= 2


@pytest.mark.parametrize("scale", [0.25, 1.3, 2.9, 4.0])
def test_styles_of_any_shape(scale: float) -> None:
    for height, width in ((16, 320), (320, 16), (97, 53), (241, 199), (123, 457)):
        found = Problem.read(Inputs(PHOTO, np.zeros((height, width, 3), np.uint8)), settings(style_scale=scale))
        for size in ((7, 5), (96, 64)):
            _, parts, _ = found.targets(size)
            assert all(min(part.shape) >= 1 for part in parts)


def test_several_styles_keep_their_weights_in_parts() -> None:
    found = Problem.read(Inputs(PHOTO, [STYLE, OTHER], [3.0, 1.0]), OptimizeSettings(size=96, style_scale=2))
    _, parts, shares = found.targets((96, 64))
    assert len(parts) == 8
    assert sum(shares[:4]) == 3 and sum(shares[4:]) == 1


def test_starts_from_the_photo() -> None:
    np.testing.assert_array_equal(to_pixels(problem().start((96, 64), None)), problem().photo)


def test_starts_from_seeded_noise() -> None:
    first, again, other = (problem(init="noise", seed=seed).start((96, 64), None) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).mean() > 0.2 and abs(first.mean() - 0.5) < 0.01


def test_starts_from_a_third_picture_cropped_and_not_squeezed() -> None:
    stripes = np.zeros((200, 200, 3), np.uint8)
    stripes[:, ::20] = 255  # 10 lines a side; a squeezed picture would show all of them across and down
    start = problem(init="image", init_image=stripes).start((96, 64), None)
    assert start.shape == (64, 96, 3)
    lines = (start[32, :, 0] > start[32, :, 0].mean() + 0.2).astype(int)
    assert (np.diff(lines) == 1).sum() + lines[0] == 10


def test_enlarging_an_untouched_photo_gives_the_photo_back() -> None:
    found = problem()
    small = found.start((48, 32), None)
    np.testing.assert_array_equal(to_pixels(found.enlarge(small, (96, 64))), found.photo)


def test_enlarging_noise_brings_no_photo_back() -> None:
    found = problem(init="noise")
    flat = np.full((32, 48, 3), 0.5, np.float32)
    np.testing.assert_allclose(found.enlarge(flat, (96, 64)), 0.5, atol=1e-6)


@pytest.mark.parametrize("init", ["content", "fast", "image"])
def test_freedom_leads_from_the_start_to_noise(init: str) -> None:
    given = {"init": init} | ({} if init == "content" else {"init_image": OTHER})
    bound, free, half = (problem(init_noise=f, seed=3, **given).start((48, 32), None) for f in (0, 100, 50))
    np.testing.assert_array_equal(bound, problem(**given).start((48, 32), None))
    np.testing.assert_array_equal(free, problem(init="noise", seed=3).start((48, 32), None))
    np.testing.assert_allclose(half, (bound + free) / 2, atol=1e-6)
    assert np.abs(half - problem(init_noise=50, seed=4, **given).start((48, 32), None)).mean() > 0.1


def test_noise_is_for_the_first_size_only_and_detail_comes_back_as_far_as_freedom_leaves_it() -> None:
    flat = np.full((32, 48, 3), 0.5, np.float32)
    bound, free, half = (problem(init_noise=f).start((96, 64), flat) for f in (0, 100, 50))
    np.testing.assert_array_equal(free, 0.5)
    detail = np.clip(bound, 0.01, 0.99) - 0.5
    seen = np.abs(bound - 0.5) < 0.49
    np.testing.assert_allclose(half[seen] - 0.5, detail[seen] / 2, atol=1e-6)


def test_previews_keep_one_size_and_the_results_aspect_ratio() -> None:
    found = Problem.read(Inputs(PHOTO, STYLE), OptimizeSettings(size=2048))
    sizes = {found.preview(np.zeros((h, w, 3), np.float32)).shape for w, h in ((512, 341), (1024, 683))}
    assert len(sizes) == 1
    height, width, _ = sizes.pop()
    assert width == 1024 and abs(height - 1024 * 60 / 90) <= 1


def test_pixels_survive_the_way_there_and_back() -> None:
    np.testing.assert_array_equal(to_pixels(to_float(PHOTO)), PHOTO)


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0], [0.0, 0.0], [1.0, float("nan")]])
def test_style_weights_that_make_no_sense(weights: list[float]) -> None:
    with pytest.raises(SettingsError, match="style_weights must be 2 numbers"):
        Problem.read(Inputs(PHOTO, [STYLE, OTHER], weights), OptimizeSettings())


def test_no_style_at_all() -> None:
    with pytest.raises(InputError, match="at least one style"):
        Problem.read(Inputs(PHOTO, []), OptimizeSettings())


def test_init_and_init_image_belong_together() -> None:
    with pytest.raises(SettingsError, match="require each other"):
        problem(init="image").check_start()
    with pytest.raises(SettingsError, match="require each other"):
        problem(init_image=OTHER).check_start()


# Colors that are turned in mid-run


def with_values(found: Problem, **asked: object) -> Problem:
    control = Control()
    control.update(**asked)
    return found.updated(EngineControl(control))


def test_styles_are_recolored_from_what_they_were_read_as() -> None:
    """However often colors were turned, they are what a run has that is begun with them."""
    plain = problem()
    np.testing.assert_array_equal(plain.styles, [STYLE])
    found = with_values(with_values(plain, colors="matched"), colors="photo", color_amount=60)
    np.testing.assert_array_equal(found.styles, problem(colors="photo", color_amount=60).styles)
    assert np.abs(found.styles[0].astype(int) - STYLE).max() > 2
    np.testing.assert_array_equal(
        with_values(found, colors="matched").styles, problem(colors="matched", color_amount=60).styles
    )
    np.testing.assert_array_equal(with_values(found, colors="style").styles, [STYLE])


@pytest.mark.parametrize("regions", [(), [Region(PHOTO[..., 0] > 99, strength=0)]], ids=["whole", "in part"])
def test_previews_and_results_are_finished_in_the_colors_by_now(regions: Sequence[Region]) -> None:
    found = Problem.read(Inputs(PHOTO, STYLE, regions=regions), settings())
    begun = Problem.read(Inputs(PHOTO, STYLE, regions=regions), settings(colors="photo", color_amount=30))
    x = to_float(found.photo)[::-1]
    there, back = with_values(found, colors="photo", color_amount=30), with_values(begun, colors="style")
    for one, other in ((there, begun), (back, found)):
        np.testing.assert_array_equal(one.result(x), other.result(x))
        np.testing.assert_array_equal(one.preview(x), other.preview(x))
    assert np.abs(begun.result(x).astype(int) - found.result(x)).max() > 2


def test_nothing_is_made_anew_where_nothing_was_turned() -> None:
    found = problem(colors="photo", color_amount=40)
    assert (
        found.updated(EngineControl(Control())) is found
        and with_values(found, colors="photo", color_amount=40) is found
    )


# Pictures in parts

TOP = np.zeros((64, 96), bool)
TOP[:20] = True


def parted(*regions: Region, **changes: object) -> Problem:
    return Problem.read(Inputs(PHOTO, [STYLE, OTHER], [3.0, 1.0], regions=regions), settings(**changes))


def test_a_picture_that_is_one_has_no_guide() -> None:
    assert problem().guide((48, 32)) is None


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0, 2.5])
def test_each_part_that_is_painted_has_the_weights_of_its_styles_in_all_their_pieces(scale: float) -> None:
    found = parted(Region(TOP, style=1), Region(~TOP, strength=0), style_scale=scale)
    guide = found.guide((48, 32))
    _, pieces, _ = found.targets((48, 32))
    assert guide is not None and guide.maps.shape == (2, 32, 48) and guide.mix_indices == (0, 1)
    mixed, alone = (np.reshape(mix, (2, -1)) for mix in guide.mixes)  # by style
    assert mixed.size == alone.size == len(pieces)
    assert (mixed[0] == 3 * mixed[1]).all() and (alone[0] == 0).all() and len({*alone[1]}) == 1 and alone[1][0] > 0
    assert guide.coverage is not None and guide.coverage[0].min() == 1 and guide.coverage[-1].max() == 0
    np.testing.assert_allclose(guide.maps.sum(0), guide.coverage, atol=0.01)


def test_parts_in_one_style_are_in_one_manner() -> None:
    guide = parted(Region(TOP, style=1), Region(~TOP, strength=20), Region(TOP, style=1, strength=5)).guide((48, 32))
    assert guide is not None and guide.mix_indices == (0, 1, 0, 1) and len(guide.mixes) == 2
    alone = Problem.read(Inputs(PHOTO, STYLE, regions=[Region(TOP, style=0)]), settings()).guide((48, 32))
    assert alone is not None and alone.mix_indices == (0, 0)


def test_a_picture_without_a_painted_part_has_something_to_look_at_and_no_cover() -> None:
    guide = parted(Region(TOP, strength=0), strength=0).guide((48, 32))
    assert guide is not None and guide.maps.shape == (1, 32, 48)
    assert guide.coverage is not None and guide.coverage.max() == 0


def test_previews_and_results_show_the_photo_where_nothing_is_painted() -> None:
    found = Problem.read(Inputs(PHOTO, STYLE, regions=[Region(TOP, strength=0)]), settings(size=2048))
    coarse = np.zeros((85, 128, 3), np.float32)
    for picture, photo in ((found.preview(coarse), found._small_photo), (found.result(coarse), found.photo)):
        height = len(picture)
        np.testing.assert_array_equal(picture[: round(0.25 * height)], photo[: round(0.25 * height)])
        assert (picture[round(0.4 * height) :] < photo[round(0.4 * height) :]).mean() > 0.9
