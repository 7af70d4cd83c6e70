"""The drawing board without a browser: what it is made of, and what it keeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from nst.run import regions
from nst.ui.state.pictures import PREVIEW_SIDE
from nst.ui.widgets import board
from nst.ui.widgets.overlay import PALE
from tests.support.fake_mask_finder import box


def corrected() -> None:
    import numpy as np
    import streamlit as st

    from nst.images import samples
    from nst.ui.inputs.image_picker import choices
    from nst.ui.state.page_mask import PageMask
    from nst.ui.widgets import board
    from nst.ui.widgets.overlay import plain

    photo = choices("photo", samples.photos())["harbor-town"]
    mask = np.zeros((600, 900), np.uint8)
    mask[200:400, 300:450] = 255
    mask[200:400, 450:600] = 128
    st.session_state["mask"] = board.brush(photo, plain(photo))
    if st.session_state["mask"] is None:
        board.begin_with(photo, PageMask.of(mask))


def test_a_mask_that_is_put_on_the_board_is_there_as_it_was() -> None:
    page = AppTest.from_function(corrected, default_timeout=60).run()
    assert page.session_state["mask"] is None
    page.run()
    assert not page.exception
    kept = page.session_state["mask"]
    assert max(kept.pixels.shape) == PREVIEW_SIDE
    mask = regions.read(kept.pixels, (90, 60))
    expected = box(1 / 3, 1 / 3, 1 / 2, 2 / 3) + 128 / 255 * box(1 / 2, 1 / 3, 2 / 3, 2 / 3)
    inner = np.ones(mask.shape, bool)
    inner[[19, 20, 39, 40], :] = inner[:, [29, 30, 44, 45, 59, 60]] = False  # edges are resampled
    np.testing.assert_allclose(mask[inner], expected[inner], atol=0.02)


def test_the_browser_fades_the_rest_as_the_server_does() -> None:
    css = (Path(board.__file__).parent / "board.css").read_text()
    assert f"grayscale(1) contrast({PALE:g})".replace("0.", ".") in css
