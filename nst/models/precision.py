"""Choice of the number format for convolutions."""

from __future__ import annotations

from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
_X86_FLAGS = {"avx512_bf16", "amx_bf16"}  # oneDNN's bfloat16 convolutions beat float32 only with one of them
_GPU_CAPABILITY = (8, 0)  # NVIDIA Ampere, the first generation with bfloat16


def resolve(precision: str, cpuinfo: Path = CPUINFO) -> str:
    """Return "bfloat16" or "float32" for the setting "auto", "bfloat16" or "float32".

    auto is bfloat16 if every GPU, or without a GPU the CPU, supports it in hardware. On ARM auto is float32, because
    TensorFlow's bfloat16 was not measured there. `cpuinfo` is the path of Linux's CPU description, if any.
    Imports TensorFlow for auto, to detect GPUs.
    """
    if precision != "auto":
        return precision
    capabilities = _gpu_capabilities()
    able = min(capabilities) >= _GPU_CAPABILITY if capabilities else processor_has_bfloat16(cpuinfo)
    return "bfloat16" if able else "float32"


def processor_has_bfloat16(cpuinfo: Path = CPUINFO) -> bool:
    """Return True if `cpuinfo` lists an x86 processor with bfloat16 multiplication; False if the file is missing."""
    if not cpuinfo.is_file():
        return False
    lines = (line.partition(":") for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines())
    flags = (set(value.split()) for key, _, value in lines if key.strip() == "flags")
    return bool(next(flags, set()) & _X86_FLAGS)


def _gpu_capabilities() -> list[tuple[int, int]]:
    """Return the compute capability of each NVIDIA GPU visible to TensorFlow, (0, 0) if unknown."""
    import tensorflow as tf

    details = [tf.config.experimental.get_device_details(gpu) for gpu in tf.config.list_physical_devices("GPU")]
    return [detail.get("compute_capability", (0, 0)) for detail in details]
