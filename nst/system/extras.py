"""Error messages for missing optional dependencies, each of which belongs to an extra in pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nst.errors import NstError


@contextmanager
def extra(name: str, module: str, purpose: str) -> Iterator[None]:
    """Raise NstError if an import within this context manager fails because `module` is not installed.

    The message starts with `purpose`, such as "MP4 films need PyAV", and says how to install the extra `name`. Other
    errors are passed on.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise NstError(f"{purpose}. Install it with: pip install 'nst-studio[{name}]'") from error
