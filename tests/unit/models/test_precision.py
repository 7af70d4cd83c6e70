from pathlib import Path

import pytest
import tensorflow as tf

from nst.models.precision import resolve

SAPPHIRE_RAPIDS = """processor\t: 0
model name\t: A processor
flags\t\t: fpu sse4_2 avx512f avx512_bf16 amx_bf16 amx_tile
bugs\t\t: spectre_v1
"""
GRANITE = SAPPHIRE_RAPIDS.replace("avx512_bf16 ", "")
SKYLAKE = GRANITE.replace("amx_bf16 ", "")
GRAVITON = "processor\t: 0\nBogoMIPS\t: 2100.00\nFeatures\t: fp asimd bf16 i8mm\n"
ONLY_IN_A_NAME = SKYLAKE.replace("A processor", "avx512_bf16 processor")


def gpus(monkeypatch: pytest.MonkeyPatch, *details: dict[str, object]) -> None:
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: list(range(len(details))))
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details[gpu])


@pytest.mark.parametrize("forced", ["bfloat16", "float32"])
def test_precision_can_be_forced(forced: str, tmp_path: Path) -> None:
    assert resolve(forced, tmp_path / "none") == forced


@pytest.mark.parametrize(
    ("cpuinfo", "expected"),
    [
        (SAPPHIRE_RAPIDS, "bfloat16"),
        (GRANITE, "bfloat16"),
        (SKYLAKE, "float32"),
        (GRAVITON, "float32"),
        (ONLY_IN_A_NAME, "float32"),
        ("", "float32"),
    ],
)
def test_auto_goes_by_the_processor(
    cpuinfo: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus(monkeypatch)
    (tmp_path / "cpuinfo").write_text(cpuinfo)
    assert resolve("auto", tmp_path / "cpuinfo") == expected


def test_auto_is_float32_where_the_processor_is_not_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus(monkeypatch)
    assert resolve("auto", tmp_path / "none") == "float32"


@pytest.mark.parametrize(
    ("capability", "expected"), [((7, 5), "float32"), ((8, 0), "bfloat16"), ((9, 0), "bfloat16"), (None, "float32")]
)
def test_auto_goes_by_the_gpu_where_there_is_one(
    capability: tuple[int, int] | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus(monkeypatch, {"compute_capability": capability} if capability else {"device_name": "another maker's"})
    (tmp_path / "cpuinfo").write_text(SAPPHIRE_RAPIDS if expected == "float32" else SKYLAKE)
    assert resolve("auto", tmp_path / "cpuinfo") == expected
