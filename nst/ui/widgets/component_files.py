"""Text files of our own Streamlit components (HTML, style sheet, script), stored beside their modules."""

from __future__ import annotations

from importlib import resources


def text(package: str, *names: str) -> str:
    """Return the concatenated text of the files `names` in a package."""
    return "".join(resources.files(package).joinpath(name).read_text(encoding="utf-8") for name in names)


BUTTON = text(__package__, "button.css")  # for components with isolated styles
