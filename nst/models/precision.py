"""Which number format the convolutions run in."""

from __future__ import annotations

from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
_X86_FLAGS = {"avx512_bf16", "amx_bf16"}  # what oneDNN's bfloat16 convolutions need to be faster than float32
_GPU_CAPABILITY = (8, 0)  # NVIDIA's Ampere, the first with bfloat16


def resolve(precision: str, cpuinfo: Path = CPUINFO) -> str:
    """The number format, "bfloat16" or "float32", for a setting of "auto" or one of the two.

    auto is bfloat16 where the processor that will do the work has it in hardware. On ARM it is float32: there
    TensorFlow's bfloat16 was not measured. `cpuinfo` is Linux' description of the processor, if any.
    Imports TensorFlow for auto, to see whether there is a GPU.
    """
    if precision != "auto":
        return precision
    capabilities = _gpu_capabilities()
    able = min(capabilities) >= _GPU_CAPABILITY if capabilities else processor_has_bfloat16(cpuinfo)
    return "bfloat16" if able else "float32"


def processor_has_bfloat16(cpuinfo: Path = CPUINFO) -> bool:
    """Whether the x86 processor that Linux describes in `cpuinfo` multiplies bfloat16 in hardware; False elsewhere."""
    if not cpuinfo.is_file():
        return False
    lines = (line.partition(":") for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines())
    flags = (set(value.split()) for key, _, value in lines if key.strip() == "flags")
    return bool(next(flags, set()) & _X86_FLAGS)


def _gpu_capabilities() -> list[tuple[int, int]]:
    """Compute capability of each NVIDIA GPU that TensorFlow sees, (0, 0) where it does not say."""
    import tensorflow as tf

    details = [tf.config.experimental.get_device_details(gpu) for gpu in tf.config.list_physical_devices("GPU")]
    return [detail.get("compute_capability", (0, 0)) for detail in details]
