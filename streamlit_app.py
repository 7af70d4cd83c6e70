"""NST Studio in the browser: `streamlit run streamlit_app.py`."""

import streamlit as st

from nst.ui.pages.studio import studio

st.set_page_config(page_title="NST Studio", page_icon="🎨", layout="wide")
st.navigation([st.Page(studio, title="Studio", default=True)], position="hidden").run()
