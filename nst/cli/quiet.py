"""TensorFlow's chatter, kept off the screen unless someone asks for it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from nst.errors import NstError

LEVEL = "TF_CPP_MIN_LOG_LEVEL"  # TensorFlow's own; whoever sets it wants to see the log


@contextmanager
def quiet() -> Iterator[None]:
    """Around the import of TensorFlow: hold stderr back, and give it out if a bug shows up.

    LEVEL alone does not do it: some libraries log while they load, before they read any setting
    (https://github.com/tensorflow/tensorflow/issues/100442). It is set here for what they log later.
    """
    if LEVEL in os.environ:
        yield
        return
    os.environ[LEVEL] = "3"
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception as error:
            if not isinstance(error, NstError):
                held.seek(0)
                os.write(stderr, held.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
