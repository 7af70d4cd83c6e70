"""Style variations of a request: small results for a contact sheet, made in the background one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

import nst
from nst.engines.variations import TRIED_AT, Variation, variants
from nst.images import io as images
from nst.models.stylizers import trained_style
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.ui.server import engine_inputs, sessions
from nst.ui.server import resources as server
from nst.ui.server.mask_finder import MaskFinder, mask_finder
from nst.ui.server.streamlit_workarounds import prepare_engine
from nst.ui.state.pictures import ImageChoice, decoded, shown
from nst.ui.state.request import Request
from nst.ui.state.variation_sheet import VariationSheet

SHOWN_SIDE = 256  # pixels; shown at about 200
LARGEST = 2 * TRIED_AT  # pixels; the smallest style scale needs no larger style image


def begin(request: Request) -> VariationSheet:
    """Submit the variations of a request to the queue for short jobs. Raises Busy if the queue is full."""
    all_variants, pictures = variants(request.settings), dict[Variation, str]()
    run = partial(_run, request, all_variants, pictures, mask_finder())
    job = server.instant_jobs().submit(sessions.current(), run, payload=None)
    return VariationSheet(common(request), all_variants, job, pictures)


def common(request: Request) -> Request:
    """Return `request` with the values in which variations differ set to those of the first variation.

    Requests that differ only in colors, strength, style scale or initial image therefore give equal results.
    """
    return replace(request, settings=variants(request.settings)[0].settings, init=None)


def _run(
    request: Request,
    all_variants: tuple[Variation, ...],
    pictures: dict[Variation, str],
    finder: MaskFinder,
    control: Control,
    _resume: Checkpoint | None,  # unused: the job is too short to be paused
) -> Iterator[Snapshot]:
    """Stylize each variation, store its result in `pictures` as a data URI, and yield a small snapshot of it."""
    faces = None if request.face_protection is None else finder.ask("faces", request.photo).result()
    request = _small(request)
    for number, variant in enumerate(all_variants, 1):
        if control.stopped:
            return
        trial = replace(request, settings=variant.trial, init=None)
        prepare_engine(trial.settings)
        result = nst.stylize(trial.photo.source, settings=trial.settings, **engine_inputs.inputs(trial, faces))
        small = images.fit(result.picture, min(SHOWN_SIDE, max(result.image.shape)))
        pictures[variant] = shown(small, SHOWN_SIDE).uri
        yield replace(result, image=small[..., :3], alpha=None, step=number, total=len(all_variants), final=False)


def _small(request: Request) -> Request:
    """Return the request with all its images decoded, once for all variations.

    Images with a long side of more than LARGEST pixels are scaled down to LARGEST pixels.
    """
    mix = request.mix
    mix = replace(mix, styles=tuple(map(_decoded, mix.styles)), colors_of=mix.colors_of and _decoded(mix.colors_of))
    region = request.region
    if region is not None and region.outside_style is not None:
        region = replace(region, outside_style=_decoded(region.outside_style))
    return replace(request, photo=_decoded(request.photo), mix=mix, region=region)


def _decoded(choice: ImageChoice) -> ImageChoice:
    """Return an image decoded and scaled down. A trained style is returned unchanged: it is more than an image."""
    if trained_style.find(choice.source) is not None:
        return choice
    picture = decoded(choice)
    pixels = picture.rgb if picture.alpha is None else np.dstack([picture.bled, picture.alpha])
    return replace(choice, source=images.fit(pixels, min(LARGEST, max(pixels.shape[:2]))))
