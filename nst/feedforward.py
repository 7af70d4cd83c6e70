"""The instant engine: one pass through a feed-forward network, a stream of one Snapshot."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from hashlib import blake2b
from typing import Any
from weakref import ref

import numpy as np

from nst import colors, images
from nst.canvas import as_list, read_styles, shares_of
from nst.control import Control
from nst.errors import SettingsError
from nst.images import Picture, Pixels, Source
from nst.models import trained_micro
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
    color_style: Source | None = None,
    init_image: Source | None = None,
    resume: Checkpoint | None = None,
) -> Iterator[Snapshot]:
    """See nst.engines.stream(). Everything is validated and loaded before the generator is returned."""
    began = time.monotonic()
    if init_image is not None or resume is not None:
        given = "an init_image" if init_image is not None else "a checkpoint"
        raise SettingsError(f"The fast engine paints in one go and has no use for {given}. Leave it out.")
    photo = images.read(content, "content")
    styles = read_styles(style, color_style, settings)
    shares = shares_of(style_weights, len(styles))
    network = trained_micro.load_for(as_list(style), settings)
    _check(network, len(styles), settings.strength)
    if settings.style_scale != 1 and not network.scales:
        raise SettingsError(
            f"{network.name} paints strokes of one size in this form; received style_scale={settings.style_scale:g}. "
            "Its SavedModel, or network='micro', can do more."
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
    strength = settings.strength if control.strength is None else control.strength
    _check(network, len(styles), strength)
    alpha = images.resize_alpha(photo.alpha, (rgb.shape[1], rgb.shape[0]))
    codes = np.stack([_code(network, style) for style in colors.ready(styles, rgb, alpha, settings)])
    code = np.average(codes, axis=0, weights=shares).astype(np.float32)
    side = settings.painted_side(max(rgb.shape))
    small = images.fit(photo.rgb if side > max(rgb.shape) else rgb, side)  # strokes finer than pixels want its detail
    image = _resized(network.paint(_encoding(network, small), code, strength / FULL), small, rgb)
    yield Snapshot(
        image=colors.finished(image, rgb, settings),
        step=1,
        total=1,
        losses=None,
        seconds=time.monotonic() - began,
        network=network.name,
        working_size=(small.shape[1], small.shape[0]),
        final=True,
        alpha=alpha,
    )


def _resized(painted: Pixels, seen: Pixels, photo: Pixels) -> Pixels:
    """What was painted of `seen`, at the photo's size, with the detail of the photo that is too fine for `seen`."""
    if seen.shape == photo.shape:
        return painted
    size = photo.shape[1], photo.shape[0]
    change = images.resize(painted, size).astype(np.int16) - images.resize(seen, size)
    resized: Pixels = np.clip(change + photo, 0, 255).astype(np.uint8)
    return resized


def _check(network: Stylizer, styles: int, strength: float) -> None:
    """Raise SettingsError for what the network cannot paint."""
    if not network.mixes and (styles > 1 or 0 < strength < FULL):
        raise SettingsError(
            f"{network.name} paints one style at full strength in this form; received {styles} and "
            f"strength={strength:g}. Its .tflite files, or network='micro', can do more."
        )


class Recent:
    """Values that were used last, up to a total weight; for many threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, weight: int, make: Callable[[], Any]) -> Any:
        """The value of `key`, made where it is not known. One that outweighs the limit is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = make()  # outside of the lock: other pictures need not wait
        with self._lock:
            if weight <= self._limit:
                self._kept[key] = value, weight
            while sum(weight for _, weight in self._kept.values()) > self._limit:
                self._kept.popitem(last=False)
        return value


# What is known of pictures, by network and digest: the pictures themselves would be many times as large. Networks
# are referred to weakly, so that one that nobody uses any more, of a trained style for one, is not kept by them.
_codes = Recent(64)
_encodings = Recent(4_000_000)  # pixels, of up to 70 bytes
SMALL = 500_000  # pixels that a photo counts as at least: eight are enough, and a server is soon as large as it gets


def _code(network: Stylizer, style: Pixels) -> Code:
    code: Code = _codes.get((ref(network), _digest(style)), 1, lambda: network.describe(style))
    return code


def _encoding(network: Stylizer, photo: Pixels) -> Any:
    weight = max(SMALL, photo.shape[0] * photo.shape[1])
    return _encodings.get((ref(network), _digest(photo)), weight, lambda: network.encode(photo))


def _digest(pixels: Pixels) -> bytes:
    shape = repr(pixels.shape).encode()
    return blake2b(np.ascontiguousarray(pixels).data, key=shape).digest()
