"""Rules across properties that types declare: what goes together, and what does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from isotherm.core.values import Value

Groups = tuple[tuple[str, ...], ...]
"""Groups of names of properties."""
Problems = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Where:
    """Where the property ``name`` has one of ``values``, those that it ``needs`` must be given,
    and those that it ``bars`` must not. A property that is not given has its ``default``."""

    name: str
    values: tuple[str, ...]
    needs: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    default: str | None = None

    def problems(self, value: Value, sure: set[str], possible: set[str]) -> Problems:
        """``sure`` and ``possible`` are the names that are given, and may be."""
        value = self.default if value is None else value
        if value not in self.values:
            return
        for name in self.needs:
            if name not in possible:
                yield name, f"must be given where {self.name} is {value}"
        for name in self.bars:
            if name in sure:
                yield name, f"cannot be given where {self.name} is {value}"


def together(groups: Groups, sure: set[str]) -> Problems:
    """What is wrong where more than one of a group is given."""
    for group in groups:
        first, *others = [name for name in group if name in sure] or [""]
        for name in others[:1]:
            yield name, f"cannot be used together with {first}"


def missing(groups: Groups, possible: set[str]) -> Problems:
    """What is wrong where none of a group is given."""
    for first, *others in groups:
        if not possible & {first, *others}:
            yield first, f"must be given unless {_one_of(others)} is"


def alone(groups: Groups, sure: set[str], possible: set[str]) -> Problems:
    """What is wrong where the first of a group is given and none of the others."""
    for first, needed, *instead in groups:
        if first in sure and not possible & {needed, *instead}:
            unless = f" unless {_one_of(instead)} is" if instead else ""
            yield needed, f"must be given with {first}{unless}"


def falling(groups: Groups, properties: Mapping[str, Value]) -> Problems:
    """What is wrong where a number is smaller than one before it in its group."""
    for group in groups:
        values = [(name, properties.get(name)) for name in group]
        known = [(name, value) for name, value in values if isinstance(value, int)]
        for (lower, least), (name, value) in pairwise(known):
            if value < least:
                yield name, f"must not be smaller than {lower}"


def _one_of(names: list[str]) -> str:
    return f"one of {', '.join(names)}" if names[1:] else "".join(names)
