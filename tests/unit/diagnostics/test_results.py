"""Diagnostics of finished pictures: faults are found, good pictures pass, and fixes differ from the settings."""

from collections.abc import Sequence

import numpy as np
import pytest

from nst.diagnostics import Issue, Result, after
from nst.diagnostics.results import UNCHANGED, changed, grain
from nst.images import io as images
from nst.images import samples
from nst.settings.engines import DEFAULT_STRENGTH, FastSettings, OptimizeSettings, Settings
from nst.settings.presets import PRESETS

PHOTO = images.fit(images.read(samples.photos()[0].path).rgb, 256)
STYLE = images.read(samples.styles()[0].path).rgb
PAINTED = images.resize(images.fit(STYLE, 200), (PHOTO.shape[1], PHOTO.shape[0]))  # something else altogether
FALLING = tuple(10 * 0.97**step for step in range(50))


def noisy(amount: float, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, amount, PAINTED.shape)
    return np.clip(PAINTED + noise, 0, 255).astype(np.uint8)


def seen(image: np.ndarray, settings: Settings | None = None, totals: Sequence[float] = FALLING) -> Issue | None:
    advice = after(Result(image, PHOTO, [STYLE], settings or OptimizeSettings(), totals))
    return None if advice is None else advice.issue


def fixed(image: np.ndarray, settings: Settings, totals: Sequence[float] = FALLING) -> Settings:
    advice = after(Result(image, PHOTO, [STYLE], settings, totals))
    assert advice is not None and advice.fix.settings is not None
    return advice.fix.settings


@pytest.mark.parametrize("settings", [OptimizeSettings(), FastSettings()])
def test_nothing_is_said_of_a_good_picture(settings):
    assert seen(PAINTED, settings) is None
    assert seen(noisy(2), settings) is None


