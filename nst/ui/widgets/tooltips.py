"""Tooltips of settings, with images of the effects. The files are created by tools/docs/dial_pictures.py."""

from __future__ import annotations

from base64 import b64encode
from functools import cache

from nst.system.assets import ASSETS

PICTURES = ASSETS / "dials"

# Description of each setting's image, from left to right.
SHOWN = {
    "strength": "20, 60 and 100",
    "steps": "after 5, 30 and 100 iterations",
    "style_scale": "finest, as painted, boldest",
    "colors": "colors of the style, of the photo, and of the style matched to the photo",
    "color_amount": "0%, 50% and 100% of the photo's colors",
    "init_noise": "0%, 40% and 100%",
}


@cache
def tooltip(name: str, said: str) -> str:
    """Return the help text `said` of the setting `name` as Markdown.

    If available, an image that shows the effect of the setting is added.
    """
    if name not in SHOWN:
        return said
    data = b64encode((PICTURES / f"{name}.jpg").read_bytes()).decode()
    picture = f"![One photo painted three times](data:image/jpeg;base64,{data})"
    return f"{said}\n\n{picture}\n\nLeft to right: {SHOWN[name]}."
