"""Mask of the region to stylize: found in the content image, brushed or uploaded, with a preview of the region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from nst.errors import InputError
from nst.ui.inputs.image_picker import FILE_TYPES
from nst.ui.server import uploader
from nst.ui.server.mask_finder import Found, mask_finder
from nst.ui.state import session_state as session
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import ImageChoice, PageImage
from nst.ui.state.show_errors import show_error, show_errors
from nst.ui.widgets import board
from nst.ui.widgets.overlay import overlay, plain

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_BOXED = {  # kinds of regions that accept a box, with the hint for the box
    "subject": "Only the part in color is painted. Not right? Draw a box around the subject.",
    "background": "Only the part in color is painted. Not right? Draw a box around the subject.",
}
_MARKED = "Only the part in color is painted."
_LOOKING = {
    "subject": "Looking for the subject…",
    "background": "Looking for the background…",
    "sky": "Looking for the sky…",
    "alpha": "Looking for the opaque part…",
}
_NOTHING = {
    "subject": "No subject was found in this photo. Draw a box around it, or brush over it.",
    "background": "No background was found in this photo. Draw a box around the subject, or brush over the background.",
    "sky": "No sky was found in this photo. If there is one, brush over it.",
    "alpha": "Nearly all of this photo is transparent. Brush over the parts to paint.",
}
_UNBRUSHED = "Brush over the parts to paint."
_NO_FILE = "Add a mask: a picture in the shape of the photo, white in the parts to paint and black elsewhere."


@dataclass(frozen=True)
class RegionMask:
    """Mask of the region to stylize, or None if there is no usable mask.

    In that case `lacking` tells the user how to provide one; otherwise it is empty.
    """

    mask: PageMask | None
    lacking: str = ""


def take_upload() -> None:
    """Store the mask uploaded since the last script run, if any, in the session.

    Call at the beginning of each script run of every page.
    """
    uploader.take("mask", _keep_file)


def mask_of(kind: str, photo: ImageChoice, feather: float) -> RegionMask:
    """Draw the widgets and the preview for one kind of region and return its mask.

    `kind` is a key of REGION_NAMES (nst.ui.state.request). `feather` is the width of the soft edge in the preview, in
    percent of the long side.
    """
    if kind == "brush":
        return _brushed(photo)
    if kind == "file":
        return _from_file(photo, feather)
    return _found(kind, photo, feather)


def _brushed(photo: ImageChoice) -> RegionMask:
    mask: PageMask | None = None
    with show_errors() as shown:
        mask = board.brush(photo, plain(photo))
    return RegionMask(mask, "" if mask else shown.message or _UNBRUSHED)


def _found(kind: str, photo: ImageChoice, feather: float) -> RegionMask:
    with show_errors() as shown, st.spinner(_LOOKING[kind]):
        found = mask_finder().ask(kind, photo, board.box_of(photo) if kind in _BOXED else None).result()
    if shown.message:  # unusable box
        board.box(photo, plain(photo), _BOXED[kind])
        return RegionMask(None, shown.message)
    if found.nothing:
        st.info(_NOTHING[kind], icon=":material/search_off:")
    marked = plain(photo) if found.nothing else overlay(photo, found.mask, feather)
    if kind in _BOXED:
        board.box(photo, marked, _BOXED[kind])
    elif not found.nothing:
        _show(photo, marked)
    _correct(photo, found)
    return RegionMask(None, _NOTHING[kind]) if found.nothing else RegionMask(found.mask)


def _correct(photo: ImageChoice, found: Found) -> None:
    """Draw the button that opens the brush, with the mask found as the initial drawing."""
    label = "Brush over it" if found.nothing else "Correct with the brush"
    st.button(label, icon=":material/brush:", key="correct", on_click=_take_brush, args=(photo, found))


def _take_brush(photo: ImageChoice, found: Found) -> None:
    if not found.nothing:
        board.begin_with(photo, found.mask)
    session.region_kind.value = "brush"


def _from_file(photo: ImageChoice, feather: float) -> RegionMask:
    """Draw the uploaded mask or, without a usable one, the uploader, and return the mask.

    The mask is stored in the session, because the uploader drops its file when another kind of region is chosen.
    """
    kept = session.mask_file.value
    if kept is None:
        _upload()
        st.caption(_NO_FILE)
        return RegionMask(None, _NO_FILE)
    if isinstance(kept, str):
        return _refused(kept)
    try:
        marked = overlay(photo, kept, feather)
    except InputError as error:
        return _refused(str(error))
    _show(photo, marked)
    st.button("Use another mask", icon=":material/upload_file:", key="another-mask", on_click=_forget_file)
    return RegionMask(kept)


def _refused(problem: str) -> RegionMask:
    show_error(problem, icon=":material/broken_image:")
    _upload()
    return RegionMask(None, problem)


def _upload() -> None:
    uploader.uploader("mask", "Your mask", FILE_TYPES, help=_NO_FILE, label_visibility="collapsed")


def _keep_file(file: UploadedFile) -> None:
    """Store the mask of an uploaded file in the session, or the error message if the file is invalid."""
    try:
        session.mask_file.value = PageMask.read(file.getvalue())
    except InputError as error:
        session.mask_file.value = str(error)


def _forget_file() -> None:
    session.mask_file.value = None


def _show(photo: ImageChoice, marked: PageImage) -> None:
    st.image(marked.uri, caption=_MARKED, alt=f"{photo.name}, in color in the parts to paint", width="stretch")
