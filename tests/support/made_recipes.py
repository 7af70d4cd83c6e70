"""Recipes for tests."""

from __future__ import annotations

from nst.recipes.recipe import InputImage, Recipe, RecipeRegion
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from nst.settings.presets import preset

PHOTO = InputImage("harbor.jpg", "0" * 32)
WAVES, NIGHT = InputImage("waves.png", "a" * 32), InputImage("night & day.jpg", "b" * 32)

FULL = OptimizeSettings(
    colors="matched", color_amount=35.5, style_scale=0.5, steps=120, size=None, content_weight=1e3, style_weight=0.25,
    content_layers="block4_conv2", style_layers="block1_conv1,block2_conv1:0.5", tv_weight=0, init="image",
    init_noise=20, optimizer="adam", beta_1=0.8, pooling="max", levels=1, min_improvement=0.1, precision="float32",
    preview_every=7, seed=9,
)  # fmt: skip
SETTINGS: dict[str, Settings] = {
    "usual": OptimizeSettings(),
    "full": FULL,
    "published": preset("tf-tutorial"),
    "fast": FastSettings(strength=42.5, size=None, colors="photo", seed=3, noise_origin=(-12, 340)),
}


def recipe(settings: Settings = FULL) -> Recipe:
    """One that says all that a recipe can say."""
    return Recipe(
        settings=settings,
        content=PHOTO,
        styles=(WAVES, NIGHT),
        style_weights=(30, 12.5),
        color_style=NIGHT,
        init_image=InputImage("start.png", "c" * 32),
        masked=True,
        region=RecipeRegion(name="sky", feather=3.5, outside_strength=20.0, outside_style=NIGHT),
        recognizable=55.0,
        photo_share=10.0,
        ended_at=7,
        network="lite",
    )
