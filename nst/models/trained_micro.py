"""The network of a trained style, ready for use."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from nst.errors import InputError, ModelError
from nst.images import Pixels, Source
from nst.models import precision as precisions
from nst.models import stylizers
from nst.models.stylizer import Code, Stylizer
from nst.models.stylizers import Micro
from nst.models.trained_style import TrainedStyle, find
from nst.settings import FastSettings

_loading = threading.Lock()


class TrainedMicro(Micro):
    """fast as it was trained on one style. It still describes and paints any other, if less well than before."""

    def __init__(self, style: TrainedStyle, dtype: str) -> None:
        super().__init__(style.weights, dtype)
        self.name = f"micro ({style.name})"
        self._style = style

    def describe(self, style: Pixels) -> Code:
        """See Stylizer. The style that it was trained on has a code of its own."""
        return self._style.code if np.array_equal(style, self._style.picture) else super().describe(style)


def load_for(styles: Sequence[Source], settings: FastSettings) -> Stylizer:
    """The network to paint these styles with: that of the trained style among them, or as the settings say.

    Raises InputError for two trained styles, and ModelError for weights that are not fast's.
    """
    trained = {id(style): style for style in map(find, styles) if style is not None}
    if not trained or settings.network != Micro.name:
        return stylizers.load(settings)
    if len(trained) > 1:
        names = ", ".join(f"'{style.name}'" for style in trained.values())
        raise InputError(
            f"A picture can be painted with one trained style, received {len(trained)}: {names}. Take one of them, "
            "with pictures beside it if you like; the optimize engine can mix them all."
        )
    with _loading:  # whoever comes second finds it loaded
        return _load(*trained.values(), precisions.resolve(settings.precision))


@lru_cache(maxsize=2)
def _load(style: TrainedStyle, dtype: str) -> TrainedMicro:
    from nst.models import fast  # brings TensorFlow

    found = {name: array.shape for name, array in style.weights.items()}
    if found != fast.shapes() or style.code.shape != (fast.CODE,):
        raise ModelError(
            f"The trained style '{style.name}' was made for another version of the network fast. Train it again with "
            "nst train-style; the optimize engine can use it as it is."
        )
    return TrainedMicro(style, dtype)
