"""NST Studio in the browser: `streamlit run streamlit_app.py`."""

import streamlit as st

from nst.system.assets import ASSETS
from nst.ui.pages.about import about
from nst.ui.pages.studio import studio, take_uploads
from nst.ui.widgets.tab_title import NAME

st.set_page_config(page_title=NAME, page_icon=ASSETS / "icon.svg", layout="wide")
take_uploads()
# Each page links to the other. The lambdas resolve both names when drawn, after both pages are defined.
at_studio = st.Page(lambda: studio(at_about), title="Studio", url_path="studio", default=True)
at_about: st.Page = st.Page(lambda: about(at_studio), title="About the method", url_path="about")
st.navigation([at_studio, at_about], position="hidden").run()
