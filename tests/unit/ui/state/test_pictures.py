"""Pictures as the page shows them."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from nst.ui.state.pictures import shown


@pytest.mark.parametrize(("channels", "format", "mode"), [(3, "jpeg", "RGB"), (4, "webp", "RGBA")])
def test_frames_are_soon_made_and_stay_transparent_where_they_are(channels: int, format: str, mode: str) -> None:
    pixels = np.full((60, 90, channels), 120, np.uint8)
    pixels[:, :45] = 40
    picture = shown(pixels, 30)
    kind, _, data = picture.uri.partition(",")
    assert kind == f"data:image/{format};base64" and picture.size == (30, 20)
    with Image.open(BytesIO(b64decode(data))) as found:
        assert (found.mode, found.size) == (mode, (30, 20))
        np.testing.assert_allclose(np.asarray(found)[10, [5, 25]].astype(float), pixels[30, [15, 75]], atol=6)
