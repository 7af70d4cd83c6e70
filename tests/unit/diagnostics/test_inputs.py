"""Diagnostics before painting: faults are found, good inputs pass, and fixes work."""

from dataclasses import replace

import numpy as np
import pytest

from nst.diagnostics import ImageStats, Issue, RunPlan, before
from nst.images import io as images
from nst.images import samples
from nst.images.io import Picture
from nst.settings.engines import DEFAULT_STRENGTH, FastSettings, OptimizeSettings
from nst.settings.presets import PRESETS
from tests.support.pictures import gradient

FINE = ImageStats((800, 600), colorless=False, painted=0.0, hidden=0.0)
GRAY = replace(FINE, colorless=True)


def issue(plan: RunPlan) -> Issue | None:
    advice = before(plan)
    return None if advice is None else advice.issue


def mended(plan: RunPlan) -> RunPlan:
    """The plan with the fix of its advice, as far as that is one of settings."""
    advice = before(plan)
    assert advice is not None and advice.fix.settings is not None
    return replace(plan, settings=advice.fix.settings)


@pytest.mark.parametrize("settings", [OptimizeSettings(), FastSettings(), *PRESETS.values()])
def test_nothing_is_said_where_nothing_is_wrong(settings):
    assert before(RunPlan(FINE, [FINE], settings)) is None


@pytest.mark.slow
def test_sample_pictures_are_well_in_every_pair():
    photos, styles = (
        [ImageStats.of(images.read(each.path)) for each in kind()] for kind in (samples.photos, samples.styles)
    )
    assert {issue(RunPlan(photo, [style], OptimizeSettings())) for photo in photos for style in styles} == {None}


class TestSwapped:
    painting, photo = replace(FINE, painted=2.0), replace(FINE, painted=-3.0)

    def test_it_is_seen_and_swapping_mends_it(self):
        advice = before(RunPlan(self.painting, [self.photo], OptimizeSettings()))
        assert advice.issue is Issue.SWAPPED and advice.fix.swaps
        assert before(RunPlan(self.photo, [self.painting], OptimizeSettings())) is None

    def test_both_pictures_must_say_so(self):
        unsure = replace(FINE, painted=0.5)
        for pair in [
            (self.painting, self.painting),
            (self.photo, self.photo),
            (self.painting, unsure),
            (unsure, self.photo),
        ]:
            assert before(RunPlan(pair[0], [pair[1]], OptimizeSettings())) is None

    def test_a_mixture_is_no_mistake(self):
        assert before(RunPlan(self.painting, [self.photo, self.painting], OptimizeSettings())) is None


@pytest.mark.parametrize(("kind", "usual"), [(OptimizeSettings, DEFAULT_STRENGTH), (FastSettings, 100)])
class TestNoStrength:
    def test_it_is_seen_and_mended(self, kind, usual):
        plan = RunPlan(FINE, [FINE], kind(strength=0, style_scale=2))
        assert issue(plan) is Issue.NO_STRENGTH
        assert mended(plan).settings == kind(strength=usual, style_scale=2)
        assert before(mended(plan)) is None

    def test_a_little_is_a_matter_of_taste(self, kind, usual):
        assert before(RunPlan(FINE, [FINE], kind(strength=5))) is None

    def test_the_rest_may_be_all_that_is_painted(self, kind, usual):
        assert before(RunPlan(FINE, [FINE], kind(strength=0), outside_strength=60)) is None


def test_raw_weights_know_no_strength():
    assert before(RunPlan(FINE, [FINE], OptimizeSettings(content_weight=1))) is None


