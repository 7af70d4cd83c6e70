"""Error messages for missing optional dependencies, each of which belongs to an extra in pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nst.errors import NstError


@contextmanager
def extra(name: str, module: str, purpose: str) -> Iterator[None]:
    """Raise NstError if an import in this context fails because `module` is not installed; other errors are passed on.

    The message starts with `purpose`, such as "MP4 films need PyAV", and says how to install the extra `name`.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise NstError(f"{purpose}. Install it with: pip install 'nst-studio[{name}]'") from error
