"""Gallery to choose one image: thumbnails of the user's own images (uploads and camera photos) and of samples.

The thumbnails are one radio group, so arrow keys and screen readers work as usual; page_css.py lays them out as a grid.
Large galleries can be searched (style_search.py); the selected image stays visible for any query.
An upload adds a thumbnail and selects it; an invalid file only shows an error.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from nst.errors import NstError
from nst.images import io as images
from nst.images.formats import READABLE
from nst.images.samples import Sample
from nst.models.stylizers import trained_style
from nst.ui.inputs.style_search import search
from nst.ui.server import resources as server
from nst.ui.server import sessions, uploads
from nst.ui.state import bound_widget
from nst.ui.state.pictures import Choice, thumbnail

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

FILE_TYPES = [suffix.removeprefix(".") for suffixes in READABLE.values() for suffix in suffixes]
OWN_LIMIT = 3  # user images per session and gallery; the oldest are dropped
OWN_BYTES = 40_000_000  # total size of their files


def gallery(
    kind: str, samples: Sequence[Sample], default: str, *, camera: bool = False, trained: bool = False
) -> Choice:
    """Draw the gallery of a kind, such as "photo", and return the selected image.

    `default` is the token of the image selected at first. With `trained`, trained style files are accepted as well.
    """
    state = st.session_state
    options = choices(kind, samples)
    state.setdefault(kind, default)
    with st.container(key=f"gallery-{kind}", gap="small"):
        passed_over = search(kind, samples) - {state[kind]}
        token: str = st.radio(
            kind.capitalize(),
            format_func=lambda token: f"![{options[token].alt}]({thumbnail(options[token])}) {options[token].name}",
            horizontal=True,
            label_visibility="collapsed",
            width="stretch",
            **bound_widget.index(kind, [token for token in options if token not in passed_over]),
        )
        _add(kind, camera, trained)
        if problem := state.get(f"{kind}-problem"):
            st.error(problem, icon=":material/broken_image:")
    return options[token]


def choices(kind: str, samples: Sequence[Sample]) -> dict[str, Choice]:
    """Return all images of a gallery by token: the user's own, newest first, then the samples."""
    return {choice.token: choice for choice in [*reversed(_own(kind)), *map(_choice, samples)]}


def choose(kind: str, choice: Choice, samples: Sequence[Sample]) -> None:
    """Select an image; a dropped image of the user is added again. Call before the gallery is drawn."""
    if choice.token not in choices(kind, samples):
        _keep(kind, choice)
    st.session_state[kind] = choice.token


def exchange(kind: str, old: Choice, new: Choice, samples: Sequence[Sample]) -> None:
    """Select an image in place of `old`, which is removed if owned by the user. Call before the gallery is drawn."""
    own = _own(kind)
    own[:] = [each for each in own if each.token != old.token]
    choose(kind, new, samples)


def _choice(sample: Sample) -> Choice:
    return Choice(sample.slug, sample.name, sample.alt, sample.source())


def _own(kind: str) -> list[Choice]:
    own: list[Choice] = st.session_state.setdefault(f"{kind}-own", [])
    return own


def _taken(kind: str) -> list[str]:
    """Return the ids of the files received so far, valid or not."""
    taken: list[str] = st.session_state.setdefault(f"{kind}-taken", [])
    return taken


def _add(kind: str, camera: bool, trained: bool) -> None:
    # A new key per file empties the uploader, because the file has become a thumbnail.
    uploader = f"{kind}-upload-{len(_taken(kind))}"
    with st.container(key=f"add-{kind}", horizontal=True, vertical_alignment="center", gap="small"):
        st.file_uploader(
            f"Use your own {kind}",
            [*FILE_TYPES, trained_style.SUFFIX.removeprefix(".")] if trained else FILE_TYPES,
            key=uploader,
            on_change=lambda: _take(kind, st.session_state[uploader], trained),
            label_visibility="collapsed",
        )
        if camera and st.button("Camera", icon=":material/photo_camera:", key=f"{kind}-camera"):
            _camera(kind)


@st.dialog("Take a photo")
def _camera(kind: str) -> None:
    """Draw the camera dialog.

    Opened on request only, because the browser asks for permission as soon as the camera input is drawn.
    """
    taken = st.camera_input("Camera", label_visibility="collapsed")
    if taken is not None:
        _take(kind, taken)
        st.rerun()


def _take(kind: str, file: UploadedFile | None, trained: bool = False) -> None:
    state, own, taken = st.session_state, _own(kind), _taken(kind)
    if file is None or file.file_id in taken:
        return  # a browser that has not yet received the new uploader may send the file again
    taken.append(file.file_id)
    data = file.getvalue()
    sessions.forget_upload(file.file_id)
    name = f"Your {kind}" + (f" {len(taken)}" if own else "")
    choice = Choice(secrets.token_hex(8), name, f"the {kind} you added", data)
    try:
        if not (trained and trained_style.find(data, f"'{file.name}'")):
            images.read(data, f"'{file.name}'")
        server.uploads().admit(choice, sessions.current())
    except NstError as error:
        state[f"{kind}-problem"] = str(error)
        return
    state[f"{kind}-problem"] = None
    _keep(kind, choice)
    state[kind] = choice.token


def _keep(kind: str, choice: Choice) -> None:
    """Add an image of the user; drop the oldest ones beyond OWN_LIMIT or OWN_BYTES, but never the new one."""
    own = _own(kind)
    own.append(choice)
    while len(own) > OWN_LIMIT or (len(own) > 1 and sum(map(uploads.size, own)) > OWN_BYTES):
        del own[0]
