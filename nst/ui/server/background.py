"""Background work at server start: warm up the engines and download VGG19's weights."""

from __future__ import annotations

import logging
import os
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
from nst.ui.server.streamlit_workarounds import prepare_engine

FETCH_VARIABLE = "NST_FETCH_WEIGHTS"  # "0" disables the download

HEAD_START = 2.0  # seconds of delay, so that the first page is drawn without competition for the processors
PATIENCE = 120.0  # seconds; longest wait for running jobs, since a busy server may never be idle
_WARM_SIDE = 64  # pixels; traces serve all sizes, so a small image is enough

logger = logging.getLogger(__name__)


class Background:
    """Warm-up of the engines and download of weights, each in a thread of its own, started by begin()."""

    def __init__(self) -> None:
        self.fetching = os.environ.get(FETCH_VARIABLE) != "0"
        self._began = threading.Lock()
        self.warm = False  # True once the engines are traced and this machine is calibrated
        self.arrived = False  # True once this server has downloaded VGG19's weights
        self.note = ""  # status of the download, as text for users

    def begin(self) -> None:
        """Schedule the work after HEAD_START seconds and return immediately. No effect when called again."""
        if not self._began.acquire(blocking=False):
            return
        _soon(self._warm_up, "nst-warm-up")
        if self.fetching:
            _soon(self._fetch, "nst-fetch")

    def _warm_up(self) -> None:
        """Import TensorFlow, load the networks and trace them, so that the first run starts quickly.

        The fast engine comes first: its drafts and results are expected within seconds.
        """
        picture = np.full((_WARM_SIDE, _WARM_SIDE, 3), 128, np.uint8)
        classic = nst.preset(DEFAULT_PRESET, size=_WARM_SIDE, steps=2)
        try:
            for settings in (draft_of(classic), classic):
                prepare_engine(settings)
                snapshots = nst.stream(picture, picture, settings)
                _make_way()
                for _ in snapshots:
                    pass
            _make_way()
            nst.forecast(classic, picture, picture)  # calibrates this machine if necessary
            nst.forecast(draft_of(classic), picture, picture)
            _see(picture)
            self.warm = True
        except NstError as error:
            logger.warning("Warm-up failed; Start will show the error: %s", error)

    def _fetch(self) -> None:
        try:
            if search.status().auto != "vgg19":
                self.note = "Downloading the VGG19 network in the background."
                search.fetch(self._count)
                self.note = "The VGG19 network is ready. It is used from the next picture on."
                self.arrived = True
        except WeightsUnavailable as error:
            logger.warning("VGG19's weights could not be downloaded: %s", error)
            self.note = "The VGG19 network could not be downloaded. The built-in network is used instead."
        finally:
            self.fetching = False

    def _count(self, done: int, total: int) -> None:
        so_far = f"{done / total:.0%}" if total else f"{done / 1e6:.0f} MB"
        self.note = f"Downloading the VGG19 network in the background: {so_far}."


def _soon(work: Callable[[], None], name: str) -> None:
    thread = threading.Timer(HEAD_START, work)
    thread.name, thread.daemon = name, True
    thread.start()


def _make_way() -> None:
    """Wait until no job is running or queued, at most PATIENCE seconds for each of the two job queues.

    Jobs warm up the engines as well, and a calibration during a job would measure a slower machine.
    """
    for jobs in (server.jobs(), server.instant_jobs()):
        jobs.wait_until_idle(PATIENCE)


def _see(picture: Pixels) -> None:
    """Run the face detection once on `picture`, to import its libraries before the first content image."""
    from nst import masks

    masks.faces(picture)


@st.cache_resource(show_spinner=False)
def background() -> Background:
    """Return the Background of this server, shared by all sessions."""
    return Background()
