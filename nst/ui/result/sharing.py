"""Sharing of settings: import from a saved result or a link, export as a link, command line or Python code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from nst.errors import NstError
from nst.recipes import image_metadata
from nst.recipes.export import LINKED, as_command, as_python, as_query, from_query
from nst.recipes.recipe import Recipe
from nst.ui.actions.apply_settings import apply_recipe
from nst.ui.actions.request_recipe import recipe_of
from nst.ui.server import uploader
from nst.ui.state import bound_widget, format, link
from nst.ui.state import session_state as session
from nst.ui.state.request import Request
from nst.ui.state.show_errors import show_error, show_errors

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

FILE_TYPES = ["png", "jpg", "jpeg", "webp", "avif"]  # formats with metadata that can hold a recipe

_LINK, _COMMAND, _PYTHON = "Link", "Command line", "Python"
_KEEP_HELP = (
    "Saves settings and style names in the file, but not your photo. Anyone who drops the file on this page can "
    "continue with the same settings."
)
_TAKE_HELP = "A picture saved from this page, by anyone. The page takes over its settings."


def apply_link() -> None:
    """Fill the form from the settings in the page address, once per session. Call before the page is drawn.

    No effect if the address points to a run, which has settings of its own.
    """
    query = st.query_params
    if LINKED not in query or session.link_taken.value or link.token() is not None:
        return
    session.link_taken.value = True
    _apply("the link", lambda: from_query({name: query.get_all(name) for name in query}))


def take_picture() -> None:
    """Fill the form from the recipe in the image file uploaded for this purpose since the last script run, if any.

    Call at the beginning of each script run of every page.
    """
    uploader.take("settings", _take_file)


def arrival() -> None:
    """Draw the message about the last import of settings until the user dismisses it."""
    note, problem = session.import_note.value, session.import_problem.value
    if note is None and problem is None:
        return
    with st.container(key="arrival", gap="xsmall"):
        if note is not None:
            st.info(note, icon=":material/download_done:")
        show_error(problem, icon=":material/error:")
        st.button("Got it", key="settings-noted", on_click=_dismiss)


def _dismiss() -> None:
    session.import_note.value = session.import_problem.value = None


def recipe_checkbox(forget_files: Callable[[], None]) -> None:
    """Draw the checkbox that turns recipes in saved image files on or off.

    `forget_files` is called on a change, to discard the files already created.
    """
    label = "Save the settings in the file"
    st.checkbox(label, help=_KEEP_HELP, **bound_widget.value(session.keeps_recipe, forget_files))


def sharing(wanted: Callable[[], Request]) -> None:
    """Draw the import and the export of settings. `wanted` returns the current request."""
    drawer = st.expander("Share or reuse settings", icon=":material/share:", key="sharing", on_change="rerun")
    if not drawer.open:
        return  # the code block alone makes the browser load nearly as much as the rest of the page
    with drawer:
        _from_picture()
        try:
            request = wanted()
        except NstError as error:
            st.caption(format.literal(str(error)))
        else:
            _to_others(request)


def _from_picture() -> None:
    with st.container(key="add-settings", gap="xsmall"):
        uploader.uploader("settings", "Load settings from a saved picture", FILE_TYPES, help=_TAKE_HELP)


def _to_others(request: Request) -> None:
    recipe = recipe_of(request)
    texts = {
        _LINK: lambda: f"{(st.context.url or '').rstrip('/')}/?{as_query(recipe)}",
        _COMMAND: lambda: as_command(recipe),
        _PYTHON: lambda: as_python(recipe),
    }
    form = st.segmented_control("Copy the settings as", list(texts), default=_LINK, key="copy-as", required=True)
    st.code(texts[form](), None, wrap_lines=True)  # no language: its syntax colors are too faint to read
    if left_out := " ".join(_left_out(request, recipe, form)):
        st.caption(left_out)


def _left_out(request: Request, recipe: Recipe, form: str) -> list[str]:
    """Return sentences about the inputs that an export does not contain; `form` is the kind of export."""
    own = any(isinstance(picture.source, bytes) for picture in request.pictures)
    said = []
    if form == _LINK and own:
        said.append("The link does not include your own pictures. People who open it choose their own.")
    if form != _LINK:
        said.append("Replace the file names with the paths on your computer.")
    if recipe.masked and (form != _LINK or recipe.region is None):
        said.append("The painted region is not included.")
    return said


def _take_file(file: UploadedFile) -> None:
    data, name = file.getvalue(), f"'{file.name}'"
    _apply(format.literal(name), lambda: image_metadata.read(data, name))


def _apply(source: str, read: Callable[[], Recipe]) -> None:
    """Fill the form from the recipe that `read` returns, and store a message for arrival(), which names `source`."""
    _dismiss()
    with show_errors(session.import_problem):
        said = apply_recipe(read())
        session.import_note.value = " ".join([f"Settings loaded from {source}.", *said])
