"""Questions about metrics: what is measured, or what is computed of other questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from isotherm.kit.measures import Point, Series, gathered, kept_period

Line = dict[datetime, float]
"""Values by when their span begins, oldest first."""


class Query(Struct, frozen=True, kw_only=True):
    """Either a ``series`` with a statistic over periods of seconds (an empty ``unit`` stands for
    all), or an expression. ``returned``: whether the answer is wanted, or only made use of."""

    id: str
    series: Series | None = None
    statistic: str = ""
    period: int = 0
    unit: str = ""
    expression: str = ""
    label: str = ""
    returned: bool = True

    @property
    def kept_period(self) -> int:
        return kept_period(self.period)


def lines_of(queries: Iterable[Query], points: Mapping[str, list[Point]]) -> dict[str, Line]:
    """The lines of those that ask for a series, by id; ``points`` by series."""
    return {
        each.id: line_of(each, points.get(each.series.id, []))
        for each in queries
        if each.series is not None
    }


def line_of(query: Query, points: Iterable[Point]) -> Line:
    wanted = [each for each in points if query.unit in ("", each.unit)]
    found = {
        at: total.statistic(query.statistic) for at, total in gathered(wanted, query.period).items()
    }
    return {at: value for at, value in found.items() if value is not None}
