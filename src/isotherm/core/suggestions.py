"""What a word that nobody knows may have been meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

_MOST_LISTED = 12
_LONGEST = 100
"""Characters of a word that are compared; nobody misspells longer names."""
_MANY = 400
"""Of more known words than these, only ``_FEW`` are compared: those that begin like the word."""
_FEW = 30
_FIRST = 3
"""Letters at the beginning that must be right then."""


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, or an empty string."""
    near = nearest(word, known)
    return f"did you mean {near!r}?" if near else ""


def near_or_all(word: str, known: Collection[str]) -> str:
    """The nearest of the known words; if none is near, a few of them or all."""
    if hint := suggest(word, known):
        return hint
    listed = [*known][:_MOST_LISTED]
    more = " …" if len(known) > _MOST_LISTED else ""
    return f"one of {', '.join(map(str, listed))}{more}" if listed else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that ``word`` looks most like; empty if none is near.

    Case, hyphens and underscores count for nothing: ``dependsOn`` is ``depends_on``.
    """
    candidates = list(map(str, known))
    if len(candidates) > _MANY:
        candidates = _beginning_alike(word, candidates)
    plain = _plain(word)
    spellings = {_plain(each): each for each in candidates}
    if plain in spellings:
        return spellings[plain]
    near = difflib.get_close_matches(plain, spellings, n=1, cutoff=0.6)
    return spellings[near[0]] if near else ""


def _plain(word: str) -> str:
    return word[:_LONGEST].casefold().replace("_", "").replace("-", "")


def _beginning_alike(word: str, known: list[str]) -> list[str]:
    """Some of those that share the longest beginning with ``word``: comparing them all is dear."""
    alike = [each for each in known if each.startswith(word[:_FIRST])]
    for length in range(_FIRST + 1, min(len(word), _LONGEST) + 1):
        closer = [each for each in alike if each.startswith(word[:length])]
        if len(alike) <= _FEW or not closer:
            break
        alike = closer
    return alike[:_FEW]
