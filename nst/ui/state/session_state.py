"""Session state of the page: every entry with its key, its type and its default.

No other module uses `st.session_state`. Any access can end the current script run, because Streamlit starts a new one
when another event has arrived. Code that uses an entry must lose no data if it ends at that access.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

import streamlit as st

from nst.diagnostics import Advice
from nst.images import samples
from nst.images.io import Pixels
from nst.jobs.job import FinishedJob, Job
from nst.models.extractors.lite import LITE
from nst.run.regions import FEATHER, RegionSet
from nst.run.snapshot import Snapshot
from nst.settings.presets import DEFAULT_PRESET
from nst.ui.state.experiment import Experiment
from nst.ui.state.history_entry import HistoryEntry
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import ImageChoice, PageImage
from nst.ui.state.request import Request
from nst.ui.state.run_handle import JobPayload, RunHandle
from nst.ui.state.variation_sheet import VariationSheet

T = TypeVar("T")

OWN_COLORS = "own"  # each style keeps its colors
EVERYWHERE = "everywhere"  # the whole content image is stylized
STAYS = "stays"  # the content image is kept outside the region
OURS = "NST Studio"  # name of our own settings, as opposed to published presets


class Entry(Generic[T]):
    """Entry of the session state under `key`; its value is a copy of `default` until one is set."""

    def __init__(self, key: str, default: T) -> None:
        self.key, self._default = key, default

    @property
    def value(self) -> T:
        return self.setdefault(copy(self._default))  # a copy, because lists and dictionaries are changed in place

    @value.setter
    def value(self, value: T) -> None:
        st.session_state[self.key] = value

    def setdefault(self, value: T) -> T:
        """Set the entry to `value` if it has no value yet. Return the value of the entry."""
        found: T = st.session_state.setdefault(self.key, value)
        return found


class Latest(Generic[T]):
    """Session entry that caches one value, together with the objects from which the value was computed."""

    def __init__(self, key: str) -> None:
        self._entry: Entry[tuple[tuple[object, ...], T] | None] = Entry(key, None)

    def of(self, *sources: object, make: Callable[[], T]) -> T:
        """Return the value computed from `sources` by `make`.

        The value of the last call is reused if all its sources are the same objects.
        """
        known = self._entry.value
        if known is None or any(one is not other for one, other in zip(known[0], sources, strict=True)):
            known = self._entry.value = (sources, make())
        return known[1]


class Gallery:
    """Session entries of the gallery for one kind of image, "photo" or "style".

    `default` is the token of the image that is selected at first.
    """

    def __init__(self, kind: str, default: str) -> None:
        self.selected = Entry(kind, default)
        self.own: Entry[list[ImageChoice]] = Entry(f"{kind}-own", [])  # the user's images, the newest last
        self.tokens: Entry[dict[str, str]] = Entry(f"{kind}-tokens", {})  # by file id, which a browser may repeat
        self.names: Entry[set[str]] = Entry(f"{kind}-names", set())  # of all images so far, dropped ones included
        self.problem: Entry[str | None] = Entry(f"{kind}-problem", None)


# Displayed run
run: Entry[RunHandle | None] = Entry("run", None)
problem: Entry[str | None] = Entry("problem", None)  # message shown in place of a result
photo_share = Entry("photo-share", 0)  # share of the content image blended into the result, in percent
steered: Entry[tuple[str, Request] | None] = Entry("steered", None)  # job token and request at the last live change
preview_step: Entry[int | None] = Entry("moment", None)  # step selected on the timeline
preview_of: Entry[Job[JobPayload] | FinishedJob[JobPayload] | None] = Entry("moment-of", None)  # job of the timeline
selected_preview: Latest[Snapshot] = Latest("moment-seen")
frame: Latest[PageImage] = Latest("frame")  # encoded snapshot
region_set: Latest[RegionSet | None] = Latest("region-set")  # regions at reduced size
advice: Latest[Advice | None] = Latest("advice-on-picture")
dismissed_advice: Entry[set[tuple[str, ...]]] = Entry("advice-dismissed", set())
blend_photo: Latest[Pixels] = Latest("blend-photo")  # content image at the size of the result
blends: Latest[dict[int, Snapshot]] = Latest("blends")  # result blended with the content image, by share
files: Latest[dict[str, bytes]] = Latest("files")  # downloads by name
film_format = Entry("film-format", "MP4")
keeps_recipe = Entry("keep-recipe", True)  # saved results contain their recipe

# Inputs
galleries = {"photo": Gallery("photo", samples.DEFAULT_PHOTO), "style": Gallery("style", samples.DEFAULT_STYLE)}
other_styles: Entry[list[str]] = Entry("mix", [])  # tokens of the styles besides the main one
color_style = Entry("mix-colors", OWN_COLORS)  # token of the style that provides the colors, or OWN_COLORS
region_kind = Entry("place", EVERYWHERE)
soft_edge = Entry("soft-edge", FEATHER)
mask_file: Entry[PageMask | str | None] = Entry("mask-file", None)  # uploaded mask, or why it is unusable
brushed: Entry[dict[str, str]] = Entry("drawn-with-brush", {})  # data URIs of brushed masks, by image token
boxes: Entry[dict[str, list[float]]] = Entry("drawn-with-box", {})  # boxes around the subject, by image token
outside = Entry("rest", STAYS)  # choice of the style outside the region
outside_strength = Entry("rest-strength", 0)
outside_style: Entry[str | None] = Entry("rest-style", None)
protects_faces = Entry("keep-faces", True)
recognizable = Entry("recognizable", 50)  # how recognizable protected faces stay, 0 to 100

# Settings
quality: Entry[str | None] = Entry("quality", DEFAULT_PRESET)
preset = Entry("recipe", OURS)
form_filled = Entry("form-filled", False)
awaits_weights = Entry("awaits-weights", False)  # the session has shown the download of VGG19's weights
link_taken = Entry("link-taken", False)
import_note: Entry[str | None] = Entry("import-note", None)  # message about the last import of settings, as Markdown
import_problem: Entry[str | None] = Entry("import-problem", None)
bound_widgets: Entry[dict[str, tuple[int, Any]]] = Entry("shown", {})  # by entry: number and known value of its widget

# Variations, history and layer experiments
variation_sheet: Entry[VariationSheet | None] = Entry("variations", None)
variations_open = Entry("variations-open", False)
history: Entry[list[HistoryEntry]] = Entry("history", [])
history_count = Entry("history-count", 0)  # results of the session so far
history_choice: Entry[int | None] = Entry("history-choice", None)
history_dropped: Entry[int | None] = Entry("history-dropped", None)  # number of the last result dropped
history_deleted: Entry[set[str]] = Entry("history-deleted", set())  # job tokens of deleted results
experiment: Entry[Experiment | None] = Entry("experiment", None)
experiment_problem: Entry[str | None] = Entry("experiment-problem", None)
experiment_styled = Entry[list[str]]("laboratory-style", ["block1_conv1", "block1_conv2"])
experiment_held: Entry[list[str]] = Entry("laboratory-photo", [name for name, _ in LITE.content_layers])


def setting(group: str, name: str, default: Any = None) -> Entry[Any]:
    """Return the session entry of an engine setting.

    `group` is the prefix of the entry's key: one for each engine, and one for the settings shared by all engines.
    """
    return Entry(f"{group}-{name}", default)


def style_share(token: str) -> Entry[int]:
    """Return the entry of the weight, in percent, of the style with this image token in a mix."""
    return Entry(f"mix-{token}", 50)


def uploads(name: str) -> Entry[int]:
    """Return the entry that counts the files received from the uploader `name`."""
    return Entry(f"{name}-uploads", 0)


def widget_value(key: str) -> Any:
    """Return the value of the widget with this key, or None before the widget is drawn."""
    return st.session_state.get(key)
