"""Sample images: photos included in scikit-image's package, and the photos and styles shipped with this package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from nst.images.io import Source
from nst.system.assets import ASSETS

DEFAULT_PHOTO = "harbor-town"
DEFAULT_STYLE = "night-over-the-bay"
MOODS = ("calm", "bold", "bright", "dark", "playful")  # each shipped style has one of these, plus more specific ones


@dataclass(frozen=True)
class Sample:
    """Sample image on this machine.

    `slug` is its identifier and `name` its title; `alt` is the alternative text for screen readers. Only styles have
    terms for the search: `mood`, a value of MOODS and more specific ones; `manner`, artists with a similar style; and
    `words`, the movement, technique, subject and colors.
    """

    slug: str
    name: str
    alt: str
    path: Path
    mood: tuple[str, ...] = ()
    manner: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def source(self) -> Source:
        """Return the path of the image, to pass to an engine or images.io.read()."""
        return self.path


_SCENES = (
    ("harbor-town", "Harbor town", "a town of bright houses along a calm harbor"),
    ("landscape", "Mountain lake", "a mountain lake behind a flowering meadow"),
)
# Color photos in scikit-image's wheel that suit style transfer; its others would have to be downloaded.
_PHOTOS = (
    ("coffee", "Coffee", "a cup of coffee with a spoon on a wooden table", "coffee.png"),
    ("cat", "Cat", "the face of a ginger cat looking into the camera", "chelsea.png"),
    ("astronaut", "Astronaut", "a smiling astronaut in an orange suit in front of a flag", "astronaut.png"),
    ("rocket", "Rocket", "a rocket lit by floodlights on its launch pad at dusk", "rocket.jpg"),
)


def photos() -> list[Sample]:
    """Return the two scenes shipped with this package and the installed photos of scikit-image.

    Nothing is downloaded, and scikit-image is not imported.
    """
    scenes = [Sample(slug, name, alt, ASSETS / "examples" / f"{slug}.jpg") for slug, name, alt in _SCENES]
    found = find_spec("skimage")
    folders = [Path(place) / "data" for place in (found.submodule_search_locations or [])] if found else []
    bundled = [
        Sample(slug, name, alt, folder / file)
        for folder in folders
        for slug, name, alt, file in _PHOTOS
        if (folder / file).is_file()
    ]
    return scenes + bundled


def styles() -> list[Sample]:
    """Return the sample styles shipped with this package, in the order of assets/styles/styles.json."""
    folder = ASSETS / "styles"
    entries = json.loads((folder / "styles.json").read_text(encoding="utf-8"))
    return [
        Sample(
            entry["slug"],
            entry["name"],
            entry["alt"],
            folder / f"{entry['slug']}.jpg",
            *(tuple(entry[field]) for field in ("mood", "manner", "words")),
        )
        for entry in entries
    ]
