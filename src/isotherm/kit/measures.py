"""What is measured, and what is made of many values: sums that can be added to each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec
from msgspec import Struct

PERIODS = (60, 300, 3600)
"""Seconds over which all values are summed up."""
FINE = 1
"""The same for values that are to be kept by the second, too."""
SHORT_PERIODS = (1, 5, 10, 20, 30)
"""Seconds, less than a minute, for which such values can be asked."""
JUDGED_PERIODS = (10, 20, 30)
"""Those of them by which alarms can be judged."""
KEPT: Mapping[int, timedelta] = {
    FINE: timedelta(hours=3),
    60: timedelta(days=15),
    300: timedelta(days=63),
    3600: timedelta(days=455),
}
"""For how long the sums are kept, by their seconds."""
_MOST_VALUES = 150
"""Different values of one sum that are remembered, for percentiles; more are rounded."""

Dimensions = tuple[tuple[str, str], ...]


class Series(Struct, frozen=True, kw_only=True):
    """One metric of one project; ``dimensions`` are in the order of their names."""

    project_id: str
    namespace: str
    name: str
    dimensions: Dimensions = ()

    @property
    def id(self) -> str:
        return _id_of(self)


@lru_cache(maxsize=20_000)
def _id_of(series: Series) -> str:
    return hashlib.sha256(msgspec.json.encode(series)).hexdigest()[:48]


class Sum(Struct, frozen=True, kw_only=True):
    """All values of a span. ``values`` counts each of them, empty where nobody knows them."""

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
        """``Average`` and so on, or what ``is_extended``; None where that is not known."""
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
        return _extended(name, _counted(self))


_EXTENDED = re.compile(r"(?P<kind>p|tm|wm|tc|ts)(?P<share>\d{1,3}(?:\.\d{1,10})?)|IQM")


def is_extended(name: str) -> bool:
    """Whether it is a percentile (``p99.9``), or is made of the values up to one: their mean
    (``tm90``; ``wm90`` with what is above cut to it), count (``tc90``) or sum (``ts90``), or the
    mean of the middle half (``IQM``)."""
    found = _EXTENDED.fullmatch(name)
    return found is not None and float(found["share"] or 0) <= 100


def percentile_share(name: str) -> float | None:
    """Between 0 and 1; None where it is none."""
    found = _EXTENDED.fullmatch(name)
    return float(found["share"]) / 100 if found is not None and found["kind"] == "p" else None


Counted = list[tuple[float, float]]
"""Values with their counts, the least first."""


def _counted(of: Sum) -> Counted:
    if not of.values and of.low == of.high:
        return [(of.low, of.count)]
    return sorted((float(value), count) for value, count in of.values.items())


def _extended(name: str, values: Counted) -> float | None:
    found = _EXTENDED.fullmatch(name)
    if found is None or not values:
        return None
    if found["kind"] is None:
        return _mean(_between(values, 0.25, 0.75))
    share = float(found["share"]) / 100
    if found["kind"] == "p":
        return _percentile(values, share)
    kept = _between(values, 0.0, share)
    count, total = sum(each for _, each in kept), sum(value * each for value, each in kept)
    match found["kind"]:
        case "tc":
            return count
        case "ts":
            return total
        case "wm":
            rest = sum(each for _, each in values) - count
            return _mean([*kept, (_percentile(values, share), rest)])
    return _mean(kept)


def _percentile(values: Counted, share: float) -> float:
    """The least value that so large a share of all does not exceed."""
    wanted, passed = share * sum(count for _, count in values), 0.0
    for value, count in values:
        passed += count
        if passed >= wanted:
            return value
    return values[-1][0]


def _between(values: Counted, low: float, high: float) -> Counted:
    """Those, or the parts of their counts, that lie between two shares of all."""
    whole, passed, found = sum(count for _, count in values), 0.0, []
    for value, count in values:
        within = min(passed + count, high * whole) - max(passed, low * whole)
        passed += count
        if within > 0:
            found.append((value, within))
    return found


def _mean(values: Counted) -> float | None:
    count = sum(each for _, each in values)
    return sum(value * each for value, each in values) / count if count else None


def _together(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Nothing where one does not know its values."""
    if not one or not other:
        return {}
    found = dict(one)
    for value, count in other.items():
        found[value] = found.get(value, 0.0) + count
    return _few(found)


def _few(values: dict[str, float]) -> dict[str, float]:
    """So many that they can be kept: rounded where they are too many, with an error of half a
    percent, or five. Nothing where they are too many even so."""
    for digits in (3, 2):
        if len(values) <= _MOST_VALUES:
            break
        rounded: dict[str, float] = {}
        for value, count in values.items():
            key = repr(float(f"{float(value):.{digits}g}"))
            rounded[key] = rounded.get(key, 0.0) + count
        values = rounded
    return values if len(values) <= _MOST_VALUES else {}


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
        values=_few(counted),
    )


class Sample(Struct, frozen=True, kw_only=True):
    """Values that came for a series; ``fine`` ones are kept by the second, too."""

    series: Series
    at: datetime
    unit: str
    sum: Sum
    fine: bool = False

    @property
    def periods(self) -> tuple[int, ...]:
        return (FINE, *PERIODS) if self.fine else PERIODS


class Point(Struct, frozen=True, kw_only=True):
    """What a series was from ``at`` on, for the seconds of its period."""

    at: datetime
    unit: str
    sum: Sum


def span_of(at: datetime, period: int) -> datetime:
    """The beginning of the span that a time lies in."""
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % period, UTC)


def is_period(seconds: int) -> bool:
    """Whether something can be asked, or judged, by periods of so many seconds."""
    return seconds in SHORT_PERIODS or (seconds >= PERIODS[0] and seconds % PERIODS[0] == 0)


def may_be_judged(seconds: int) -> bool:
    """Whether alarms can have periods of so many seconds."""
    return is_period(seconds) and seconds >= JUDGED_PERIODS[0]


def kept_period(period: int) -> int:
    """The longest of the kept periods from which those of ``period`` seconds can be made."""
    if period < PERIODS[0]:
        return FINE
    return max((each for each in PERIODS if period % each == 0), default=PERIODS[0])


def gathered(points: Iterable[Point], period: int) -> dict[datetime, Sum]:
    """Points of any units in spans of ``period`` seconds, oldest first."""
    found: dict[datetime, Sum] = {}
    for each in sorted(points, key=lambda point: point.at):
        at = span_of(each.at, period)
        found[at] = found[at].plus(each.sum) if at in found else each.sum
    return found
