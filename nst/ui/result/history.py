"""History of the results of the session: open, reuse, compare or delete them.

Results are kept in memory without the photo blend, limited in number (MOST) and bytes (MOST_BYTES). The oldest are
dropped first.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from nst.jobs.job import FinishedJob
from nst.run.snapshot import Snapshot
from nst.settings.engines import Settings
from nst.ui.actions import start
from nst.ui.actions.apply_settings import Setup, apply
from nst.ui.inputs import region_picker
from nst.ui.inputs.image_picker import labeled
from nst.ui.server import uploads
from nst.ui.state import bound_widget, format
from nst.ui.state import session_state as session
from nst.ui.state.history_entry import HistoryEntry
from nst.ui.state.pictures import RESULT_SIDE, shown
from nst.ui.state.request import Request
from nst.ui.state.run_handle import RunHandle

MOST = 12  # maximum number of results per session
MOST_BYTES = 64_000_000  # maximum for all results, with their preview histories and input files

_BUSY = "Wait until the current picture is finished, or stop it."


def add_to_history(handle: RunHandle | None) -> None:
    """Add an ended run to the history. No effect if the run has no result, was added before, or was deleted.

    A fast-engine result replaces the previous one if the content image and the style images are the same.
    """
    kept = session.history.value
    progress = handle.job.progress if handle else None
    if handle is None or progress is None or not progress.state.ended or progress.snapshot is None:
        return
    token = handle.job.token
    if token in session.history_deleted.value or any(each.handle.job.token == token for each in kept):
        return
    if kept and _same_inputs(kept[-1].handle.request, handle.request):
        kept[-1] = HistoryEntry(kept[-1].number, _at_rest(handle))
        _make_room()
    else:
        _add(_at_rest(handle))


def keep_preview(handle: RunHandle, preview: Snapshot) -> int:
    """Add a preview of a finished run to the history as a separate result, unless already there.

    Return the number of the result.
    """
    for each in session.history.value:
        if each.handle.previews is handle.previews and each.end.step == preview.step:
            return each.number
    return _add(_at_rest(handle, preview))


def history(*, busy: bool) -> None:
    """Draw the thumbnails of the results, and the actions for the selected one.

    `busy` is True while a job is unfinished: results cannot be opened then.
    """
    kept = {each.number: each for each in reversed(session.history.value)}
    if not kept:
        return
    if session.history_choice.value not in kept:
        session.history_choice.value = None
    st.header("Your pictures", anchor=False)
    with st.container(key="gallery-history", gap="small"):
        number: int | None = st.radio(
            "Your pictures",
            format_func=lambda number: labeled(kept[number].choice),
            horizontal=True,
            label_visibility="collapsed",
            width="stretch",
            **bound_widget.index(session.history_choice, list(kept)),
        )
        st.caption(_note())
    if number is not None:
        _actions(kept[number], [each for each in kept.values() if each.number != number], busy)


def _note() -> str:
    """Return a sentence about how many results are kept, and for how long."""
    dropped, count = session.history_dropped.value, len(session.history.value)
    if dropped is None:
        return "Kept while this page is open. Select one to open it or use its settings."
    return f"Number {dropped} was removed: the latest {count} pictures are kept while this page is open."


def _actions(chosen: HistoryEntry, others: list[HistoryEntry], busy: bool) -> None:
    st.markdown(f"**{format.literal(chosen.name)}** · {_facts(chosen.handle.request.settings)}")
    waits: dict[str, Any] = {"disabled": busy, "help": _BUSY if busy else None}
    with st.container(horizontal=True, gap="small", key="history-actions"):
        st.button("Open", key="history-show", icon=":material/visibility:", on_click=_show, args=(chosen,), **waits)
        st.button("Use its settings", key="history-use", icon=":material/tune:", on_click=_apply, args=(chosen,))
        if st.button("Compare", key="history-compare", icon=":material/compare:", disabled=not others):
            _compare(chosen, others)
        st.button("Delete", key="history-delete", icon=":material/delete:", on_click=_delete, args=(chosen,))


def _show(chosen: HistoryEntry) -> None:
    """Show a result from the history in the result view, and apply its settings to the form."""
    _apply(chosen)
    start.show(chosen.handle)


def _apply(chosen: HistoryEntry) -> None:
    request = chosen.handle.request
    apply(Setup.of(request))
    region_picker.apply(request.region, request.photo)


def _delete(chosen: HistoryEntry) -> None:
    session.history_deleted.value.add(chosen.handle.job.token)
    session.history.value.remove(chosen)


@st.dialog("Compare two pictures", width="large")
def _compare(chosen: HistoryEntry, others: list[HistoryEntry]) -> None:
    known = {each.number: each for each in others}
    names: dict[str, Any] = {"format_func": lambda number: known[number].name, "key": "history-other"}
    other = known[st.selectbox("Compare with", list(known), **names)]
    for each, column in zip((chosen, other), st.columns(2, gap="small"), strict=True):
        with column:
            st.image(shown(each.end.picture, RESULT_SIDE).uri, alt=each.choice.alt, width="stretch")
            st.markdown(f"**{format.literal(each.name)}**  \n{_facts(each.handle.request.settings)}")
    differences = list(_differences(chosen, other))
    st.markdown("\n".join(f"- {each}" for each in differences) or "Both pictures have the same settings.")


def _differences(one: HistoryEntry, other: HistoryEntry) -> Iterator[str]:
    """Yield the differences between the inputs and settings of two results, as Markdown."""
    first, second = one.handle.request, other.handle.request
    pairs = {"Photo": (first.photo.name, second.photo.name), "Style": (first.mix.names, second.mix.names)}
    known = {field.name: field.metadata["label"] for request in (first, second) for field in fields(request.settings)}
    for name, label in known.items():
        pairs[label] = _said(first.settings, name), _said(second.settings, name)
    for label, (left, right) in pairs.items():
        if left != right:
            here, there = format.literal(left), format.literal(right)
            yield f"{label}: **{here}** in number {one.number}, **{there}** in number {other.number}"


def _said(settings: Settings, name: str) -> str:
    """Return the value of the setting `name` as text for users; "none" if None or if there is no such setting."""
    value = getattr(settings, name, None)
    if value is None:
        return "none"
    return format.value(value)


def _facts(settings: Settings) -> str:
    """Return strength and size as text for users, such as "strength 60, 512 pixels"."""
    said = [] if settings.strength is None else [f"strength {settings.strength:g}"]
    return ", ".join([*said, f"{settings.size} pixels"])


def _same_inputs(before: Request, now: Request) -> bool:
    """Return True if both requests use the fast engine with the same content image and style images."""
    same = (before.photo, before.mix.styles) == (now.photo, now.mix.styles)
    return before.instant and now.instant and same


def _add(handle: RunHandle) -> int:
    """Append a run to the history under the next number, and return the number."""
    session.history_count.value += 1
    number = session.history_count.value
    session.history.value.append(HistoryEntry(number, handle))
    _make_room()
    return number


def _make_room() -> None:
    kept = session.history.value
    while len(kept) > MOST or (len(kept) > 1 and _bytes(kept) > MOST_BYTES):
        session.history_dropped.value = kept.pop(0).number


def _bytes(kept: list[HistoryEntry]) -> int:
    """Return the approximate memory of these results and their input files, in bytes."""
    return sum(each.bytes for each in kept) + uploads.held(each.handle.request for each in kept)


def _at_rest(handle: RunHandle, preview: Snapshot | None = None) -> RunHandle:
    """Return a copy of the handle with a FinishedJob, or with a preview as the final snapshot.

    The copy has no checkpoint, because a checkpoint is many times as large as a result. A preview gets a token of its
    own, because it is a separate result.
    """
    job, progress = handle.job, handle.job.progress
    end = preview or progress.snapshot
    assert end is not None
    token = secrets.token_urlsafe(16) if preview else job.token
    return RunHandle(FinishedJob(token, job.payload, replace(progress, snapshot=replace(end, checkpoint=None))))
