"""Compares how a disturbed course ended with the end of the undisturbed one."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.laws.sweep.trials import Ending


def differences(ending: Ending, undisturbed: Ending) -> list[str]:
    """How the end differs from that of the undisturbed course, or of its removal."""
    wanted = undisturbed.left if ending.deleted else undisturbed.there
    found = [*_compared("there", ending.there, wanted)]
    return [*found, *_compared("left", ending.left, undisturbed.left)]


def _compared(what: str, here: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    for kind in sorted(here.keys() | wanted.keys()):
        have, want = Counter(here.get(kind, ())), Counter(wanted.get(kind, ()))
        more, less = list((have - want).elements()), list((want - have).elements())
        for one, other in itertools.zip_longest(more, less):
            if one is None or other is None:
                yield f"{what}: {kind} {'missing' if one is None else 'too much'}: {one or other}"
            else:
                yield f"{what}: {kind}: {', '.join(_fields(one, other))}"


def _fields(one: str, other: str) -> Iterator[str]:
    """In which fields two described objects differ."""
    try:
        here, wanted = json.loads(one), json.loads(other)
    except ValueError:
        yield f"{one} instead of {other}"
        return
    for name in sorted(here.keys() | wanted.keys()):
        if here.get(name) != wanted.get(name):
            yield f"{name} {here.get(name)} instead of {wanted.get(name)}"
