"""The command `nst app`: open the page in the browser."""

from __future__ import annotations

from nst.cli.exit_codes import DONE
from nst.system.assets import shipped
from nst.system.extras import extra


def app() -> int:
    """Run `nst app`: serve the page until Ctrl-C. Returns the exit code.

    Streamlit reads its options from .streamlit/config.toml beside the script.
    """
    with extra("app", "streamlit", "The page needs Streamlit"):
        from streamlit.web.cli import main
    script = shipped("app/streamlit_app.py", "streamlit_app.py")
    main(["run", str(script)], prog_name="streamlit", standalone_mode=False)
    return DONE
