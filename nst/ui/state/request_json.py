"""Serialization of requests as JSON-serializable values and image files, to save them on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from nst.errors import InputError
from nst.images.io import Source
from nst.jobs.store import JobRecord
from nst.settings.fields import live
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import RegionRequest, Request, StyleMix

_PICTURE = "picture-"  # prefix of the file names of chosen images, followed by the token
_INIT, _MASK = "init", "mask"


def record(request: Request) -> JobRecord:
    """Serialize a request for jobs.store: settings, the values of plain(), and image files."""
    files = {_PICTURE + choice.token: _bytes(choice.source) for choice in request.pictures}
    if request.init is not None:
        files[_INIT] = request.init
    if request.region is not None:
        files[_MASK] = request.region.mask.png
    return JobRecord(request.settings, plain(request), files)


def plain(request: Request) -> dict[str, Any]:
    """Return the JSON-serializable values of a request: names, weights, region and live settings.

    Image files and the settings that cannot change during a run are left out; record() adds them.
    """
    region, mix = request.region, request.mix
    return {
        "photo": _named(request.photo),
        "styles": [_named(style) for style in mix.styles],
        "weights": list(mix.weights),
        "colors_of": mix.colors_of and _named(mix.colors_of),
        "area": region
        and {
            "place": region.kind,
            "feather": region.feather,
            "rest_strength": region.outside_strength,
            "rest_style": region.outside_style and _named(region.outside_style),
        },
        "recognizable": request.face_protection,
        "turned": live(request.settings),
    }


def request(stored: JobRecord) -> Request:
    """Return the request serialized by record(), with the latest live settings.

    Raises InputError if `stored` does not describe a valid request.
    """
    try:
        return _request(stored)
    except (LookupError, TypeError, ValueError) as error:
        raise InputError(
            "This picture was saved in a format that this version cannot read. Please start it again."
        ) from error


def _request(stored: JobRecord) -> Request:
    given, files = stored.payload, stored.files
    styles = tuple(_chosen(named, files) for named in given["styles"])
    mix = StyleMix(
        styles, tuple(map(float, given["weights"])), given["colors_of"] and _chosen(given["colors_of"], files)
    )
    region = given["area"] and _region(given["area"], files)
    settings = replace(stored.settings, **given["turned"])
    return Request(_chosen(given["photo"], files), mix, settings, files.get(_INIT), region, _protection(given))


def _protection(given: Mapping[str, Any]) -> float | None:
    """Return the face protection; records of earlier versions have the strength on faces, in percent."""
    if "gentle" not in given:
        kept: float | None = given["recognizable"]
        return kept
    return None if given["gentle"] is None else 100.0 - float(given["gentle"])


def _region(given: dict[str, Any], files: Any) -> RegionRequest:
    style, mask = given["rest_style"] and _chosen(given["rest_style"], files), PageMask.read(files[_MASK])
    return RegionRequest(given["place"], mask, given["feather"], given["rest_strength"], style)


def _named(choice: ImageChoice) -> dict[str, str]:
    return {"token": choice.token, "name": choice.name, "alt": choice.alt}


def _chosen(named: dict[str, str], files: Any) -> ImageChoice:
    return ImageChoice(named["token"], named["name"], named["alt"], files[_PICTURE + named["token"]])


def _bytes(source: Source) -> bytes:
    if isinstance(source, bytes):
        return source
    assert isinstance(source, str | PathLike)  # a choice is a sample (path) or an upload (bytes)
    return Path(source).read_bytes()
