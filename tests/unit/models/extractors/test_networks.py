import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from nst.errors import SettingsError, WeightsUnavailable
from nst.models.extractors import networks
from nst.models.extractors.lite import LITE
from nst.models.extractors.networks import choose, load
from nst.models.extractors.vgg19 import VGG19
from nst.models.weights import search
from nst.settings.engines import LayerWeights

MakeFile = Callable[..., Path]


def layers(*names: str) -> LayerWeights:
    return tuple((name, 1.0) for name in names)


def test_auto_is_lite_where_there_is_nothing_else(machine: Path) -> None:
    choice = choose("auto")
    assert choice.architecture is LITE
    assert (choice.content_layers, choice.style_layers) == (LITE.content_layers, LITE.style_layers)
    assert "'nst weights fetch'" in choice.reason


def test_auto_is_vgg19_where_its_weights_are(machine: Path, vgg_file: MakeFile) -> None:
    path = vgg_file(search.keras_path(), "block5_conv1")
    choice = choose("auto")
    assert choice.architecture is VGG19
    assert (choice.content_layers, choice.style_layers) == (VGG19.content_layers, VGG19.style_layers)
    assert choice.path == path
    assert str(path) in choice.reason


def test_auto_passes_over_a_file_that_lacks_a_default_layer(machine: Path, vgg_file: MakeFile) -> None:
    shallow = str(vgg_file(machine / "shallow.h5", "block3_conv4"))
    choice = choose("auto", weights_file=shallow)
    assert choice.architecture is LITE
    assert "lacks the weights of block4_conv1, block4_conv2" in choice.reason


def test_auto_takes_that_file_for_layers_it_has(machine: Path, vgg_file: MakeFile) -> None:
    shallow = vgg_file(machine / "shallow.h5", "block3_conv4")
    choice = choose("auto", layers("block3_conv4"), layers("block1_conv1"), str(shallow))
    assert (choice.architecture, choice.path, choice.deepest) == (VGG19, shallow, "block3_conv4")


def test_auto_keeps_weighted_layers_that_lite_has_too(machine: Path) -> None:
    content = (("block2_conv2", 0.5),)
    choice = choose("auto", content)
    assert choice.architecture is LITE
    assert (choice.content_layers, choice.style_layers) == (content, LITE.style_layers)


def test_auto_does_not_swap_layers_that_lite_lacks(machine: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"lite has no layer 'block5_conv2'.*vgg19 has this layer, but.*nst weights fetch"
    ):
        choose("auto", layers("block5_conv2"))


@pytest.mark.parametrize("network", ["auto", "vgg19", "lite"])
def test_layers_of_no_network_are_refused(network: str, machine: Path) -> None:
    with pytest.raises(SettingsError, match="no layer 'mixed3'"):
        choose(network, None, layers("block1_conv1", "mixed3"))


def test_lite_does_not_look_for_vgg19(machine: Path, vgg_file: MakeFile) -> None:
    vgg_file(search.keras_path())
    choice = choose("lite")
    assert (choice.architecture, choice.path) == (LITE, networks.LITE_WEIGHTS)
    with pytest.raises(SettingsError, match="Leave one out"):
        choose("lite", weights_file="mine.h5")


def test_vgg19_is_told_what_its_file_lacks_and_what_to_do(machine: Path, vgg_file: MakeFile) -> None:
    shallow = str(vgg_file(machine / "shallow.h5", "block3_conv4"))
    said = r"shallow\.h5' lacks the weights of block4_conv1, .*block5_conv1; choose .* down to block3_conv4"
    with pytest.raises(WeightsUnavailable, match=said):
        choose("vgg19", weights_file=shallow)


@pytest.mark.parametrize("network", ["auto", "vgg19"])
def test_a_broken_file_in_the_settings_is_never_passed_over(network: str, machine: Path, vgg_file: MakeFile) -> None:
    vgg_file(search.keras_path())
    with pytest.raises(WeightsUnavailable, match="weights file"):
        choose(network, weights_file=str(machine / "lost.h5"))


def test_a_broken_file_in_the_environment(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NST_VGG19_WEIGHTS", str(machine / "lost.h5"))
    assert choose("auto").architecture is LITE
    assert "lost.h5" in choose("auto").reason
    with pytest.raises(WeightsUnavailable, match=r"lost\.h5"):
        choose("vgg19")


def test_a_broken_file_in_the_cache_is_downloaded_anew(machine: Path) -> None:
    search.keras_path().parent.mkdir(parents=True)
    search.keras_path().write_text("half a file")
    assert choose("auto").architecture is LITE
    assert choose("vgg19").path is None


def test_vgg19_without_weights_or_network_fails_in_time(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("NST_VGG19_URL", f"http://127.0.0.1:{port}/")
    choice = choose("vgg19")
    began = time.monotonic()
    with pytest.raises(WeightsUnavailable, match="Check the internet connection"):
        load(choice, "average", "float32")
    assert time.monotonic() - began < 10


def test_only_layers_down_to_the_deepest_are_loaded(machine: Path, vgg_file: MakeFile) -> None:
    path = vgg_file(machine / "whole.h5")
    choice = choose("vgg19", layers("block2_conv2"), layers("block1_conv1"), str(path))
    network = load(choice, "max", "bfloat16")
    assert list(network.weights) == ["block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2"]
    assert {tensor.dtype.name for pair in network.weights.values() for tensor in pair} == {"bfloat16"}
    assert (network.name, network.pooling, network.dtype) == ("vgg19", "max", "bfloat16")


def test_many_threads_share_one_network(machine: Path, vgg_file: MakeFile) -> None:
    path = vgg_file(machine / "mine.h5", "block3_conv4")
    choice = choose("vgg19", layers("block3_conv1"), layers("block1_conv1"), str(path))
    together = threading.Barrier(8)

    def ask(_: int) -> object:
        together.wait(10)
        return load(choice, "average", "float32")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert all(network is found[0] for network in found)
    assert load(choice, "max", "float32") is not found[0]
    assert load(choice, "average", "bfloat16") is not found[0]
    deeper = choose("vgg19", layers("block3_conv2"), layers("block1_conv1"), str(path))
    assert load(deeper, "average", "float32") is not found[0]


def test_a_file_that_was_replaced_is_read_anew(machine: Path) -> None:
    path = machine / "mine.npz"
    choice: networks.NetworkChoice | None = None
    for value in (1.0, 2.0):
        kernel, bias = np.full((3, 3, 3, 64), value, np.float32), np.zeros(64, np.float32)
        np.savez(path, **{"block1_conv1/kernel": kernel, "block1_conv1/bias": bias})
        os.utime(path, (value, value))
        choice = choice or choose("vgg19", layers("block1_conv1"), layers("block1_conv1"), str(path))
        got, _ = load(choice, "average", "float32").weights["block1_conv1"]
        np.testing.assert_array_equal(got, kernel)


def test_a_file_that_went_away_is_named(machine: Path, vgg_file: MakeFile) -> None:
    path = vgg_file(machine / "mine.h5")
    choice = choose("vgg19", weights_file=str(path))
    path.unlink()
    with pytest.raises(WeightsUnavailable, match=r"mine\.h5"):
        load(choice, "average", "float32")
