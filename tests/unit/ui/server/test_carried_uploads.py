"""Uploads just before a change of the page, in the requests of a browser."""

from __future__ import annotations

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from nst.ui.server.carried_uploads import carry_uploads


class Session(AppSession):
    """A session of Streamlit without a server, which notes the runs of the page that are asked for."""

    def __init__(self, files: MemoryUploadedFileManager, runs: list[RerunData]) -> None:
        self.id, self._uploaded_file_mgr, self._scriptrunner = "ann", files, None
        self._state, self._client_state = AppSessionState.APP_NOT_RUNNING, ClientState()
        self._runs = runs

    def __del__(self) -> None:
        """Leave out the shutdown of a server's session."""

    def _create_scriptrunner(self, rerun_data: RerunData) -> None:
        self._runs.append(rerun_data)


class Browser:
    """A visitor, and the files that the server has from this visitor."""

    def __init__(self) -> None:
        self.runs: list[RerunData] = []
        self.files = MemoryUploadedFileManager("/upload")
        self.session = Session(self.files, self.runs)

    def asks(self, page: str, **uploaders: str) -> dict[str, list[str]]:
        """Ask for a run with the files in uploaders; return those in the run."""
        state = ClientState(page_script_hash=page)
        for name, file in uploaders.items():
            widget = state.widget_states.widgets.add(id=name)
            widget.file_uploader_state_value.SetInParent()
            if file:
                widget.file_uploader_state_value.uploaded_file_info.add(file_id=file, name="photo.jpg")
        self.session.request_rerun(state)
        widgets = self.runs[-1].widget_states.widgets
        infos = {widget.id: widget.file_uploader_state_value.uploaded_file_info for widget in widgets}
        return {name: [info.file_id for info in files] for name, files in infos.items()}


@pytest.fixture
def browser() -> Browser:
    carry_uploads()
    browser = Browser()
    browser.files.add_file("ann", UploadedFileRec("1", "photo.jpg", "image/jpeg", b"pixels"))
    return browser


def test_a_file_is_carried_to_another_page_and_back(browser: Browser) -> None:
    browser.asks("studio", photo="1", style="")
    assert browser.asks("about") == {"photo": ["1"]}
    assert browser.asks("studio", style="") == {"photo": ["1"], "style": []}


def test_a_file_that_was_taken_or_removed_is_not_carried(browser: Browser) -> None:
    browser.asks("studio", photo="1")
    assert browser.asks("studio", photo="") == {"photo": []}
    assert browser.asks("about") == {}
    browser.asks("studio", photo="1")
    browser.files.remove_file("ann", "1")  # by uploader.take()
    assert browser.asks("about") == {}


def test_other_visitors_get_none_of_it(browser: Browser) -> None:
    browser.asks("studio", photo="1")
    assert Browser().asks("about") == {}
