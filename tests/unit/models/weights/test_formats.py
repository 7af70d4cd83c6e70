import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nst.errors import WeightsUnavailable
from nst.models.extractors.vgg19 import VGG19
from nst.models.weights.formats import layers_in, read
from tests.support.small_files import KINDS, TINY, Weights, applications_file, npz_file


@pytest.fixture
def tiny() -> Weights:
    rng = np.random.default_rng(0)
    shapes = TINY.kernel_shapes().items()
    return {n: (rng.normal(size=s).astype("f4"), rng.normal(size=s[-1]).astype("f4")) for n, s in shapes}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_gives_the_same_weights(kind: str, tiny: Weights, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / kind, tiny)
    assert layers_in(tmp_path / kind, TINY) == ("block1_conv1", "block1_conv2", "block2_conv1")
    found = read(tmp_path / kind, TINY, "block2_conv1")
    for name, pair in tiny.items():
        for got, wanted in zip(found[name], pair, strict=True):
            assert got.dtype == np.float32
            np.testing.assert_array_equal(got, wanted)


def test_content_decides_not_the_suffix(tiny: Weights, tmp_path: Path) -> None:
    applications_file(tmp_path / "weights.bin", tiny)
    assert len(layers_in(tmp_path / "weights.bin", TINY)) == 3


def test_half_precision_comes_as_float32(tiny: Weights, tmp_path: Path) -> None:
    npz_file(tmp_path / "half.npz", {n: (k.astype("f2"), b.astype("f2")) for n, (k, b) in tiny.items()})
    kernel, bias = read(tmp_path / "half.npz", TINY, "block1_conv1")["block1_conv1"]
    assert kernel.dtype == bias.dtype == np.float32
    np.testing.assert_allclose(kernel, tiny["block1_conv1"][0], rtol=1e-3)


def test_only_the_layers_in_use_are_read_and_need_be_there(tiny: Weights, tmp_path: Path) -> None:
    del tiny["block2_conv1"]
    npz_file(tmp_path / "shallow.npz", tiny)
    assert layers_in(tmp_path / "shallow.npz", TINY) == ("block1_conv1", "block1_conv2")
    assert list(read(tmp_path / "shallow.npz", TINY, "block1_conv1")) == ["block1_conv1"]
    with pytest.raises(WeightsUnavailable, match=r"lacks the weights of block2_conv1; choose .* down to block1_conv2"):
        read(tmp_path / "shallow.npz", TINY, "block2_conv1")


def test_weights_of_a_wider_network_are_refused(tiny: Weights, tmp_path: Path) -> None:
    tiny["block1_conv2"] = (np.zeros((3, 3, 4, 6), "f4"), np.zeros(6, "f4"))
    applications_file(tmp_path / "wide.h5", tiny)
    wrong = r"another network: the kernel of block1_conv2 .*\(3, 3, 4, 6\).* tiny expects .*\(3, 3, 4, 4\)"
    with pytest.raises(WeightsUnavailable, match=wrong):
        layers_in(tmp_path / "wide.h5", TINY)


def test_vgg16_is_not_taken_for_vgg19(vgg_file: Callable[..., Path], tmp_path: Path) -> None:
    path = vgg_file(tmp_path / "vgg16.h5")
    with h5py.File(path, "a") as file:
        for block in (3, 4, 5):
            del file[f"block{block}_conv4"]
    with pytest.raises(WeightsUnavailable, match=r"another network.*block3_conv4 is missing"):
        layers_in(path, VGG19)


def test_whole_numbers_are_no_weights(tiny: Weights, tmp_path: Path) -> None:
    tiny["block1_conv1"] = (np.ones((3, 3, 3, 4), "i4"), tiny["block1_conv1"][1])
    npz_file(tmp_path / "int.npz", tiny)
    with pytest.raises(WeightsUnavailable, match="int32"):
        layers_in(tmp_path / "int.npz", TINY)


def test_a_file_without_the_networks_layers_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    with pytest.raises(WeightsUnavailable, match="no layer of tiny"):
        layers_in(tmp_path / "other.npz", TINY)


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(part: int, value: float, tiny: Weights, tmp_path: Path) -> None:
    tiny["block1_conv2"][part].flat[1] = value
    npz_file(tmp_path / "nan.npz", tiny)
    with pytest.raises(WeightsUnavailable, match=r"of block1_conv2 .* not finite"):
        read(tmp_path / "nan.npz", TINY, "block1_conv2")


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    opened = tmp_path / "opened"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (opened,)

    traps = np.empty((3, 3, 3, 4), object)
    traps[:] = Trap()
    np.savez(tmp_path / "trap.npz", **{"block1_conv1/kernel": traps, "block1_conv1/bias": np.zeros(4, "f4")})
    with pytest.raises(WeightsUnavailable):
        read(tmp_path / "trap.npz", TINY, "block1_conv1")
    assert not opened.exists()


def test_an_array_that_claims_to_be_huge_is_not_read(tmp_path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (3, 3, 3, 1 << 40)})
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w") as archive:
        for part in ("kernel", "bias"):
            archive.writestr(f"block1_conv1/{part}.npy", header.getvalue())
    with pytest.raises(WeightsUnavailable, match="another network"):
        read(tmp_path / "bomb.npz", TINY, "block1_conv1")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "incomplete"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"\n<HTML>Log in first", "web page"),
        (b"\x89HDF\r\n\x1a\n" + bytes(64), "damaged"),
        (b"PK\x03\x04 and no more", "incomplete"),
        (b"hello", "another format"),
    ],
)
def test_invalid_weights_file_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "vgg19.h5"
    path.write_bytes(content)
    with pytest.raises(WeightsUnavailable, match=said) as raised:
        layers_in(path, TINY)
    assert str(path) in str(raised.value)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match=r"weights file '.*nowhere\.h5'"):
        layers_in(tmp_path / "nowhere.h5", TINY)
    with pytest.raises(WeightsUnavailable, match="is a folder"):
        layers_in(tmp_path, TINY)


@pytest.mark.parametrize("kind", ["early.keras", "applications.h5", "modern.weights.h5", "arrays.npz"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_a_file_that_was_cut_off_is_refused(kind: str, share: float, tiny: Weights, tmp_path: Path) -> None:
    whole = tmp_path / kind
    if not whole.exists():
        KINDS[kind](whole, tiny)
    content = whole.read_bytes()
    part = tmp_path / "part"
    part.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(WeightsUnavailable, match="incomplete"):
        read(part, TINY, "block2_conv1")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999), mask=st.integers(1, 255))
def test_a_damaged_archive_is_refused_or_right(share: float, mask: int, tiny: Weights, tmp_path: Path) -> None:
    whole = tmp_path / "whole.npz"
    if not whole.exists():
        npz_file(whole, tiny)
    content = bytearray(whole.read_bytes())
    content[int(len(content) * share)] ^= mask
    part = tmp_path / "part"
    part.write_bytes(content)
    try:
        found = read(part, TINY, "block2_conv1")
    except WeightsUnavailable:
        return
    for name, pair in tiny.items():  # checksums: a flipped bit cannot pass for a weight
        for got, wanted in zip(found[name], pair, strict=True):
            np.testing.assert_array_equal(got, wanted)
