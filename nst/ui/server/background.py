"""What a server does once, while its first visitors look around: warm up the engines, fetch VGG19's weights."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Callable

import numpy as np
import streamlit as st

import nst
from nst.engines.registry import draft_of
from nst.errors import NstError, WeightsUnavailable
from nst.images.io import Pixels
from nst.models.weights import search
from nst.settings.presets import DEFAULT_PRESET
from nst.ui.server import resources as server

FETCH_VARIABLE = "NST_FETCH_WEIGHTS"  # "0" leaves the download alone

HEAD_START = 2.0  # seconds: the first page is drawn meanwhile, and has the processors for itself
PATIENCE = 120.0  # seconds that it makes way for others: a server may have visitors at all times
_WARM_SIDE = 64  # pixels; traces serve all sizes, so a tiny picture warms up as well as a large one

logger = logging.getLogger(__name__)


class Background:
    """The work of a server's first minutes, in threads of its own; `begin()` has it begin soon."""

    def __init__(self) -> None:
        self.fetching = os.environ.get(FETCH_VARIABLE) != "0"
        self._began = threading.Lock()
        self.warm = False  # the engines are there, and their pace is known
        self.arrived = False  # VGG19's weights, since this server began
        self.note = ""  # on them, in plain words

    def begin(self) -> None:
        """Start what there is to do, after the head start; once, however often it is called. Returns at once."""
        if not self._began.acquire(blocking=False):
            return
        _soon(self._warm_up, "nst-warm-up")
        if self.fetching:
            _soon(self._fetch, "nst-fetch")

    def _warm_up(self) -> None:
        """Import TensorFlow, load the networks and trace them, so that the first Start is quick.

        The fast one comes first: drafts and instant pictures are what people wait for in seconds.
        """
        picture = np.full((_WARM_SIDE, _WARM_SIDE, 3), 128, np.uint8)
        classic = nst.preset(DEFAULT_PRESET, size=_WARM_SIDE, steps=2)
        try:
            for settings in (draft_of(classic), classic):
                snapshots = nst.stream(picture, picture, settings)
                _spare_the_engine()  # TensorFlow is imported now, and the page may be polling already
                _make_way()
                for _ in snapshots:
                    pass
            _make_way()
            nst.forecast(classic, picture, picture)  # measures this machine, where that was not done before
            nst.forecast(draft_of(classic), picture, picture)
            _see(picture)
            self.warm = True
        except NstError as error:
            logger.warning("Warming up failed; whoever presses Start will hear of it: %s", error)

    def _fetch(self) -> None:
        try:
            if search.status().auto != "vgg19":
                self.note = "VGG19's weights are being fetched in the background."
                search.fetch(self._count)
                self.note = "VGG19's weights have arrived: it is used from the next picture on."
                self.arrived = True
        except WeightsUnavailable as error:
            logger.warning("VGG19's weights could not be fetched: %s", error)
            self.note = "VGG19's weights could not be fetched; the studio goes on without them."
        finally:
            self.fetching = False

    def _count(self, done: int, total: int) -> None:
        so_far = f"{done / total:.0%}" if total else f"{done / 1e6:.0f} MB"
        self.note = f"VGG19's weights are being fetched in the background: {so_far}."


def _soon(work: Callable[[], None], name: str) -> None:
    thread = threading.Timer(HEAD_START, work)
    thread.name, thread.daemon = name, True
    thread.start()


def _make_way() -> None:
    """Let those go first who have pressed Start already: their pictures warm up the engines as well, and beside them
    this machine would seem slow.
    """
    for jobs in (server.jobs(), server.instant_jobs()):
        jobs.wait_until_idle(PATIENCE)


def _see(picture: Pixels) -> None:
    """Import what looks for parts of photos, so that the first photo's faces are found quickly."""
    from nst import masks

    masks.faces(picture)


def _spare_the_engine() -> None:
    """Keep the page's polling from slowing down a job that runs beside it; together this halves a step's time.

    What was imported stays for good: it need not be searched for garbage.
    """
    # TensorFlow imports Keras, and after each run of a page Streamlit resets Keras where it was imported (as of 1.67,
    # _clean_problem_modules() in streamlit/runtime/scriptrunner/script_runner.py). That collects garbage, and empties
    # TensorFlow's cache of kernels under the running job. No Keras model is ever made here, so that there is nothing
    # to reset. A test says when this has become needless.
    if keras := sys.modules.get("keras"):
        keras.backend.clear_session = lambda free_memory=True: None  # noqa: ARG005 (Keras' signature)
    gc.freeze()


@st.cache_resource(show_spinner=False)
def background() -> Background:
    """The one of this server."""
    return Background()
