"""Loading of the stylizer that the settings select; see nst.models.stylizers.stylizer."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nst.errors import WeightsUnavailable
from nst.models import precision as precisions
from nst.models.stylizers import magenta
from nst.models.stylizers.stylizer import Stylizer
from nst.models.stylizers.tuned_styles import TunedStyles
from nst.settings.engines import FastSettings
from nst.system.assets import ASSETS
from nst.system.files import reason

if TYPE_CHECKING:
    from nst.models.stylizers.fast_stylizer import FastStylizer

FAST_WEIGHTS = ASSETS / "models" / "fast.npz"
TUNED_STYLES = ASSETS / "models" / "fast_styles.npz"

_loading = threading.Lock()


def load(settings: FastSettings) -> Stylizer:
    """Load the stylizer selected by the settings; equal calls return the same object.

    Raises ModelError, including WeightsUnavailable, if the network cannot be found, downloaded or read.
    """
    return magenta.load(settings.weights) if settings.network == "magenta" else load_fast(settings.precision)


def load_fast(precision: str = "auto") -> FastStylizer:
    """Load fast with the shipped weights; equal calls return the same object.

    Raises WeightsUnavailable if the files cannot be read.
    """
    with _loading:  # a concurrent caller waits, then gets the cached network
        return _load_fast(FAST_WEIGHTS, TUNED_STYLES, precisions.resolve(precision))


@lru_cache(maxsize=2)
def _load_fast(path: Path, tuned: Path, dtype: str) -> FastStylizer:
    from nst.models.stylizers.fast_stylizer import FastStylizer, fingerprint  # imports TensorFlow

    try:
        with np.load(path) as file:
            weights = {name: file[name] for name in file}
        styles = TunedStyles.load(tuned)
    except OSError as error:
        raise WeightsUnavailable(
            f"Cannot read fast's weights in '{path.parent}': {reason(error)} They ship with NST Studio. Install it "
            "again."
        ) from error
    # After a new training the learned codes are invalid until tools.tune_styles has run again.
    return FastStylizer(weights, dtype, styles if styles.fingerprint == fingerprint(weights) else None)
