"""Gallery to choose one image: thumbnails of the user's own images (uploads and camera photos) and of samples.

The thumbnails are one radio group, so arrow keys and screen readers work as usual; page_css.py arranges them as a grid.
Large galleries can be searched (style_search.py); the selected image stays visible for any query. An upload adds a
thumbnail and selects it; an invalid file only shows an error.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial
from itertools import chain, count
from typing import TYPE_CHECKING

import streamlit as st

from nst.images.formats import READABLE
from nst.images.samples import Sample
from nst.models.stylizers import trained_style
from nst.ui.inputs.style_search import search
from nst.ui.server import resources as server
from nst.ui.server import sessions, uploader, uploads
from nst.ui.state import bound_widget, format
from nst.ui.state import session_state as session
from nst.ui.state.pictures import ImageChoice, decoded_file, thumbnail
from nst.ui.state.show_errors import show_error, show_errors

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

FILE_TYPES = [suffix.removeprefix(".") for suffixes in READABLE.values() for suffix in suffixes]
TRAINED = "style"  # kind of image that may be a trained style file as well
OWN_LIMIT = 3  # user images per session and gallery; the oldest are dropped
OWN_BYTES = 40_000_000  # total size of their files


def take_uploads() -> None:
    """Add the images uploaded since the last script run to their galleries, and select them.

    Call at the beginning of each script run of every page.
    """
    for kind in ("photo", "style"):
        uploader.take(kind, partial(_take, kind))
        uploader.take(_camera_of(kind), partial(_take, kind, name=f"Your {kind}"))


def gallery(kind: str, samples: Sequence[Sample], default: str, *, camera: bool = False) -> ImageChoice:
    """Draw the gallery `kind`, "photo" or "style", and return the selected image.

    `default` is the token of the image selected at first. With `camera`, a button opens the camera.
    """
    entries, options = session.galleries[kind], choices(kind, samples)
    selected = entries.selected.setdefault(default)
    with st.container(key=f"gallery-{kind}", gap="small"):
        found = search(kind, samples)
        own = [choice.token for choice in reversed(entries.own.value)]
        visible = list(dict.fromkeys([*own, *found, selected]))  # the selected image stays, after the found ones
        token: str = st.radio(
            kind.capitalize(),
            format_func=lambda token: labeled(options[token]),
            horizontal=True,
            label_visibility="collapsed",
            width="stretch",
            **bound_widget.index(entries.selected, visible),
        )
        _add(kind, camera)
        if problem := entries.problem.value:
            with st.container(key=f"refused-{kind}"):  # page_css.py hides it once Streamlit itself refuses another file
                show_error(problem, icon=":material/broken_image:")
    return options[token]


def labeled(choice: ImageChoice) -> str:
    """Return the label of an image in a gallery as Markdown: its thumbnail and its name."""
    return f"![{format.literal(choice.alt)}]({thumbnail(choice)}) {format.literal(choice.name)}"


def choices(kind: str, samples: Sequence[Sample]) -> dict[str, ImageChoice]:
    """Return all images of the gallery `kind` by token: the user's own, newest first, then the samples."""
    return {choice.token: choice for choice in [*reversed(session.galleries[kind].own.value), *map(_choice, samples)]}


def choose(kind: str, choice: ImageChoice, samples: Sequence[Sample]) -> None:
    """Select an image in the gallery `kind`. An image that is not in the gallery is added to it.

    Call before the gallery is drawn.
    """
    entries = session.galleries[kind]
    if choice.token not in choices(kind, samples):
        _keep(choice, entries.own.value, entries.names.value)
    entries.selected.value = choice.token


def exchange(kind: str, old: ImageChoice, new: ImageChoice, samples: Sequence[Sample]) -> None:
    """Select the image `new` in the gallery `kind`. If `old` is the user's own image, it is removed.

    Call before the gallery is drawn.
    """
    own = session.galleries[kind].own.value
    own[:] = [each for each in own if each.token != old.token]
    choose(kind, new, samples)


def _choice(sample: Sample) -> ImageChoice:
    return ImageChoice(sample.slug, sample.name, sample.alt, sample.source())


def _add(kind: str, camera: bool) -> None:
    types = [*FILE_TYPES, trained_style.SUFFIX.removeprefix(".")] if kind == TRAINED else FILE_TYPES
    with st.container(key=f"add-{kind}", horizontal=True, vertical_alignment="center", gap="small"):
        uploader.uploader(kind, f"Use your own {kind}", types, label_visibility="collapsed")
        if camera and st.button("Camera", icon=":material/photo_camera:", key=f"{kind}-camera"):
            _camera(kind)


@st.dialog("Take a photo")
def _camera(kind: str) -> None:
    """Draw the dialog with the camera input for the gallery `kind`.

    Opened on request only, because the browser asks for permission as soon as the camera input is drawn.
    """
    if uploader.camera(_camera_of(kind), "Camera", label_visibility="collapsed"):
        st.rerun()


def _take(kind: str, file: UploadedFile, name: str | None = None) -> None:
    """Add an uploaded image to the gallery `kind` and select it. If the file is invalid, store the error message.

    `name` is the display name, by default the file name. After an interrupted script run, this function is called again
    with the same file, so each step must be repeatable. The session is not accessed while the file is decoded and
    before the image is stored: Streamlit could end the script run there, and drop the file when the user changes the
    page.
    """
    entries = session.galleries[kind]
    own, names = entries.own.value, entries.names.value
    token = entries.tokens.value.setdefault(file.file_id, secrets.token_hex(8))
    if token not in [each.token for each in own]:
        with show_errors(entries.problem) as shown:
            choice = ImageChoice(token, _unused(name or file.name, names), f"the {kind} you added", file.getvalue())
            _admit(choice, f"'{file.name}'", trained=kind == TRAINED)
        if shown.message:
            return
        _keep(choice, own, names)
    entries.problem.value = None
    entries.selected.value = token


def _admit(choice: ImageChoice, label: str, *, trained: bool) -> None:
    """Validate the file of an image and reserve memory for it. With `trained`, a trained style is valid, too.

    `label` names the file in messages. Raises InputError if the file is invalid, and Busy if all memory for uploads is
    used.
    """
    if not (trained and trained_style.find(choice.source, label)):
        decoded_file(choice, label)
    server.uploads().admit(choice, sessions.current())


def _camera_of(kind: str) -> str:
    return f"{kind}-shot"


def _unused(name: str, names: set[str]) -> str:
    """Return `name`, numbered if already in `names`, because select boxes distinguish their options by name."""
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    numbered = (f"{stem} ({number}){dot}{suffix}" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in names)


def _keep(choice: ImageChoice, own: list[ImageChoice], names: set[str]) -> None:
    """Append an image to `own` and its name to `names`.

    The oldest images in excess of OWN_LIMIT or OWN_BYTES are dropped, but never the new one.
    """
    own.append(choice)
    names.add(choice.name)
    while len(own) > OWN_LIMIT or (len(own) > 1 and sum(map(uploads.size, own)) > OWN_BYTES):
        del own[0]
