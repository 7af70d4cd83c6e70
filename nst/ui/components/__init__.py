"""Parts of pages: each draws with Streamlit and returns plain values."""
