"""The instant engine: one pass through a feed-forward network, a stream of one Snapshot."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

from nst import images
from nst.canvas import as_list, shares_of
from nst.control import Control
from nst.errors import SettingsError
from nst.images import Picture, Pixels, Source
from nst.models import stylizers
from nst.models.stylizers import Code, Stylizer
from nst.settings import FastSettings
from nst.snapshot import Checkpoint, Snapshot

FULL = 100.0  # the strength at which a network does all that it learned


def run(
    content: Source,
    style: Source | Sequence[Source],
    settings: FastSettings,
    *,
    control: Control,
    style_weights: Sequence[float] | None = None,
    init_image: Source | None = None,
    resume: Checkpoint | None = None,
) -> Iterator[Snapshot]:
    """See nst.engines.stream(). Everything is validated and loaded before the generator is returned."""
    began = time.monotonic()
    if init_image is not None or resume is not None:
        given = "an init_image" if init_image is not None else "a checkpoint"
        raise SettingsError(f"The fast engine paints in one go and has no use for {given}. Leave it out.")
    photo = images.read(content, "content")
    styles = [images.read(source, "style").rgb for source in as_list(style)]
    shares = shares_of(style_weights, len(styles))
    network = stylizers.load(settings)
    if not network.mixes and (len(styles) > 1 or settings.strength < FULL):
        raise SettingsError(
            f"{network.name} paints one style at full strength in this form; received {len(styles)} and "
            f"strength={settings.strength:g}. Its .tflite files, or network='micro', can do more."
        )
    return _pass(photo, styles, shares, network, settings, control, began)


def _pass(
    photo: Picture,
    styles: Sequence[Pixels],
    shares: Sequence[float],
    network: Stylizer,
    settings: FastSettings,
    control: Control,
    began: float,
) -> Iterator[Snapshot]:
    control.wait()  # a pause holds it; a stop comes too late for what takes one step
    rgb = images.fit(photo.rgb, settings.size)
    codes = np.stack([_code(network, _Known.of(style)) for style in styles])
    code = np.average(codes, axis=0, weights=shares).astype(np.float32)
    strength = settings.strength if control.strength is None else control.strength
    image = network.paint(_encoding(network, _Known.of(rgb)), code, strength / FULL)
    height, width = image.shape[:2]
    yield Snapshot(
        image=image,
        step=1,
        total=1,
        losses=None,
        seconds=time.monotonic() - began,
        network=network.name,
        working_size=(width, height),
        final=True,
        alpha=images.resize_alpha(photo.alpha, (width, height)),
    )


@dataclass(frozen=True)
class _Known:
    """Pixels that are recognized by their digest, so that the same picture is looked at once."""

    digest: bytes
    pixels: Pixels = field(compare=False, repr=False)

    @classmethod
    def of(cls, pixels: Pixels) -> _Known:
        shape = repr(pixels.shape).encode()
        return cls(blake2b(np.ascontiguousarray(pixels).data, key=shape).digest(), pixels)


@lru_cache(maxsize=64)
def _code(network: Stylizer, style: _Known) -> Code:
    return network.describe(style.pixels)


@lru_cache(maxsize=4)  # a photo's features take about 20 bytes a pixel
def _encoding(network: Stylizer, photo: _Known) -> Any:
    return network.encode(photo.pixels)
