"""Optional dependencies: each belongs to an extra of the package, see pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nst.errors import NstError


@contextmanager
def extra(name: str, module: str, purpose: str) -> Iterator[None]:
    """Raise NstError, which names the extra to install, if the import of `module` in the block finds no such module.

    `purpose` is the subject and verb of the message, such as "MP4 films need PyAV".
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise NstError(f"{purpose}. Install it with: pip install 'nst-studio[{name}]'") from error
