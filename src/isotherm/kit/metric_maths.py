"""Expressions over metrics, as clients of CloudWatch write them, and what comes of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from isotherm.kit.maths_syntax import (
    Applied,
    Items,
    MathsError,
    Name,
    Node,
    Number,
    Text,
    parse_expression,
)
from isotherm.kit.metric_functions import (
    FUNCTIONS,
    MEASURES,
    OPERATORS,
    WAYS,
    Frame,
    Result,
    filled_up,
    lines_in,
    number_in,
    of_each,
    put_together,
)
from isotherm.kit.metric_queries import Line, Query

_MOST_WORK = 3_000_000
"""Values that one request may compute."""
REFUSED = (
    *("ANOMALY_DETECTION_BAND", "DB_PERF_INSIGHTS", "INSIGHT_RULE_METRIC"),
    *("LAMBDA", "SEARCH", "SERVICE_QUOTA"),
)
"""Functions that AWS has besides."""


@dataclass(slots=True)
class Maths:
    """What the queries of one request come to; ``lines`` are those of their metrics, by id,
    ``grid`` are begin and end."""

    queries: Sequence[Query]
    lines: Mapping[str, Line]
    grid: tuple[datetime, datetime]
    _done: dict[str, Result] = field(default_factory=dict)
    _under_way: set[str] = field(default_factory=set)
    _work: int = 0

    def answer(self, query_id: str) -> list[Line]:
        """The lines of a query. Raises MathsError."""
        found = self._of(query_id)
        if isinstance(found, list):
            return found
        if isinstance(found, float):
            raise MathsError("An expression must come to a time series: use TIME_SERIES.")
        return [found]

    def _of(self, name: str) -> Result:
        if name in self.lines:
            return self.lines[name]
        if name not in self._done:
            query = next((each for each in self.queries if each.id == name), None)
            if query is None:
                raise MathsError(f"There is no query {name[:64]!r}.")
            if name in self._under_way:
                raise MathsError(f"The expression of {name!r} leads to itself.")
            self._under_way.add(name)
            self._done[name] = self._compute(parse_expression(query.expression), query)
            self._under_way.discard(name)
        return self._done[name]

    def _compute(self, node: Node, query: Query) -> Result:
        match node:
            case Number(value):
                return value
            case Name(name):
                return self._of(name)
            case Items(inner):
                return [self._line(each, query) for each in inner]
            case Text(value):
                raise MathsError(f"{value[:20]!r} is no value to compute with.")
        return self._count(self._applied(node, query))

    def _line(self, node: Node, query: Query) -> Line:
        found = self._compute(node, query)
        if not isinstance(found, dict):
            raise MathsError("A list has time series only.")
        return found

    def _applied(self, node: Applied, query: Query) -> Result:
        name, arguments = node.function, node.arguments
        if name in REFUSED:
            raise MathsError(f"{name} is not supported yet.")
        if name == "METRICS":
            return self._metrics(arguments)
        if name in OPERATORS:
            one, other = (self._compute(each, query) for each in arguments)
            return put_together(OPERATORS[name], one, other)
        if name == "FILL":
            return self._filled(arguments, query)
        if name == "SORT":
            return self._sorted(arguments, query)
        if name not in FUNCTIONS:
            raise MathsError(f"There is no function {name[:20]}.")
        least, most, function = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise MathsError(f"{name} is given {len(arguments)} arguments.")
        frame = Frame(self._times(query), self._period(query))
        return function(frame, [self._compute(each, query) for each in arguments])

    def _count(self, result: Result) -> Result:
        self._work += 1
        for line in () if isinstance(result, float) else lines_in(result):
            self._work += len(line)
        if self._work > _MOST_WORK:
            raise MathsError("That would be too much to compute: ask for less at once.")
        return result

    def _metrics(self, arguments: Sequence[Node]) -> list[Line]:
        """All metrics of the request, or those with a text in their ids."""
        match arguments:
            case ():
                return list(self.lines.values())
            case (Text(part),):
                return [line for name, line in self.lines.items() if part in name]
        raise MathsError("METRICS is given nothing, or a text.")

    def _filled(self, arguments: Sequence[Node], query: Query) -> Result:
        if len(arguments) != 2:
            raise MathsError("FILL is given a time series, and a value, REPEAT or LINEAR.")
        of, way = self._compute(arguments[0], query), arguments[1]
        times = self._times(query)
        if isinstance(way, Name) and way.value.upper() in WAYS:
            fill = WAYS[way.value.upper()]
            return of_each(of, lambda line: fill(line, times))
        value = self._compute(way, query)
        if isinstance(value, list):
            raise MathsError("FILL takes one value, or one time series.")
        return of_each(of, lambda line: filled_up(line, times, value))

    def _sorted(self, arguments: Sequence[Node], query: Query) -> list[Line]:
        words = [each.value.upper() for each in arguments[1:3] if isinstance(each, Name)]
        if len(words) != 2 or words[0] not in MEASURES or words[1] not in ("ASC", "DESC"):
            raise MathsError("SORT is given time series, AVG, MIN, MAX or SUM, and ASC or DESC.")
        lines = lines_in(self._compute(arguments[0], query))
        measure, descending = MEASURES[words[0]], words[1] == "DESC"
        known = sorted(filter(None, lines), key=lambda line: measure(line.values()))
        if descending:
            known.reverse()
        most = [self._compute(each, query) for each in arguments[3:]]
        return known[: int(number_in(most[0]))] if most else known

    def _times(self, query: Query) -> list[datetime]:
        """When the values of an expression are, if none is missing."""
        start, end = self.grid
        step = timedelta(seconds=self._period(query))
        count = math.ceil((end - start) / step)
        return [start + at * step for at in range(count)]

    def _period(self, query: Query) -> int:
        """Its own, or the shortest of what it is made of."""
        below = [each.period for each in self.queries if each.series is not None]
        return query.period or min(below, default=60)


OFFERED = tuple(sorted({*FUNCTIONS, "FILL", "METRICS", "SORT"}))
