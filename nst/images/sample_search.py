"""Search of samples by words: names, artists, movements, techniques, subjects, moods and colors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from nst.images.samples import Sample

_FILLERS = frozenset(("a", "an", "by", "in", "like", "manner", "of", "painting", "picture", "style", "the"))
_LEAST = 4  # letters of a query word that may be misspelled


def find(samples: Sequence[Sample], query: str) -> list[Sample]:
    """Return the samples that match every word of `query`, best first; all samples for an empty query.

    The name ranks first, then whole terms ("art nouveau"), words of terms, beginnings of them, and the description.
    Misspelled words, off by one letter, are tried only if nothing matches otherwise.
    """
    wanted = _words(query)
    if not wanted:
        return list(samples)
    return _ranked(samples, wanted) or _ranked(samples, _corrected(samples, wanted))


def artist(sample: Sample, query: str) -> str | None:
    """Return the artist of the sample's manner whom `query` names, or None."""
    wanted = _words(query)
    for name in sample.manner if wanted else ():
        known = _words(name)
        if any(len(word) >= _LEAST for word in wanted) and (set(wanted) <= set(known) or _misspelled(wanted, known)):
            return name
    return None


def _ranked(samples: Sequence[Sample], wanted: list[str]) -> list[Sample]:
    ranks = [(rank, sample) for sample in samples if (rank := _rank(sample, wanted)) is not None]
    return [sample for _, sample in sorted(ranks, key=lambda pair: pair[0])]


def _corrected(samples: Sequence[Sample], wanted: list[str]) -> list[str]:
    """Replace each word that no sample knows by the first known word that is off by one letter, if there is one."""
    known = dict.fromkeys(word for sample in samples for word in _all_words(sample))
    return [
        part if part in known else next((word for word in known if _misspelled([part], [word])), part)
        for part in wanted
    ]


def _rank(sample: Sample, wanted: list[str]) -> int | None:
    """Return 0 for words of the name, 1 for a whole term, to 4 for words of the description, or None."""
    terms = [_words(term) for term in (*sample.manner, *sample.mood, *sample.words)]
    name = set(_words(sample.name))
    known = name | {word for term in terms for word in term}
    tests = (
        name.issuperset(wanted),
        wanted in terms,
        known.issuperset(wanted),
        _begin(wanted, known),
        _begin(wanted, _all_words(sample)),
    )
    return tests.index(True) if any(tests) else None


def _all_words(sample: Sample) -> list[str]:
    return _words(" ".join((sample.name, *sample.manner, *sample.mood, *sample.words, sample.alt)))


def _words(text: str) -> list[str]:
    """Split into lowercase words without accents; fillers, such as "in the style of", are dropped unless alone."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"\w+", plain)
    return [word for word in words if word not in _FILLERS] or words


def _begin(wanted: Iterable[str], known: Iterable[str]) -> bool:
    """Return True if each wanted word is a prefix of a known one."""
    return all(any(word.startswith(part) for word in known) for part in wanted)


def _misspelled(wanted: Iterable[str], known: Iterable[str]) -> bool:
    """Return True if each wanted word is a known one, or off by one letter."""
    return all(any(word == part or (len(part) >= _LEAST and _near(part, word)) for word in known) for part in wanted)


def _near(a: str, b: str) -> bool:
    """Return True if one letter changed, added, dropped or swapped with its neighbor turns `a` into `b`."""
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest, other = a[at:], b[at:]
    swapped = rest[1::-1] + rest[2:]
    return rest[1:] in (other, other[1:]) or other[1:] == rest or other == swapped
