"""Whole objectives, the published presets' among them, against NumPy on a small network with seeded weights.

The network has VGG19's layers, names, preprocessing and pooling, and four channels a layer: real weights of
VGG19's deep blocks are not needed to pin an objective.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from scipy.signal import correlate2d

from nst.models.extractors.extractor import FeatureExtractor
from nst.models.extractors.vgg19 import VGG19
from nst.optimization.losses import CHROMA, FORMULATIONS, STYLE_LOSSES, formulation_of
from nst.optimization.objective import Objective
from nst.optimization.strength import Weights, part_weights, weights_of
from nst.run.regions import RegionWeights
from nst.settings.engines import LayerWeights, OptimizeSettings
from nst.settings.presets import PRESETS

pytestmark = pytest.mark.slow

Array = NDArray[np.float64]
NORMALIZED = FORMULATIONS["normalized"]
LOSSES = {**FORMULATIONS, **{name: formulation_of(OptimizeSettings(style_loss=name)) for name in STYLE_LOSSES}}
SMALL = replace(VGG19, name="small", blocks=tuple((4, count) for _, count in VGG19.blocks))
RNG = np.random.default_rng(0)
WEIGHTS = {
    name: (RNG.normal(0, 0.3, shape).astype(np.float32), RNG.normal(0, 0.1, shape[-1]).astype(np.float32))
    for name, shape in SMALL.kernel_shapes().items()
}
PHOTO, STYLE, PICTURE = (RNG.random((32, 48, 3), np.float32) for _ in range(3))


def network(pooling: str = "average") -> FeatureExtractor:
    tensors = {name: (tf.constant(kernel), tf.constant(bias)) for name, (kernel, bias) in WEIGHTS.items()}
    return FeatureExtractor(SMALL, tensors, pooling)


def numpy_features(rgb: NDArray[np.float32], pooling: str) -> dict[str, Array]:
    """All features (H, W, C) by correlation, channel by channel."""
    x: Array = rgb[..., ::-1].astype(np.float64) * 255 - np.array([103.939, 116.779, 123.68])
    found = {}
    for name, (kernel, bias) in WEIGHTS.items():
        if name.endswith("conv1") and name != "block1_conv1":
            tiles = x.reshape(x.shape[0] // 2, 2, x.shape[1] // 2, 2, -1)
            x = tiles.mean((1, 3)) if pooling == "average" else tiles.max((1, 3))
        outputs = [
            sum(correlate2d(x[..., i], kernel[:, :, i, o], "same") for i in range(x.shape[-1])) + bias[o]
            for o in range(kernel.shape[-1])
        ]
        x = np.maximum(np.stack(outputs, -1), 0)
        found[name] = x
    return found


def unnormalized_gram(f: Array) -> Array:
    return np.einsum("hwi,hwj->ij", f, f)


def evaluate(settings: OptimizeSettings, content: LayerWeights, style: LayerWeights) -> tuple[float, float, float]:
    goal = Objective(network(settings.pooling), content, style, formulation_of(settings))
    targets = goal.targets(PHOTO, [STYLE], [1.0])
    losses = goal.evaluate(PICTURE, targets, weights_of(settings, settings.strength)).losses
    return losses.content, losses.style, losses.tv


def published(name: str) -> tuple[OptimizeSettings, LayerWeights, LayerWeights]:
    settings = PRESETS[name]
    assert settings.content_layers is not None and settings.style_layers is not None
    return settings, settings.content_layers, settings.style_layers


def test_gatys_2016_objective() -> None:
    """Equations 1-7: alpha L_content + beta sum of w_l E_l with w_l = 1/5, conv4_2 and conv1_1..conv5_1."""
    settings, content, style = published("gatys-2016")
    photo, painting, picture = (numpy_features(rgb, "average") for rgb in (PHOTO, STYLE, PICTURE))
    l_content = ((picture["block4_conv2"] - photo["block4_conv2"]) ** 2).sum() / 2
    l_style = 0.0
    for number in range(1, 6):
        f, a = picture[f"block{number}_conv1"], painting[f"block{number}_conv1"]
        size, channels = f.shape[0] * f.shape[1], f.shape[2]
        difference = unnormalized_gram(f) - unnormalized_gram(a)
        l_style += (difference**2).sum() / (4 * channels**2 * size**2) / 5
    assert settings.init == "noise" and settings.optimizer == "lbfgs" and settings.pooling == "average"
    assert evaluate(settings, content, style) == pytest.approx((l_content * 1, l_style * 1e3, 0), rel=2e-4)


def test_tensorflow_tutorial_objective() -> None:
    """Content and style as means of squares, Gram matrices over locations, 1e4, 1e-2 and total variation 30."""
    settings, content, style = published("tf-tutorial")
    photo, painting, picture = (numpy_features(rgb, "max") for rgb in (PHOTO, STYLE, PICTURE))
    l_content = ((picture["block5_conv2"] - photo["block5_conv2"]) ** 2).mean() * 1e4
    l_style = 0.0
    for number in range(1, 6):
        f, a = picture[f"block{number}_conv1"], painting[f"block{number}_conv1"]
        locations = f.shape[0] * f.shape[1]
        l_style += ((unnormalized_gram(f) / locations - unnormalized_gram(a) / locations) ** 2).mean() / 5 * 1e-2
    variation = 30 * (np.abs(np.diff(PICTURE, axis=0)).sum() + np.abs(np.diff(PICTURE, axis=1)).sum())
    assert (settings.learning_rate, settings.beta_1, settings.epsilon) == (0.02, 0.99, 0.1)
    assert settings.init == "content" and settings.optimizer == "adam" and settings.pooling == "max"
    assert evaluate(settings, content, style) == pytest.approx((l_content, l_style, variation), rel=2e-4)


def test_half_sum_objective_with_alpha_and_beta_of_the_user() -> None:
    settings, content, style = published("half-sum")
    settings = replace(settings, content_weight=3.0, style_weight=0.7)
    photo, painting, picture = (numpy_features(rgb, "average") for rgb in (PHOTO, STYLE, PICTURE))
    l_content = 3.0 * ((picture["block4_conv2"] - photo["block4_conv2"]) ** 2).sum() / 2
    l_style = 0.0
    for number in range(1, 6):
        f, a = picture[f"block{number}_conv1"], painting[f"block{number}_conv1"]
        locations = f.shape[0] * f.shape[1]
        l_style += 0.7 * ((unnormalized_gram(f) / locations - unnormalized_gram(a) / locations) ** 2).mean() / 5
    assert evaluate(settings, content, style) == pytest.approx((l_content, l_style, 0), rel=2e-4)


def test_normalized_objective_with_layers_of_unequal_weight() -> None:
    settings = OptimizeSettings(content_weight=2.0, style_weight=5.0, tv_weight=7.0)
    photo, painting, picture = (numpy_features(rgb, "average") for rgb in (PHOTO, STYLE, PICTURE))

    def energy(value: Array, target: Array) -> float:
        return ((value - target) ** 2).sum() / (target**2).sum()

    l_content = 2 * energy(picture["block2_conv2"], photo["block2_conv2"])
    each = []
    for name in ("block1_conv1", "block3_conv4"):
        f, a = picture[name], painting[name]
        each.append(energy(unnormalized_gram(f), unnormalized_gram(a)))
    l_style = 5 * (3 * each[0] + each[1]) / 4
    variation = 7 * sum(seen(np.diff(PICTURE, axis=axis)).sum() for axis in (0, 1)) / PICTURE.size
    found = evaluate(settings, (("block2_conv2", 1.0),), (("block1_conv1", 3.0), ("block3_conv4", 1.0)))
    assert found == pytest.approx((l_content, l_style, variation), rel=2e-4)


def test_gradient_points_where_finite_differences_point() -> None:
    goal = Objective(network(), (("block3_conv2", 1.0),), (("block1_conv1", 1.0), ("block4_conv1", 0.5)), NORMALIZED)
    targets, weights = goal.targets(PHOTO, [STYLE], [1.0]), Weights(1.0, 1.0, 1.0)
    gradient = goal.evaluate(PICTURE, targets, weights).gradient
    direction = gradient / np.sqrt(np.mean(gradient**2))  # where the slope stands out from rounding
    step = np.float32(1e-3)
    ahead, behind = (goal.evaluate(PICTURE + s * direction, targets, weights).losses.total for s in (step, -step))
    assert (ahead - behind) / (2 * step) == pytest.approx(np.vdot(gradient, direction), rel=2e-2)


def test_several_styles_are_mixed_by_weight() -> None:
    """All weight on one of two styles is that style alone; equal weights are the mean of the Gram matrices."""
    goal = Objective(network(), (("block1_conv1", 1.0),), (("block2_conv1", 1.0),), NORMALIZED)
    alone = [goal.targets(PHOTO, [style], [1.0]).style[0].numpy() for style in (STYLE, PICTURE)]
    np.testing.assert_allclose(goal.targets(PHOTO, [STYLE, PICTURE], [0.0, 2.0]).style[0], alone[1], rtol=1e-5)
    np.testing.assert_allclose(
        goal.targets(PHOTO, [STYLE, PICTURE], [3, 3]).style[0], (alone[0] + alone[1]) / 2, rtol=1e-5
    )


def test_one_trace_serves_all_sizes_styles_and_weights() -> None:
    extractor = network()
    goals = [Objective(extractor, (("block2_conv1", w),), (("block1_conv1", 1.0),), NORMALIZED) for w in (1.0, 2.0)]
    for goal in goals:
        for side in (32, 48, 50, 65):
            picture = RNG.random((side, 40, 3), np.float32)
            targets = goal.targets(picture, [STYLE[:side]], [1.0])
            goal.evaluate(picture, targets, Weights(1.0, float(side), 0.0))
    assert goals[0]._traces is goals[1]._traces
    assert goals[0]._traces.evaluate.experimental_get_tracing_count() == 1


def test_strength_is_a_monotone_balance_and_nothing_at_zero() -> None:
    settings = OptimizeSettings()
    weights = [weights_of(settings, strength).style for strength in range(0, 101, 10)]
    assert weights[0] == 0
    assert all(before < after for before, after in itertools.pairwise(weights))
    assert {weights_of(settings, strength).content for strength in (0, 50, 100)} == {1.0}
    assert weights_of(settings, 0).tv == 0  # an untouched photo is not smoothed either
    assert weights_of(settings, 100).tv == pytest.approx(settings.tv_weight, rel=0.01)


# Pictures in parts

OTHER = RNG.random((16, 48, 3), np.float32)
LAYERS = (("block2_conv2", 1.0),), (("block1_conv1", 3.0), ("block3_conv4", 1.0))
ALL_OF_IT = np.ones((1, 32, 48), np.float32)


def soft_maps() -> NDArray[np.float32]:
    """Three parts that overlap and sum to one."""
    shares = RNG.random((3, 32, 48), np.float32) * np.array([[[3.0]], [[1.0]], [[0.2]]], np.float32)
    shares[1, :, :20] = 0
    return shares / shares.sum(0)


def seen(differences: NDArray[Any]) -> Array:
    """Squared brightness of differences (H, W, 3) plus CHROMA times their squared chroma; the two are orthogonal."""
    gray = np.ones(3) / np.sqrt(3)
    brightness = np.asarray(differences, np.float64) @ gray
    rest = differences - brightness[..., None] * gray
    return brightness**2 + CHROMA * (rest**2).sum(-1)


def numpy_losses(
    rgb: NDArray[Any], photo: dict[str, Array], paintings: Sequence[dict[str, Array]], maps: Array, weights: Weights
) -> tuple[float, ...]:
    """Content, style and total variation, normalized, of parts 0 and 2 in the first manner and part 1 in the second.

    Guided Gram matrices as the paper has them, (T F)^T (T F) / sum(T^2); T^2 is what a manner weighs at a place.
    """
    picture = numpy_features(rgb, "average")
    content = ((picture["block2_conv2"] - photo["block2_conv2"]) ** 2).sum() / (photo["block2_conv2"] ** 2).sum()
    style = 0.0
    for parts, painting in zip(([0, 2], [1]), paintings, strict=True):
        weighed = sum(weights.style[part] * maps[part] for part in parts)
        for name, weight in LAYERS[1]:
            f, a = picture[name], painting[name]
            k = 32 // f.shape[0]
            t = np.sqrt(weighed.reshape(32 // k, k, 48 // k, k).mean((1, 3)))[..., None]
            guided = unnormalized_gram(t * f) / (t**2).sum()
            wanted = unnormalized_gram(a) / (a.shape[0] * a.shape[1])
            style += weighed.mean() * weight / 4 * ((guided - wanted) ** 2).sum() / (wanted**2).sum()
    squares = seen(np.diff(rgb, axis=0)), seen(np.diff(rgb, axis=1))
    smoothed = np.tensordot(weights.tv, maps, 1)
    variation = (smoothed[:-1] * squares[0]).sum() + (smoothed[:, :-1] * squares[1]).sum()
    return weights.content * content, style, variation / rgb.size


def test_guided_gram_matrices_and_the_gradient_by_hand() -> None:
    maps = soft_maps()
    weights = Weights(2.0, (5.0, 30.0, 100.0), (1.0, 4.0, 0.5))
    goal = Objective(network(), *LAYERS, NORMALIZED)
    targets = goal.targets(PHOTO, [STYLE, OTHER], [1.0, 1.0], RegionWeights(maps, (0, 1, 0), ((1, 0), (0, 1)), None))
    found = goal.evaluate(PICTURE, targets, weights)
    photo, *paintings = (numpy_features(rgb, "average") for rgb in (PHOTO, STYLE, OTHER))

    def by_hand(rgb: NDArray[Any]) -> tuple[float, ...]:
        return numpy_losses(rgb, photo, paintings, maps.astype(np.float64), weights)

    assert tuple(vars(found.losses).values()) == pytest.approx(by_hand(PICTURE), rel=2e-4)
    step = 1e-5
    for place in ((3, 4, 0), (15, 30, 1), (31, 47, 2), (20, 19, 1)):
        moved = np.zeros(PICTURE.shape)
        moved[place] = step
        slope = (sum(by_hand(PICTURE + moved)) - sum(by_hand(PICTURE - moved))) / (2 * step)
        assert found.gradient[place] == pytest.approx(slope, rel=2e-3, abs=1e-3 * float(np.abs(found.gradient).max()))


@pytest.mark.parametrize(("formulation", "count"), [("normalized", 1), *((name, 3) for name in LOSSES)])
def test_parts_of_one_style_and_one_strength_are_the_picture_as_a_whole(formulation: str, count: int) -> None:
    goal = Objective(network(), *LAYERS, LOSSES[formulation])
    wanted = goal.evaluate(PICTURE, goal.targets(PHOTO, [STYLE, OTHER], [1.0, 2.0]), Weights(1.0, 2.0, 3.0))
    guide = RegionWeights(ALL_OF_IT if count == 1 else soft_maps(), (0,) * count, ((1.0, 2.0),), None)
    targets = goal.targets(PHOTO, [STYLE, OTHER], [1.0, 1.0], guide)
    found = goal.evaluate(PICTURE, targets, Weights(1.0, (2.0,) * count, (3.0,) * count))
    assert tuple(vars(found.losses).values()) == pytest.approx(tuple(vars(wanted.losses).values()), rel=1e-4)
    np.testing.assert_allclose(found.gradient, wanted.gradient, atol=1e-4 * np.abs(wanted.gradient).max())


def test_alike_parts_are_balanced_as_the_whole_is_however_small_they_are() -> None:
    """A picture of four times the same: its parts have its features, but for their borders, and so its balance."""
    tiled_photo, tiled_picture = (np.tile(rgb[:16, :16], (2, 3, 1)) for rgb in (PHOTO, PICTURE))
    shallow = (("block1_conv1", 1.0),), (("block1_conv1", 1.0),)
    goal = Objective(network(), *shallow, NORMALIZED)
    small = np.zeros((2, 32, 48), np.float32)
    small[1, :16, :16] = 1
    small[0] = 1 - small[1]
    one, two = (
        RegionWeights(maps, tuple(range(len(maps))), ((1.0,),) * len(maps), None) for maps in (ALL_OF_IT, small)
    )
    weights = Weights(1.0, (7.0,), (0.0,)), Weights(1.0, (7.0, 7.0), (0.0, 0.0))
    wanted, found = (
        goal.evaluate(tiled_picture, goal.targets(tiled_photo, [STYLE], [1.0], guide), each)
        for guide, each in zip((one, two), weights, strict=True)
    )
    inside = slice(2, 14), slice(2, 14)
    difference = np.abs(found.gradient - wanted.gradient)[inside].mean()
    assert difference < 0.2 * np.abs(wanted.gradient)[inside].mean()


def test_a_part_without_a_pixel_changes_nothing() -> None:
    goal = Objective(network(), *LAYERS, NORMALIZED)
    nothing = np.concatenate([ALL_OF_IT, 0 * ALL_OF_IT])
    one, two = (
        RegionWeights(maps, tuple(range(len(maps))), ((1.0,),) * len(maps), None) for maps in (ALL_OF_IT, nothing)
    )
    wanted = goal.evaluate(PICTURE, goal.targets(PHOTO, [STYLE], [1.0], one), Weights(1.0, (2.0,), (3.0,)))
    found = goal.evaluate(PICTURE, goal.targets(PHOTO, [STYLE], [1.0], two), Weights(1.0, (2.0, 90.0), (3.0, 9.0)))
    assert found.losses == wanted.losses
    np.testing.assert_allclose(found.gradient, wanted.gradient, rtol=1e-6, atol=1e-9)


def test_one_trace_serves_all_numbers_of_parts_and_all_sizes() -> None:
    goal = Objective(network(), (("block2_conv1", 1.0),), (("block1_conv1", 1.0), ("block2_conv1", 1.0)), NORMALIZED)
    for count, side in ((1, 32), (2, 33), (5, 48), (3, 65)):
        picture = RNG.random((side, 40, 3), np.float32)
        maps = RNG.random((count, side, 40), np.float32)
        guide = RegionWeights(
            maps, tuple(number // 2 for number in range(count)), ((1.0, 1.0),) * ((count + 1) // 2), None
        )
        targets = goal.targets(picture, [STYLE, OTHER], [1.0, 1.0], guide)
        found = goal.evaluate(picture, targets, part_weights(OptimizeSettings(), [float(side)] * count))
        assert found.finite
    assert goal._traces.evaluate_parts.experimental_get_tracing_count() == 1
    assert goal._traces.evaluate.experimental_get_tracing_count() == 0


def test_a_part_of_little_strength_is_hardly_drawn_after_the_others_of_its_style() -> None:
    """Its gradient is as much smaller as its weight: it need not have all of the style's colors by itself."""
    goal = Objective(network(), (("block1_conv1", 1.0),), (("block1_conv1", 1.0),), NORMALIZED)
    halves = np.zeros((2, 32, 48), np.float32)
    halves[0, :, :24] = halves[1, :, 24:] = 1
    targets = goal.targets(PHOTO, [STYLE], [1.0], RegionWeights(halves, (0, 0), ((1.0,),), None))
    even, odd = (
        np.abs(goal.evaluate(PICTURE, targets, Weights(0.0, style, (0.0, 0.0))).gradient)
        for style in ((50.0, 50.0), (50.0, 1.0))
    )
    assert odd[:, 26:].mean() / odd[:, :22].mean() == pytest.approx(1 / 50, rel=0.2)
    assert even[:, 26:].mean() / even[:, :22].mean() == pytest.approx(1, rel=0.2)


def test_weights_of_parts_are_those_of_their_strengths() -> None:
    settings = OptimizeSettings()
    found = part_weights(settings, [20, 0, 90])
    assert found.style == tuple(weights_of(settings, strength).style for strength in (20, 0, 90))
    assert found.tv == tuple(weights_of(settings, strength).tv for strength in (20, 0, 90)) and found.content == 1
    raw = OptimizeSettings(content_weight=2.0, style_weight=5.0)
    assert part_weights(raw, [None, None]) == Weights(2.0, (5.0, 5.0), (5.0, 5.0))
