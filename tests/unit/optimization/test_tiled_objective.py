"""Tiles against the whole: the same losses, the same gradient, whatever the cut."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from nst.models.extractors.architecture import Architecture
from nst.models.extractors.extractor import FeatureExtractor
from nst.models.extractors.lite import LITE
from nst.models.extractors.vgg19 import VGG19
from nst.optimization.losses import FORMULATIONS, STYLE_LOSSES, Formulation, formulation_of
from nst.optimization.objective import Objective
from nst.optimization.strength import Weights
from nst.optimization.tiled_objective import TiledObjective
from nst.run.control import Interrupted
from nst.run.regions import RegionWeights
from nst.settings.engines import LayerWeights, OptimizeSettings

pytestmark = pytest.mark.slow

NORMALIZED = FORMULATIONS["normalized"]
LOSSES = {**FORMULATIONS, **{name: formulation_of(OptimizeSettings(style_loss=name)) for name in STYLE_LOSSES}}
RNG = np.random.default_rng(0)
ALL = Weights(1.0, 3.0, 0.5)
SHALLOW = ((("block1_conv2", 1.0),), (("block1_conv1", 1.0), ("block1_conv2", 0.5)))
DEEP = ((("block2_conv2", 0.5), ("block4_conv1", 1.0)), (("block1_conv1", 1.0), ("block3_conv2", 2.0)))
STYLE_ONLY_DEEPEST = ((("block2_conv1", 1.0),), (("block5_conv1", 1.0),))


@cache  # tests of the same network share its traces
def network(kind: Architecture, pooling: str = "average", dtype: str = "float32") -> FeatureExtractor:
    """The layers of `kind` with six channels each, and random weights that keep features alive."""
    small = replace(kind, blocks=tuple((6, count) for _, count in kind.blocks), scale=4.0, mean=(2.0, 2.0, 2.0))
    rng = np.random.default_rng(1)
    weights = {
        name: (tf.constant(rng.normal(0.05, 0.2, shape), tf.float32), tf.constant(rng.normal(0, 0.1, 6), tf.float32))
        for name, shape in small.kernel_shapes().items()
    }
    return FeatureExtractor(small, weights, pooling, dtype)


def tolerance_of(formulation: str) -> float:
    """Deviations are roots of small differences of large sums."""
    return 1e-3 if formulation in STYLE_LOSSES else 1e-4


def picture(height: int, width: int) -> NDArray[np.float32]:
    return RNG.random((height, width, 3), np.float32)


def compare(
    extractor: FeatureExtractor,
    layers: tuple[LayerWeights, LayerWeights],
    formulation: Formulation,
    size: tuple[int, int],
    side: int,
    tolerance: float = 1e-4,
    guide: RegionWeights | None = None,
    weights: Weights = ALL,
) -> None:
    whole = Objective(extractor, *layers, formulation)
    tiled = TiledObjective(extractor, *layers, formulation, side=side, go_on=lambda: True)
    photo, styles, x = picture(*size), [picture(90, 70), picture(33, 150)], picture(*size)
    wanted = whole.evaluate(x, whole.targets(photo, styles, [1.0, 2.0], guide), weights)
    targets = tiled.targets(photo, styles, [1.0, 2.0], guide)
    found = tiled.evaluate(x, targets, weights)
    assert len(targets.tiles) > 1
    for ours, theirs in zip(vars(found.losses).values(), vars(wanted.losses).values(), strict=True):
        assert ours == pytest.approx(theirs, rel=tolerance)
    largest = np.abs(wanted.gradient).max()
    np.testing.assert_allclose(found.gradient, wanted.gradient, atol=tolerance * largest)


@pytest.mark.parametrize("formulation", LOSSES)
def test_every_formulation(formulation: str) -> None:
    compare(network(LITE), DEEP, LOSSES[formulation], (96, 136), 48, tolerance=tolerance_of(formulation))


@pytest.mark.parametrize(  # odd, and narrower than a tile
    ("kind", "size"), [(LITE, (97, 131)), (LITE, (200, 33)), (VGG19, (97, 131)), (VGG19, (64, 200))]
)
def test_sizes_that_do_not_divide(kind: Architecture, size: tuple[int, int]) -> None:
    compare(network(kind), DEEP, NORMALIZED, size, 40)


@pytest.mark.parametrize("layers", [SHALLOW, STYLE_ONLY_DEEPEST])
@pytest.mark.parametrize("pooling", ["average", "max"])
def test_shallow_layers_in_small_tiles_and_deep_ones_with_a_wide_halo(
    layers: tuple[LayerWeights, LayerWeights], pooling: str
) -> None:
    compare(network(VGG19, pooling), layers, NORMALIZED, (70, 90), 16)


@pytest.mark.parametrize(
    ("formulation", "size"),
    [("normalized", (97, 131)), ("gatys", (96, 136)), ("moments", (96, 136)), ("wasserstein", (97, 131))],
)
def test_pictures_in_parts(formulation: str, size: tuple[int, int]) -> None:
    maps = RNG.random((3, *size), np.float32)
    maps[1, :50] = 0  # tiles without a pixel of it
    guide = RegionWeights(maps / maps.sum(0), (0, 1, 0), ((1.0, 2.0), (0.0, 1.0)), None)
    weights = Weights(1.0, (3.0, 20.0, 0.5), (0.5, 0.2, 0.0))
    compare(network(LITE), DEEP, LOSSES[formulation], size, 48, tolerance_of(formulation), guide, weights)


def test_a_picture_of_many_tiles() -> None:
    compare(network(LITE), DEEP, NORMALIZED, (512, 512), 96)


def test_bfloat16_is_as_near_as_its_rounding() -> None:
    compare(network(LITE, dtype="bfloat16"), DEEP, NORMALIZED, (96, 136), 48, tolerance=0.02)


def test_a_stop_is_heard_between_tiles() -> None:
    asked = 0

    def go_on() -> bool:
        nonlocal asked
        asked += 1
        return asked <= 20

    tiled = TiledObjective(network(LITE), *DEEP, NORMALIZED, side=48, go_on=go_on)
    targets = tiled.targets(picture(96, 96), [picture(48, 48)], [1.0])
    assert asked == len(targets.tiles) + 1
    with pytest.raises(Interrupted):
        for _ in range(4):
            tiled.evaluate(picture(96, 96), targets, ALL)
    assert asked == 21


def test_one_trace_serves_all_sizes() -> None:
    extractor = network(LITE)
    for side in (40, 56):
        tiled = TiledObjective(extractor, *DEEP, NORMALIZED, side=side, go_on=lambda: True)
        targets = tiled.targets(picture(side + 50, 70), [picture(48, side)], [1.0])
        tiled.evaluate(picture(side + 50, 70), targets, ALL)
    for function in vars(tiled._traces).values():
        if hasattr(function, "experimental_get_tracing_count"):
            assert function.experimental_get_tracing_count() == 1
