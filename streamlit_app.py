"""Start script of NST Studio in the browser: `streamlit run streamlit_app.py`."""

from nst.ui.app import app

app()
