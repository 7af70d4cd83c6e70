"""A painting as files to take home. What all saved pictures have in common is in picture_file()."""

from __future__ import annotations

import numpy as np

from nst.images import collage
from nst.images import io as images
from nst.images.animation import FPS, animation
from nst.images.io import Pixels
from nst.models.stylizers import trained_style
from nst.recipes import image_metadata
from nst.run.snapshot import Snapshot
from nst.ui.actions.request_recipe import kept_recipe
from nst.ui.state import format as words
from nst.ui.state.request import Painting

PICTURES = {"PNG": "png", "JPEG": "jpg", "WebP": "webp"}  # format: suffix
FILMS = {"MP4": "mp4", "GIF": "gif", "WebP": "webp"}
MIME = {
    "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "mp4": "video/mp4",
    "zip": "application/zip",
}  # fmt: skip
LOOPS_SIDE = 480  # pixels of the long side of GIF and WebP films, at most: as large as an MP4, they would not send
PHOTO_SECONDS = 0.5  # that a film begins with


def stem(painting: Painting) -> str:
    """What the files of a painting are called, without suffix."""
    return words.file_stem(painting.order.photo.name, *(style.name for style in painting.order.mix.styles))


def picture_file(painting: Painting, picture: Snapshot, format: str) -> bytes:
    """What a painting has come to as a file of one of PICTURES: all of them are made here."""
    return image_metadata.encode(picture.picture, format.lower(), kept_recipe(painting.order, picture))


def side_by_side(painting: Painting, picture: Snapshot) -> bytes:
    """The photo, the styles and what came of them, in one JPEG."""
    styles = [trained_style.pixels(style.source) for style in painting.order.mix.styles]
    return images.encode(collage.side_by_side([_photo(painting), *styles, picture.on_white]), "jpeg")


def has_film(painting: Painting, picture: Snapshot) -> bool:
    """Whether anything is known of how a picture came to be."""
    return bool(painting.moments.before(picture.step))


def film(painting: Painting, picture: Snapshot, format: str) -> bytes:
    """How the photo became the picture: a file of one of FILMS."""
    frames = painting.moments.film(picture)
    height, width = frames[0].shape[:2]
    photo = [images.resize(_photo(painting), (width, height))] * round(PHOTO_SECONDS * FPS)
    if format != "MP4":
        side = min(LOOPS_SIDE, max(height, width))
        return animation((images.fit(frame, side) for frame in [*photo, *frames]), f".{FILMS[format]}")
    return animation([*photo, *frames], f".{FILMS[format]}")


def everything(painting: Painting, picture: Snapshot) -> bytes:
    """All there is as a ZIP: pictures, the row, what it was made from, the film and its moments."""
    name = stem(painting)
    files = {f"{name}.{suffix}": picture_file(painting, picture, format) for format, suffix in PICTURES.items()}
    files[f"{name}-side-by-side.jpg"] = side_by_side(painting, picture)
    files["made-from/photo.jpg"] = images.encode(_photo(painting), "jpeg")
    for style in painting.order.mix.styles:
        files[f"made-from/{words.file_stem(style.name)}.jpg"] = images.encode(
            trained_style.pixels(style.source), "jpeg"
        )
    if has_film(painting, picture):
        files[f"{name}-film.mp4"] = film(painting, picture, "MP4")
    for moment in painting.moments.before(picture.step):
        files[f"on-the-way/iteration-{moment.step:04d}.jpg"] = moment.file
    return collage.bundle(files)


def _photo(painting: Painting) -> Pixels:
    return np.asarray(images.read(painting.order.photo.source, "photo").rgb)
