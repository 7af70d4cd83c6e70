"""Components of our own, made of files beside their modules: HTML, a style sheet and a script."""

from __future__ import annotations

from importlib import resources


def text(package: str, *names: str) -> str:
    """Files of a package, one after the other."""
    return "".join(resources.files(package).joinpath(name).read_text(encoding="utf-8") for name in names)


BUTTON = text(__package__, "button.css")  # for components whose styles are isolated from the page's