class TestGrayKept:
    @pytest.mark.parametrize("kind", [OptimizeSettings, FastSettings])
    @pytest.mark.parametrize("colors", ["photo", "matched"])
    def test_it_is_seen_and_mended(self, kind, colors):
        plan = RunPlan(GRAY, [FINE], kind(colors=colors, color_amount=80, style_scale=2))
        assert issue(plan) is Issue.GRAY_KEPT
        assert mended(plan).settings == kind(style_scale=2)

    def test_the_paintings_colors_are_no_trouble(self):
        assert before(RunPlan(GRAY, [FINE], OptimizeSettings())) is None
        assert before(RunPlan(GRAY, [FINE], OptimizeSettings(colors="palette"))) is None

    def test_a_bit_of_gray_may_be_wanted(self):
        assert before(RunPlan(GRAY, [FINE], OptimizeSettings(colors="photo", color_amount=20))) is None

    def test_a_gray_painting_would_give_no_color_either(self):
        assert before(RunPlan(GRAY, [GRAY], OptimizeSettings(colors="photo"))) is None


class TestTinyStyle:
    tiny = replace(FINE, size=(40, 40))

    def test_it_is_seen_and_a_fine_brush_does_its_best(self):
        plan = RunPlan(FINE, [self.tiny], OptimizeSettings())
        assert issue(plan) is Issue.TINY_STYLE
        assert "40 x 40 pixels" in before(plan).message
        assert mended(plan).settings == OptimizeSettings(style_scale=0.25)
        assert before(mended(plan)) is None

    def test_the_brush_is_as_bold_as_it_may_be(self):
        plan = RunPlan(FINE, [replace(FINE, size=(120, 120))], FastSettings(size=512))
        assert mended(plan).settings.style_scale == pytest.approx(0.25)  # 128 pixels; the next would be 181

    def test_one_of_several_is_enough(self):
        assert issue(RunPlan(FINE, [FINE, self.tiny], OptimizeSettings())) is Issue.TINY_STYLE

    def test_colors_need_no_brushwork(self):
        assert before(RunPlan(FINE, [self.tiny], OptimizeSettings(colors="palette"))) is None

    def test_a_small_style_is_no_trouble(self):
        assert before(RunPlan(FINE, [replace(FINE, size=(240, 180))], OptimizeSettings())) is None


class TestTinyPhoto:
    tiny = replace(FINE, size=(24, 28))

    @pytest.mark.parametrize("settings", [OptimizeSettings(), FastSettings()])
    def test_it_is_said_with_its_size(self, settings):
        advice = before(RunPlan(self.tiny, [FINE], settings))
        assert advice.issue is Issue.TINY_PHOTO and advice.fix is None
        assert "24 x 28 pixels are too few to look good" in advice.message

    def test_a_panorama_and_new_colors_are_no_trouble(self):
        assert before(RunPlan(replace(FINE, size=(400, 25)), [FINE], OptimizeSettings())) is None
        assert before(RunPlan(self.tiny, [FINE], OptimizeSettings(colors="palette"))) is None


class TestSeeThrough:
    def test_a_style_may_have_gaps(self):
        assert before(RunPlan(FINE, [replace(FINE, hidden=0.9)], OptimizeSettings())) is None

    def test_a_photo_can_be_painted_all_over(self):
        pixels, alpha = gradient(300, 200), np.full((200, 300), 255, np.uint8)
        alpha[:, :100] = 0
        photo = Picture(pixels, alpha)
        advice = before(RunPlan(ImageStats.of(photo), [FINE], OptimizeSettings()))
        assert advice.issue is Issue.PHOTO_SEE_THROUGH
        assert before(RunPlan(ImageStats.of(Picture(advice.fix.photo(photo))), [FINE], OptimizeSettings())) is None

    def test_round_corners_are_no_trouble(self):
        corners = replace(FINE, hidden=0.004)
        assert before(RunPlan(corners, [corners], OptimizeSettings())) is None


def test_the_most_important_comes_first():
    style = replace(GRAY, painted=-3.0, size=(40, 40))
    photo = replace(GRAY, painted=3.0, hidden=0.5)
    settings = OptimizeSettings(strength=0)
    assert issue(RunPlan(photo, [style], settings)) is Issue.SWAPPED
    assert issue(RunPlan(replace(photo, painted=0), [style], settings)) is Issue.NO_STRENGTH
    assert issue(RunPlan(replace(photo, painted=0), [style], OptimizeSettings())) is Issue.TINY_STYLE
