"""What is measured, and what is made of many values: sums that can be added to each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

PERIODS = (60, 300, 3600)
"""Seconds over which values are summed up, and for how many days each sum is kept."""
KEPT_DAYS: Mapping[int, int] = {60: 15, 300: 63, 3600: 455}
_MOST_VALUES = 150
"""Different values of one sum that are remembered, for percentiles."""

Dimensions = tuple[tuple[str, str], ...]


class Series(Struct, frozen=True, kw_only=True):
    """One metric of one project; ``dimensions`` are in the order of their names."""

    project_id: str
    namespace: str
    name: str
    dimensions: Dimensions = ()

    @property
    def id(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:48]


class Sum(Struct, frozen=True, kw_only=True):
    """All values of a span. ``values`` counts each of them, empty where there were too many."""

    count: float
    total: float
    low: float
    high: float
    values: dict[str, float] = {}

    def plus(self, other: Sum) -> Sum:
        return Sum(
            count=self.count + other.count,
            total=self.total + other.total,
            low=min(self.low, other.low),
            high=max(self.high, other.high),
            values=_together(self.values, other.values),
        )

    def statistic(self, name: str) -> float | None:
        """``Average`` and so on, or a percentile (``p99.9``); None where that is not known."""
        match name:
            case "SampleCount":
                return self.count
            case "Sum":
                return self.total
            case "Minimum":
                return self.low
            case "Maximum":
                return self.high
            case "Average":
                return self.total / self.count if self.count else None
        return self._percentile(float(name.removeprefix("p")) / 100)

    def _percentile(self, share: float) -> float | None:
        """The least value that so large a share of all does not exceed."""
        if not self.values:
            return self.low if self.low == self.high else None
        wanted, passed = share * sum(self.values.values()), 0.0
        ordered = sorted((float(value), count) for value, count in self.values.items())
        for value, count in ordered:
            passed += count
            if passed >= wanted:
                return value
        return ordered[-1][0]


def _together(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Nothing where one does not know its values, or where they are too many."""
    if not one or not other:
        return {}
    found = dict(one)
    for value, count in other.items():
        found[value] = found.get(value, 0.0) + count
    return found if len(found) <= _MOST_VALUES else {}


def sum_of(values: Iterable[tuple[float, float]]) -> Sum:
    """Of values with their counts, of which there is one at least."""
    pairs = list(values)
    counted: dict[str, float] = {}
    for value, count in pairs:
        counted[repr(value)] = counted.get(repr(value), 0.0) + count
    return Sum(
        count=sum(count for _, count in pairs),
        total=sum(value * count for value, count in pairs),
        low=min(value for value, _ in pairs),
        high=max(value for value, _ in pairs),
        values=counted if len(counted) <= _MOST_VALUES else {},
    )


class Sample(Struct, frozen=True, kw_only=True):
    """Values that came for a series."""

    series: Series
    at: datetime
    unit: str
    sum: Sum


class Point(Struct, frozen=True, kw_only=True):
    """What a series was from ``at`` on, for the seconds of its period."""

    at: datetime
    unit: str
    sum: Sum


def span_of(at: datetime, period: int) -> datetime:
    """The beginning of the span that a time lies in."""
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % period, UTC)


def kept_period(period: int) -> int:
    """The longest of the kept periods from which those of ``period`` seconds can be made."""
    return max((each for each in PERIODS if period % each == 0), default=PERIODS[0])


def gathered(points: Iterable[Point], period: int) -> dict[datetime, Sum]:
    """Points of any units in spans of ``period`` seconds, oldest first."""
    found: dict[datetime, Sum] = {}
    for each in sorted(points, key=lambda point: point.at):
        at = span_of(each.at, period)
        found[at] = found[at].plus(each.sum) if at in found else each.sum
    return found
