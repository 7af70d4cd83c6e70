"""The command `nst app`: open the page in the browser."""

from __future__ import annotations

import signal

from nst.cli.exit_codes import DONE
from nst.errors import SettingsError
from nst.system.assets import shipped
from nst.system.extras import extra


def app() -> int:
    """Run the command `nst app`: serve the page until Ctrl-C. Returns the exit code.

    Streamlit reads its options from .streamlit/config.toml beside the script. Raises SettingsError if Streamlit does
    not start.
    """
    with extra("app", "streamlit", "The page needs Streamlit"):
        import click
        from streamlit.web.cli import main
    script = shipped("app/streamlit_app.py", "streamlit_app.py")
    _hang_up_as_terminated()
    try:
        main(["run", str(script)], prog_name="streamlit", standalone_mode=False)
    except click.Abort as abort:  # raised by click in place of KeyboardInterrupt
        raise (abort.__cause__ or KeyboardInterrupt()) from None
    except click.ClickException as error:
        raise SettingsError(f"Streamlit does not start: {error.format_message()} Check its options.") from error
    return DONE


def _hang_up_as_terminated() -> None:
    """Handle SIGHUP like SIGTERM, on which Streamlit stops its server; an ignored SIGHUP stays ignored."""
    number = getattr(signal, "SIGHUP", None)  # not on Windows
    if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))
