"""Which function exists under which name in which version and place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from isotherm.template.expressions import Function

_F = TypeVar("_F", bound=type[Function])

FIRST_HOT = "2013-05-23"
AWS = "AWSTemplateFormatVersion.2010-09-09"
HEAT_CFN = "HeatTemplateFormatVersion.2012-12-12"


class Place(Enum):
    """Where a function may be called: in values, or in conditions."""

    VALUE = "value"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Availability:
    """HOT dates from ``since`` up to but not including ``before``, or single AWS-style versions."""

    since: str = ""
    before: str = "9999"
    keys: tuple[str, ...] = ()

    def covers(self, hot_date: str, key: str) -> bool:
        if hot_date:
            return bool(self.since) and self.since <= hot_date < self.before
        return key in self.keys


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    function: type[Function]
    where: Availability
    place: Place
    extension: bool
    """Goes beyond what the reference offers."""


ENTRIES: list[Entry] = []


def hot(since: str = FIRST_HOT, before: str = "9999") -> Availability:
    return Availability(since, before)


def cfn(*keys: str) -> Availability:
    """Both AWS-style versions, or those given."""
    return Availability(keys=keys or (AWS, HEAT_CFN))


def function(
    name: str, *where: Availability, place: Place = Place.VALUE, extension: bool = False
) -> Callable[[_F], _F]:
    """Registers a function class under ``name``."""

    def register(cls: _F) -> _F:
        ENTRIES.extend(Entry(name, cls, each, place, extension) for each in where)
        return cls

    return register


def condition_function(
    name: str, *where: Availability, extension: bool = False
) -> Callable[[_F], _F]:
    """Registers a function class for use in conditions."""
    return function(name, *where, place=Place.CONDITION, extension=extension)
