"""Results of the session: show again, reuse, compare, delete.

Results are kept in memory without the photo blend, limited in number (MOST) and bytes (MOST_BYTES). The oldest are
dropped first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import streamlit as st

from nst.jobs.job import Job
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import Settings
from nst.ui.actions import start
from nst.ui.actions.apply_settings import Setup, take
from nst.ui.inputs import region_picker
from nst.ui.inputs.image_picker import labeled
from nst.ui.server import uploads
from nst.ui.state import bound_widget as entry
from nst.ui.state import format
from nst.ui.state.pictures import RESULT_SIDE, ImageChoice, shown
from nst.ui.state.request import PROBLEM, Request, RunHandle

MOST = 12  # maximum number of results per session
MOST_BYTES = 64_000_000  # maximum for all results, with their preview histories and input files

_KEPT, _CHOSEN, _OTHER = "history", "history-choice", "history-other"  # session keys
_COUNT, _GONE, _THROWN = "history-count", "history-gone", "history-thrown"
_BUSY = "Wait until the current picture is finished, or stop it."


@dataclass(frozen=True)
class HistoryEntry:
    """A finished result; `number` counts the results of the session from 1."""

    number: int
    handle: RunHandle

    @property
    def end(self) -> Snapshot:
        """Final snapshot."""
        end = self.handle.job.progress.snapshot
        assert end is not None, "only pictures are kept"
        return end

    @property
    def bytes(self) -> int:
        """Approximate memory of the result, its draft and its preview history, in bytes."""
        draft, moments = self.handle.draft, self.handle.moments.before(self.end.step)
        pictures = (self.end, draft) if draft else (self.end,)
        return sum(each.picture.nbytes for each in pictures) + sum(len(each.file) for each in moments)

    @property
    def name(self) -> str:
        """Display name."""
        return f"{self.number}: {self.handle.request.photo.name} as {self.handle.request.mix.names}"

    @property
    def choice(self) -> ImageChoice:
        """The result as a selectable image."""
        request = self.handle.request
        alt = f"{request.photo.name} in the style of {request.mix.names}"
        name = f"{self.number} · {request.mix.styles[0].name}"
        return ImageChoice(f"history-{self.handle.job.token}", name, alt, self.end.on_white)


def add_to_history(handle: RunHandle | None) -> None:
    """Add a finished run to the history.

    A fast-engine result replaces the previous one if the content image and the style images are the same.
    """
    state, kept = st.session_state, _kept()
    progress = handle.job.progress if handle else None
    if handle is None or progress is None or not progress.state.ended or progress.snapshot is None:
        return
    token = handle.job.token
    if token in state.setdefault(_THROWN, set()) or any(each.handle.job.token == token for each in kept):
        return
    if kept and _turned(kept[-1].handle.request, handle.request):
        kept[-1] = HistoryEntry(kept[-1].number, _at_rest(handle))
        _make_room()
    else:
        _add(_at_rest(handle))


def keep_moment(handle: RunHandle, moment: Snapshot) -> int:
    """Add a preview of a finished run as a separate result, unless already present. Return its number."""
    for each in _kept():
        if each.handle.moments is handle.moments and each.end.step == moment.step:
            return each.number
    return _add(_at_rest(handle, moment))


def history(*, busy: bool) -> None:
    """Draw the thumbnails and the actions for the selected result; `busy` is true while a job is running."""
    kept, state = {each.number: each for each in reversed(_kept())}, st.session_state
    if not kept:
        return
    if state.get(_CHOSEN) not in kept:
        state[_CHOSEN] = None
    st.header("Your pictures", anchor=False)
    with st.container(key="gallery-history", gap="small"):
        number: int | None = st.radio(
            "Your pictures",
            format_func=lambda number: labeled(kept[number].choice),
            horizontal=True,
            label_visibility="collapsed",
            width="stretch",
            **entry.index(_CHOSEN, list(kept)),
        )
        st.caption(_note())
    if number is not None:
        _actions(kept[number], [each for each in kept.values() if each.number != number], busy)


def _note() -> str:
    """Return a sentence about how long results are kept."""
    gone = st.session_state.get(_GONE)
    if gone is None:
        return "Kept while this page is open. Select one to open it or use its settings."
    return f"Number {gone} was removed: the latest {len(_kept())} pictures are kept while this page is open."


def _actions(chosen: HistoryEntry, others: list[HistoryEntry], busy: bool) -> None:
    st.markdown(f"**{format.literal(chosen.name)}** · {_facts(chosen.handle.request.settings)}")
    waits: dict[str, Any] = {"disabled": busy, "help": _BUSY if busy else None}
    with st.container(horizontal=True, gap="small", key="history-actions"):
        st.button("Open", key="history-show", icon=":material/visibility:", on_click=_show, args=(chosen,), **waits)
        st.button("Use its settings", key="history-use", icon=":material/tune:", on_click=_take, args=(chosen,))
        if st.button("Compare", key="history-compare", icon=":material/compare:", disabled=not others):
            _compare(chosen, others)
        st.button("Delete", key="history-delete", icon=":material/delete:", on_click=_throw, args=(chosen,))


def _show(chosen: HistoryEntry) -> None:
    """Show the run in the result view and apply its settings to the form."""
    _take(chosen)
    st.session_state[PROBLEM] = None
    start.show(chosen.handle)


def _take(chosen: HistoryEntry) -> None:
    request = chosen.handle.request
    take(Setup.of(request))
    region_picker.take(request.area, request.photo)


def _throw(chosen: HistoryEntry) -> None:
    st.session_state[_THROWN].add(chosen.handle.job.token)
    _kept().remove(chosen)


@st.dialog("Compare two pictures", width="large")
def _compare(chosen: HistoryEntry, others: list[HistoryEntry]) -> None:
    known = {each.number: each for each in others}
    other = known[st.selectbox("Compare with", list(known), format_func=lambda number: known[number].name, key=_OTHER)]
    for each, place in zip((chosen, other), st.columns(2, gap="small"), strict=True):
        with place:
            st.image(shown(each.end.picture, RESULT_SIDE).uri, alt=each.choice.alt, width="stretch")
            st.markdown(f"**{format.literal(each.name)}**  \n{_facts(each.handle.request.settings)}")
    differences = list(_differences(chosen, other))
    st.markdown("\n".join(f"- {each}" for each in differences) or "Both pictures have the same settings.")


def _differences(one: HistoryEntry, other: HistoryEntry) -> Iterator[str]:
    """Yield the differences between the inputs and settings of two results, as Markdown."""
    first, second = one.handle.request, other.handle.request
    pairs = {"Photo": (first.photo.name, second.photo.name), "Style": (first.mix.names, second.mix.names)}
    known = {entry.name: entry.metadata["label"] for request in (first, second) for entry in fields(request.settings)}
    for name, label in known.items():
        pairs[label] = _said(first.settings, name), _said(second.settings, name)
    for label, (left, right) in pairs.items():
        if left != right:
            here, there = format.literal(left), format.literal(right)
            yield f"{label}: **{here}** in number {one.number}, **{there}** in number {other.number}"


def _said(settings: Settings, name: str) -> str:
    """Format a setting for display."""
    value = getattr(settings, name, None)
    if value is None:
        return "none"
    return format.value(value)


def _facts(settings: Settings) -> str:
    """Return strength and size for display."""
    said = [] if settings.strength is None else [f"strength {settings.strength:g}"]
    return ", ".join([*said, f"{settings.size} pixels"])


def _kept() -> list[HistoryEntry]:
    kept: list[HistoryEntry] = st.session_state.setdefault(_KEPT, [])
    return kept


def _turned(before: Request, now: Request) -> bool:
    """Return True if both requests use the fast engine with the same content image and style images."""
    same = (before.photo, before.mix.styles) == (now.photo, now.mix.styles)
    return before.instant and now.instant and same


def _nothing(_control: Control, _resume: Checkpoint | None) -> Iterator[Snapshot]:
    """Run function of a finished job: no snapshots."""
    return iter(())


def _add(handle: RunHandle) -> int:
    """Append a run under the next number and return the number."""
    number: int = st.session_state.get(_COUNT, 0) + 1
    st.session_state[_COUNT] = number
    _kept().append(HistoryEntry(number, handle))
    _make_room()
    return number


def _make_room() -> None:
    kept = _kept()
    while len(kept) > MOST or (len(kept) > 1 and _bytes(kept) > MOST_BYTES):
        st.session_state[_GONE] = kept.pop(0).number


def _bytes(kept: list[HistoryEntry]) -> int:
    """Approximate memory of the results and their input files, in bytes."""
    return sum(each.bytes for each in kept) + uploads.held(each.handle.request for each in kept)


def _at_rest(handle: RunHandle, moment: Snapshot | None = None) -> RunHandle:
    """Return a finished run, or one of its previews, without the checkpoint, which is many times as large.

    A preview gets a token of its own, because it is a separate result.
    """
    job, progress = handle.job, handle.job.progress
    end = moment or progress.snapshot
    assert end is not None
    resting = Job(_nothing, job.owner, time.monotonic, about=job.about, token=None if moment else job.token)
    resting.restore(replace(progress, snapshot=replace(end, checkpoint=None)), None)
    return RunHandle(resting)
