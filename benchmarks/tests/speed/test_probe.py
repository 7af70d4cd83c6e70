"""Tests of the FLOP count of a step against counts by hand."""

from __future__ import annotations

from benchmarks.speed.probe import step_flops
from nst.models.extractors.architecture import Architecture
from nst.models.extractors.lite import LITE
from nst.models.extractors.vgg19 import VGG19

TINY = Architecture(
    name="tiny",
    blocks=((2, 1), (5, 2)),
    padding="zero",
    bgr=False,
    scale=1.0,
    mean=(0.0, 0.0, 0.0),
    content_layers=(("block2_conv1", 1.0),),
    style_layers=(("block1_conv1", 1.0),),
)


def test_a_step_of_a_tiny_network_as_counted_by_hand() -> None:
    # 7 x 6 pixels: block1_conv1 has 3*2 kernels of 9; half of that, rounded up, is 4 x 3: block2_conv1 has 2*5.
    forward = 2 * (9 * 3 * 2 * 42) + 2 * (9 * 2 * 5 * 12)
    gram = 2 * (2 * 2 * 42)
    assert step_flops(TINY, TINY.content_layers, TINY.style_layers, (7, 6)) == 2 * forward + 2 * gram


def test_the_network_is_cut_after_the_deepest_layer_in_use() -> None:
    shallow = step_flops(TINY, (("block2_conv1", 1.0),), TINY.style_layers, (8, 8))
    deep = step_flops(TINY, (("block2_conv2", 1.0),), TINY.style_layers, (8, 8))
    assert deep - shallow == 2 * 2 * (9 * 5 * 5 * 16)


def test_vgg19_needs_ten_times_the_flops_of_lite() -> None:
    vgg19 = step_flops(VGG19, VGG19.content_layers, VGG19.style_layers, (512, 512))
    assert step_flops(VGG19, VGG19.content_layers, VGG19.style_layers, (1024, 1024)) == 4 * vgg19
    assert 5 < vgg19 / step_flops(LITE, LITE.content_layers, LITE.style_layers, (512, 512)) < 15
