"""Settings that repaint a finished result at a larger size: the same picture with finer strokes.

The run starts from the enlarged result and takes a few iterations at full size only. The composition stays, and strokes
of the style's own width appear in the strokes that were enlarged.
"""

from __future__ import annotations

from dataclasses import fields, replace

from nst.settings.engines import DEFAULT_STRENGTH, FastSettings, OptimizeSettings, Settings, SharedSettings

STEPS = 6  # more change the picture without making it sharper


def enlarged(settings: Settings, size: int) -> OptimizeSettings:
    """Return settings for a run of `size` pixels that starts from the result of a run with `settings`.

    Pass the result to that run as `init_image`.
    """
    if isinstance(settings, FastSettings):
        settings = _as_optimize(settings)
    return replace(settings, size=size, steps=STEPS, levels=1, init="image", init_noise=0.0, min_improvement=0.0)


def _as_optimize(settings: FastSettings) -> OptimizeSettings:
    shared = {entry.name: getattr(settings, entry.name) for entry in fields(SharedSettings)}
    strength = settings.strength * DEFAULT_STRENGTH / FastSettings.strength  # about as strong, see registry.drafted()
    return OptimizeSettings(strength=strength, precision=settings.precision, seed=settings.seed, **shared)
