"""Suppression of TensorFlow's log output on stderr."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import IO, cast

from nst.errors import NstError
from nst.system.memory import lacks_memory, loading

LEVEL = "TF_CPP_MIN_LOG_LEVEL"  # TensorFlow's own variable; if the user has set it, nothing is suppressed


@contextmanager
def quiet() -> Iterator[None]:
    """Hold back messages during the import of TensorFlow. Raises OutOfMemory if there is too little memory for it."""
    with loading(), nullcontext() if LEVEL in os.environ else _captured():
        yield


@contextmanager
def _captured() -> Iterator[None]:
    """Capture stderr; print it only if an unexpected exception is raised.

    LEVEL alone is not enough: some libraries log while loading, before they read any setting
    (https://github.com/tensorflow/tensorflow/issues/100442). LEVEL is also set, to suppress later log messages.
    """
    os.environ[LEVEL] = "3"
    sys.stderr.flush()
    stderr = os.dup(2)
    with _memory() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception as error:
            if not isinstance(error, NstError) and not lacks_memory(error):
                held.seek(0)
                os.write(stderr, held.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def _memory() -> IO[bytes]:
    """Return a file for the captured output; without any folder for temporary files, one that discards it."""
    try:
        return cast("IO[bytes]", tempfile.TemporaryFile())
    except OSError:
        return open(os.devnull, "r+b")  # noqa: PTH123 (a device, not a file)