class TestBlank:
    black = np.zeros_like(PHOTO)

    def test_black_is_seen_and_called_so(self):
        advice = after(Result(self.black, PHOTO, [STYLE], OptimizeSettings(tv_weight=100)))
        assert advice.issue is Issue.BLANK
        assert "black" in advice.message

    def test_so_is_one_color(self):
        advice = after(Result(np.full_like(PHOTO, 180), PHOTO, [STYLE], OptimizeSettings(tv_weight=100)))
        assert advice.issue is Issue.BLANK
        assert "one color" in advice.message

    def test_a_dark_picture_is_a_picture(self):
        assert seen((PAINTED // 6).astype(np.uint8)) is None

    def test_a_blank_photo_stays_blank(self):
        assert after(Result(self.black, self.black + 200, [STYLE], OptimizeSettings())) is None

    @pytest.mark.parametrize(
        "settings",
        [
            OptimizeSettings(optimizer="adam", learning_rate=1, size=320, colors="photo", style_scale=2),
            PRESETS["gatys-2016"],
            FastSettings(style_scale=2, colors="matched"),
        ],
    )
    def test_our_own_way_is_the_way_out_and_the_look_stays(self, settings):
        ours = fixed(self.black, settings)
        assert ours == OptimizeSettings(
            size=settings.size,
            colors=settings.colors,
            color_amount=settings.color_amount,
            style_scale=settings.style_scale,
        )

    def test_default_settings_are_retried_in_float32_once(self):
        exact = fixed(self.black, OptimizeSettings())
        assert exact == OptimizeSettings(precision="float32")
        assert seen(self.black, exact) is None

    def test_colors_only_give_way_to_paint(self):
        assert fixed(self.black, FastSettings(colors="palette")) == OptimizeSettings()


class TestUnchanged:
    nearly = np.clip(PHOTO.astype(int) + 1, 0, 255).astype(np.uint8)

    def test_it_is_seen(self):
        assert seen(PHOTO) is Issue.UNCHANGED
        assert seen(self.nearly) is Issue.UNCHANGED

    def test_a_painted_part_is_a_change(self):
        part = PHOTO.copy()
        part[:40, :40] = PAINTED[:40, :40]
        assert seen(part) is None

    def test_changed_is_the_mean_of_the_place_that_changed_most(self):
        photo = np.zeros((80, 160, 3), np.uint8)
        image = photo.copy()
        image[10:20, 20:40] = 40  # one of 8 x 8 places
        assert changed(image, photo) == pytest.approx(40)
        image[10:20, 20:30] = 0
        assert changed(image, photo) == pytest.approx(20)
        assert changed(photo + int(UNCHANGED) + 1, photo) > UNCHANGED

    def test_weak_settings_are_made_stronger(self):
        assert fixed(PHOTO, OptimizeSettings(strength=5, size=320)) == OptimizeSettings(
            strength=DEFAULT_STRENGTH, size=320
        )
        assert fixed(PHOTO, FastSettings(strength=5)) == FastSettings()

    def test_few_iterations_become_more(self):
        assert fixed(PHOTO, OptimizeSettings(strength=90, steps=2)) == OptimizeSettings(strength=90)

    def test_raw_weights_give_way_to_strength(self):
        assert fixed(PHOTO, OptimizeSettings(style_weight=0.001)) == OptimizeSettings()

    def test_the_usual_strength_becomes_all_there_is_and_then_it_is_left_alone(self):
        assert fixed(PHOTO, OptimizeSettings()) == OptimizeSettings(strength=100)
        assert fixed(PHOTO, OptimizeSettings(strength=100, tv_weight=100)) == OptimizeSettings(strength=100)
        assert seen(PHOTO, OptimizeSettings(strength=100)) is None

    def test_an_engine_that_is_at_its_end_gives_way_to_the_other(self):
        assert fixed(PHOTO, FastSettings(size=320)) == OptimizeSettings(size=320)


class TestStalled:
    def test_it_is_seen_in_losses_that_hardly_move(self):
        level = [10 - 0.001 * step for step in range(50)]
        assert seen(PAINTED, OptimizeSettings(optimizer="adam", learning_rate=1e-6), level) is Issue.STALLED

    def test_and_our_own_way_is_offered(self):
        stuck = OptimizeSettings(optimizer="adam", learning_rate=1e-6, style_scale=2)
        assert fixed(PAINTED, stuck, [10.0] * 50) == OptimizeSettings(style_scale=2)

    def test_every_size_begins_anew(self):
        coarse_then_fine = [10, 6, 5, 5, 5, 5, 20, 15, 14, 14, 14, 14]
        assert seen(PAINTED, OptimizeSettings(tv_weight=1), coarse_then_fine) is None

    def test_a_few_steps_say_nothing(self):
        assert seen(PAINTED, OptimizeSettings(tv_weight=1), [10.0] * 5) is None
        assert seen(PAINTED, FastSettings(), []) is None


class TestGrainy:
    grain = noisy(60)

    def test_it_is_seen(self):
        assert seen(self.grain) is Issue.GRAINY

    def test_a_grainy_photo_may_be_grainy(self):
        assert after(Result(self.grain, noisy(60, seed=1), [STYLE], OptimizeSettings())) is None

    def test_so_may_a_grainy_style(self):
        style = np.random.default_rng(0).integers(0, 255, PHOTO.shape, np.uint8)
        assert after(Result(self.grain, PHOTO, [STYLE, style], OptimizeSettings())) is None

    def test_grain_is_the_energy_of_the_finest_octave(self):
        y, x = np.mgrid[:64, :64]
        coarse = 128 + 40 * np.sin(2 * np.pi * x / 8)
        waves = {a: coarse + a * np.cos(np.pi * y) for a in (5, 10)}  # as fast as pixels can change
        fine, finer = (np.repeat(np.rint(waves[a])[..., None], 3, -1).astype(np.uint8) for a in (5, 10))
        assert grain(finer, fine, [fine]) == pytest.approx(4, rel=0.05)
        assert grain(fine, fine, [finer]) == pytest.approx(1 / 4, rel=0.05)

    @pytest.mark.parametrize(
        ("settings", "calmer"),
        [
            (FastSettings(style_scale=0.5), FastSettings()),
            (FastSettings(strength=70), OptimizeSettings()),
            (PRESETS["tf-tutorial"], OptimizeSettings()),
            (OptimizeSettings(optimizer="adam"), OptimizeSettings()),
            (OptimizeSettings(init="noise", strength=90), OptimizeSettings(strength=90)),
            (OptimizeSettings(init_noise=60), OptimizeSettings()),
            (OptimizeSettings(steps=20), OptimizeSettings()),
            (OptimizeSettings(tv_weight=0), OptimizeSettings()),
            (OptimizeSettings(tv_weight=10), OptimizeSettings(tv_weight=40)),
            (OptimizeSettings(tv_weight=40), OptimizeSettings(tv_weight=100)),
        ],
    )
    def test_the_likeliest_cause_is_taken_away(self, settings, calmer):
        assert fixed(self.grain, settings) == calmer


def test_the_smoothest_has_no_smoother():
    assert seen(TestGrainy.grain, OptimizeSettings(tv_weight=100)) is None


def test_the_worst_comes_first():
    settings = OptimizeSettings(strength=5, tv_weight=1)
    assert seen(np.zeros_like(PHOTO), settings, [10.0] * 50) is Issue.BLANK
    assert seen(PHOTO, settings, [10.0] * 50) is Issue.UNCHANGED
    assert seen(TestGrainy.grain, settings, [10.0] * 50) is Issue.STALLED
