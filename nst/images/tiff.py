"""Parsing of TIFF files that Pillow decodes incorrectly. See TIFF 6.0, Adobe, 1992."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_SUBFILE, _BITS, _PHOTOMETRIC, _SUB_IFDS, _DNG = 254, 258, 262, 330, 50706  # tags
_SHORT, _WHITE_IS_ZERO, _BLACK_IS_ZERO = 3, 0, 1


@dataclass(frozen=True)
class Tiff:
    """TIFF file changed so that Pillow can decode it; `data` is its bytes."""

    data: bytes
    is_negative: bool = False  # True if samples must be inverted after decoding
    is_raw: bool = False  # True for a camera's raw file, of which Pillow would read the thumbnail


def parse(data: bytes) -> Tiff:
    """Parse the bytes of a TIFF file.

    16-bit gray of which 0 is white (WhiteIsZero) is marked as BlackIsZero, because Pillow reads it without inverting,
    or not at all in big-endian files; `is_negative` is then True. Raises struct.error if the directory is damaged.
    """
    order = "<" if data[:2] == b"II" else ">"
    if data[2:4] not in {b"*\0", b"\0*"} or len(data) < 8:
        return Tiff(data)  # BigTIFF
    entries = _entries(data, order)
    values = {tag: struct.unpack_from(f"{order}H" if kind == _SHORT else f"{order}I", data, place + 8)[0]
              for tag, (kind, place) in entries.items()}  # fmt: skip
    is_thumbnail = values.get(_SUBFILE, 0) & 1 and _SUB_IFDS in values
    if values.get(_PHOTOMETRIC) != _WHITE_IS_ZERO or values.get(_BITS) != 16:
        return Tiff(data, is_raw=bool(is_thumbnail) or _DNG in values)
    changed = bytearray(data)
    struct.pack_into(f"{order}H", changed, entries[_PHOTOMETRIC][1] + 8, _BLACK_IS_ZERO)
    return Tiff(bytes(changed), is_negative=True)


def _entries(data: bytes, order: str) -> dict[int, tuple[int, int]]:
    """Return (field type, byte offset) of each entry of the first directory, by tag.

    `order` is "<" for little-endian or ">" for big-endian. Raises struct.error if the directory is damaged.
    """
    (start,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, start)
    found = {}
    for place in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, _, _ = struct.unpack_from(f"{order}HHII", data, place)
        found[tag] = kind, place
    return found
