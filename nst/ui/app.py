"""Entry point of the app: page configuration, and navigation between the pages."""

from __future__ import annotations

import streamlit as st

from nst.system.assets import ASSETS
from nst.ui.pages import studio
from nst.ui.pages.about import about
from nst.ui.server.carried_uploads import carry_uploads
from nst.ui.widgets.tab_title import NAME


def app() -> None:
    """Draw the page at the current address. Called at every script run, and so at every interaction of the user."""
    carry_uploads()
    st.set_page_config(page_title=NAME, page_icon=ASSETS / "icon.svg", layout="wide")
    studio.take_uploads()
    # Each page links to the other. The lambdas resolve both names when drawn, after both pages are defined.
    at_studio = st.Page(lambda: studio.studio(at_about), title="Studio", url_path="studio", default=True)
    at_about: st.Page = st.Page(lambda: about(at_studio), title="About the method", url_path="about")
    st.navigation([at_studio, at_about], position="hidden").run()
