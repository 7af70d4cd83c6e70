"""Download files of a run: result, side-by-side collage, animation, and a ZIP file with everything."""

from __future__ import annotations

from collections.abc import Mapping

from nst.images import collage
from nst.images import io as images
from nst.images.animation import FPS, animation
from nst.images.io import Pixels
from nst.recipes import image_metadata
from nst.run.snapshot import Snapshot
from nst.ui.actions.request_recipe import kept_recipe
from nst.ui.state import format as words
from nst.ui.state.pictures import decoded
from nst.ui.state.run_handle import RunHandle

PICTURES = {"PNG": "png", "JPEG": "jpg", "WebP": "webp"}  # file format: suffix
FILMS = {"MP4": "mp4", "GIF": "gif", "WebP": "webp"}
MIME = {
    "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "mp4": "video/mp4",
    "zip": "application/zip",
}  # fmt: skip
LOOPS_SIDE = 480  # maximum long side of GIF and WebP animations in pixels; at MP4 size, files would be too large
PHOTO_SECONDS = 0.5  # seconds the content image is shown at the start of an animation


def stem(handle: RunHandle) -> str:
    """Return the file name, without suffix, for the downloads of a run: names of the content and style images."""
    return words.file_stem(handle.request.photo.name, *(style.name for style in handle.request.mix.styles))


def picture_file(handle: RunHandle, picture: Snapshot, format: str) -> bytes:
    """Return the result `picture` as an image file; `format` is "PNG", "JPEG" or "WebP".

    The recipe is embedded as metadata, unless disabled by the user. All image downloads are encoded here.
    """
    return image_metadata.encode(picture.picture, format.lower(), kept_recipe(handle.request, picture))


def side_by_side(handle: RunHandle, picture: Snapshot) -> bytes:
    """Return a JPEG file with the content image, the style images and the result `picture` in a row."""
    styles = [decoded(style).rgb for style in handle.request.mix.styles]
    return images.encode(collage.side_by_side([_photo(handle), *styles, picture.on_white]), "jpeg")


def has_film(handle: RunHandle, picture: Snapshot) -> bool:
    """Return True if film() can show progress: the preview history has a preview before `picture`."""
    return bool(handle.previews.before(picture.step))


def film(handle: RunHandle, picture: Snapshot, format: str) -> bytes:
    """Return an animation from the content image to the result `picture`; `format` is "MP4", "GIF" or "WebP"."""
    frames = handle.previews.film(picture)
    height, width = frames[0].shape[:2]
    photo = [images.resize(_photo(handle), (width, height))] * round(PHOTO_SECONDS * FPS)
    if format != "MP4":
        side = min(LOOPS_SIDE, max(height, width))
        return animation((images.fit(frame, side) for frame in [*photo, *frames]), f".{FILMS[format]}")
    return animation([*photo, *frames], f".{FILMS[format]}")


def everything(handle: RunHandle, picture: Snapshot) -> bytes:
    """Return a ZIP file with the result `picture` as PNG, JPEG and WebP, and all other downloads of the run.

    Included are the side-by-side collage, the input images, the MP4 animation and the preview history.
    """
    name = stem(handle)
    files = {f"{name}.{suffix}": picture_file(handle, picture, format) for format, suffix in PICTURES.items()}
    files[f"{name}-side-by-side.jpg"] = side_by_side(handle, picture)
    files["made-from/photo.jpg"] = images.encode(_photo(handle), "jpeg")
    for style in handle.request.mix.styles:
        file = _unused(f"made-from/{words.file_stem(style.name)}", files)
        files[f"{file}.jpg"] = images.encode(decoded(style).rgb, "jpeg")
    if has_film(handle, picture):
        files[f"{name}-film.mp4"] = film(handle, picture, "MP4")
    for preview in handle.previews.before(picture.step):
        files[f"on-the-way/iteration-{preview.step:04d}.jpg"] = preview.file
    return collage.bundle(files)


def _unused(stem: str, files: Mapping[str, bytes]) -> str:
    """Return `stem`, numbered if `files` has a JPEG of this name: different display names may have equal stems."""
    stems = (stem, *(f"{stem}-{number}" for number in range(2, len(files) + 2)))
    return next(each for each in stems if f"{each}.jpg" not in files)


def _photo(handle: RunHandle) -> Pixels:
    return decoded(handle.request.photo).rgb
