"""Decoded inputs of a run: pixels, style weights and regions, from which every engine starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nst.errors import InputError
from nst.images import io as images
from nst.images.color_transfer import Palette
from nst.images.io import Picture, Pixels, Source
from nst.models.stylizers import trained_style
from nst.models.stylizers.trained_style import TrainedStyle
from nst.run.inputs import Inputs, Shares, read_content
from nst.run.regions import Map, RegionSet
from nst.run.regions import read as read_mask


def decoded(inputs: Inputs, long_side: int | None) -> DecodedInputs:
    """Return the decoded inputs for a result of `long_side` pixels, None for the content image's size.

    Each size is decoded once: a draft and its refinement share the images, and a pipe is read only once. Raises
    InputError if an image or a mask cannot be used, or if a style weight or a region is invalid.
    """
    if long_side not in inputs.memo:
        inputs.memo[long_side] = DecodedInputs.read(inputs, long_side)
    found: DecodedInputs = inputs.memo[long_side]
    return found


@dataclass(frozen=True)
class DecodedInputs:
    """Decoded images, style weights and regions of a style-transfer run.

    The content image (`photo`), its alpha channel, the maps of the regions (`parts`) and the protection map
    (`protected`) have the size of the result.
    """

    content: Picture = field(repr=False)  # content image at its own size
    photo: Pixels = field(repr=False)  # content image with transparent pixels filled
    alpha: Pixels | None = field(repr=False)  # (H, W); None if the content image is opaque
    styles: tuple[Pixels, ...] = field(repr=False)  # visible parts, in the colors of a color_style if given
    trained: tuple[TrainedStyle | None, ...]  # per style; None for a plain image
    shares: Shares  # weights of the styles
    parts: RegionSet | None  # None without regions
    init_image: Pixels | None = field(repr=False)
    protected: Map | None = field(repr=False)  # (H, W), weights of the pixels to keep recognizable

    @classmethod
    def read(cls, inputs: Inputs, long_side: int | None) -> DecodedInputs:
        """Decode and check all inputs, as decoded() without its memory."""
        content = read_content(inputs.content)
        photo = images.fit(content.bled, long_side)
        size = photo.shape[1], photo.shape[0]
        shares = inputs.shares
        trained = tuple(trained_style.find(source) for source in inputs.styles)
        return cls(
            content=content,
            photo=photo,
            alpha=images.resize_alpha(content.alpha, size),
            styles=_styles(inputs, trained),
            trained=trained,
            shares=shares,
            init_image=None if inputs.init_image is None else _read_init(inputs.init_image),
            parts=RegionSet.of(inputs.regions, size, len(shares)) if inputs.regions else None,
            protected=None if inputs.protection is None else read_mask(inputs.protection.mask, size),
        )

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the result."""
        return self.photo.shape[1], self.photo.shape[0]


def _styles(inputs: Inputs, trained: Sequence[TrainedStyle | None]) -> tuple[Pixels, ...]:
    """Return the style images, uint8 RGB (h, w, 3), in the colors of the inputs' color_style if given.

    Images with transparency are reduced to their visible parts. `trained` has one entry per style image: its trained
    style, or None for a plain image. Raises InputError if an image cannot be used.
    """
    styles = tuple(
        trained_style.visible_image(source) if found is None else found.picture
        for source, found in zip(inputs.styles, trained, strict=True)
    )
    if inputs.color_style is None:
        return styles
    wanted = trained_style.palette(inputs.color_style)
    return tuple(Palette.of(style).onto(wanted)(style) for style in styles)


def _read_init(source: Source) -> Pixels:
    """Decode an initial image: uint8 RGB (H, W, 3), with transparent pixels filled.

    Raises InputError if the image cannot be decoded or is fully transparent.
    """
    picture = images.read(source, "init image", any_shape=True)
    if picture.is_invisible:
        raise InputError("The init image is fully transparent. Give one of which something is seen, or leave it out.")
    return picture.bled
