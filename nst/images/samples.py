"""Pictures to try at once: photos that scikit-image brings, scenes and styles of our own."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from nst.images.io import Source
from nst.system.assets import ASSETS

DEFAULT_PHOTO = "harbor-town"
DEFAULT_STYLE = "night-over-the-bay"
MOODS = ("calm", "bold", "bright", "dark", "playful")  # each of our styles has one of them, and finer ones besides


@dataclass(frozen=True)
class Sample:
    """A picture that is on this machine; `alt` says what it shows to those who cannot see it."""

    slug: str
    name: str
    alt: str
    path: Path
    mood: tuple[str, ...] = ()

    def source(self) -> Source:
        """What an engine or a decoder takes."""
        return self.path

    def answers(self, query: str) -> bool:
        """Whether each word of it begins a word of what is known of the picture, whatever their case."""
        known = re.findall(r"\w+", " ".join((self.name, self.alt, *self.mood)).lower())
        return all(any(word.startswith(part) for word in known) for part in re.findall(r"\w+", query.lower()))


_SCENES = (
    ("harbor-town", "Harbor town", "a town of bright houses along a calm harbor"),
    ("landscape", "Mountain lake", "a mountain lake with a flowering meadow before it"),
)
# The color photos in scikit-image's wheel that are worth repainting; the others would have to be downloaded.
_PHOTOS = (
    ("coffee", "Coffee", "a cup of coffee with a spoon on a wooden table", "coffee.png"),
    ("cat", "Cat", "the face of a ginger cat looking into the camera", "chelsea.png"),
    ("astronaut", "Astronaut", "a smiling astronaut in an orange suit before a flag", "astronaut.png"),
    ("rocket", "Rocket", "a rocket lit by floodlights on its launch pad at dusk", "rocket.jpg"),
)


def photos() -> list[Sample]:
    """Our two scenes and scikit-image's photos; nothing is imported and nothing downloaded for them."""
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
    """The styles in `assets/styles`, in the order of their list."""
    folder = ASSETS / "styles"
    entries = json.loads((folder / "styles.json").read_text(encoding="utf-8"))
    return [
        Sample(entry["slug"], entry["name"], entry["alt"], folder / f"{entry['slug']}.jpg", tuple(entry["mood"]))
        for entry in entries
    ]
