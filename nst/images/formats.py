"""Image formats that can be read and written, and format detection by the first bytes of a file."""

from __future__ import annotations

import struct
import zlib

READABLE: dict[str, tuple[str, ...]] = {  # suffixes by format
    "JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",), "AVIF": (".avif",), "HEIC": (".heic", ".heif"),
    "GIF": (".gif",), "BMP": (".bmp",), "TIFF": (".tif", ".tiff"),
}  # fmt: skip
WRITABLE = {
    ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".avif": "avif",
    ".bmp": "bmp", ".tif": "tiff", ".tiff": "tiff",
}  # fmt: skip
TRANSPARENT = ("png", "webp", "avif", "tiff")  # formats that can be written with an alpha channel
HEAD = 4096  # first bytes of a file that recognition needs
# Exceptions of the decoders for damaged files, besides OSError.
DAMAGE = (
    SyntaxError, ValueError, TypeError, EOFError, RuntimeError, IndexError, KeyError, OverflowError, struct.error,
    zlib.error,
)  # fmt: skip

_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF", b"BM": "BMP",
    b"II*\0": "TIFF", b"MM\0*": "TIFF", b"II+\0": "TIFF", b"MM\0+": "TIFF",
}  # fmt: skip
_AVIF = {b"avif", b"avis"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"heif"}
_SAVE = "Open it in the program that made it and save it as JPEG or PNG."
RAW = ("a camera's raw file", "Develop it in a photo program and save it as JPEG or TIFF.")
_OTHERS = {  # name and advice by signature
    b"\0\0\0\x0cjP  \r\n": ("a JPEG 2000 picture", _SAVE),
    b"\xffO\xffQ": ("a JPEG 2000 picture", _SAVE),
    b"\0\0\0\x0cJXL \r\n": ("a JPEG XL picture", _SAVE),
    b"\xff\x0a": ("a JPEG XL picture", _SAVE),
    b"8BPS": ("a Photoshop document", "Save it as JPEG, PNG or TIFF."),
    b"gimp xcf": ("a GIMP document", "Export it as JPEG, PNG or TIFF."),
    b"%!PS": ("a PostScript document", "Export it as PNG."),
    b"FUJIFILM": RAW,
    b"IIRO": RAW,
    b"IIU\0": RAW,
}


def recognize(head: bytes) -> str | None:
    """Return the format of a file by its first 4096 bytes: a key of READABLE such as "JPEG", or None if unknown."""
    for signature, format in _SIGNATURES.items():
        if head.startswith(signature):
            return format
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    brands = _brands(head)
    if brands & _AVIF:
        return "AVIF"
    return "HEIC" if brands & _HEIC else None


def name_other(head: bytes) -> tuple[str, str] | None:
    """Return the name of an unreadable file's format and advice for converting it, or None for an unknown format.

    `head` is the first 4096 bytes of the file.
    """
    for signature, found in _OTHERS.items():
        if head.startswith(signature):
            return found
    if b"%PDF-" in head[:1024]:
        return "a PDF document, not a picture", "Save the page, or the picture in it, as JPEG or PNG."
    if head[4:8] == b"ftyp":
        return RAW if head[8:12] == b"crx " else ("a film, not a picture", "Save one of its frames as JPEG or PNG.")
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith(b"<") and b"<svg" in text:
        return "an SVG drawing, which has no pixels", "Export it as PNG."
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page, not a picture", "Save the picture itself: open it alone and save it."
    return None


def _brands(head: bytes) -> set[bytes]:
    """Return the brands in the first bytes of an ISO base media file (ISO 14496-12, 4.3), or an empty set."""
    if head[4:8] != b"ftyp":
        return set()
    box = head[8 : int.from_bytes(head[:4], "big")]
    return {box[:4], *(box[place : place + 4] for place in range(8, len(box), 4))}
