"""Questions about several metrics at once, and what is computed of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import MissingParameter, ValidationError
from isotherm.api.cloudwatch.arguments import (
    InvalidNextToken,
    series_of,
    shown_dimensions,
    unit_of,
)
from isotherm.api.cloudwatch.labels import Writing, check_label, read_zone, written_label
from isotherm.api.cloudwatch.measures import require_extended, require_period
from isotherm.kit.maths_syntax import MathsError, parse_expression
from isotherm.kit.measures import span_of
from isotherm.kit.metric_maths import Maths
from isotherm.kit.metric_queries import Line, Query
from isotherm.kit.watches import STATISTICS
from isotherm.usecases.monitoring import read_lines

Result = Mapping[str, Any]
_MOST_QUERIES = 500
_MOST_POINTS = 100_800
_ID = re.compile(r"[a-z][a-zA-Z0-9_]{0,254}")


async def data(call: AwsCall) -> Result:
    given = call.arguments
    writing = _writing(call)
    queries = read_queries(call, given["MetricDataQueries"])
    span = _span(queries, given["StartTime"], given["EndTime"])
    lines = await read_lines(call.services, queries, span)
    maths = Maths(queries, lines, span)
    answers = await asyncio.to_thread(_answers, maths)
    oldest_first = given.get("ScanBy") == "TimestampAscending"
    results = [
        _answer(query, line, _label(query, at, line, writing), oldest_first=oldest_first)
        for query, found in answers
        for at, line in enumerate(found)
    ]
    page, token = _page(results, *_bounds(given))
    return {"MetricDataResults": page, "NextToken": token, "Messages": []}


def _bounds(given: Mapping[str, Any]) -> tuple[int, int]:
    """From which datapoint to which, counted through all results. Raises AwsFault."""
    token, most = given.get("NextToken") or "0", int(given.get("MaxDatapoints") or _MOST_POINTS)
    if not token.isdecimal() or len(token) > 9:
        raise InvalidNextToken("There is no such page.")
    if not 1 <= most <= _MOST_POINTS:
        raise ValidationError(f"MaxDatapoints is between 1 and {_MOST_POINTS}.")
    return int(token), int(token) + most


def _page(
    results: Sequence[dict[str, Any]], start: int, end: int
) -> tuple[list[dict[str, Any]], str | None]:
    """The results with those of their datapoints that are on the page, and the next one's token."""
    found, passed = [], 0
    for each in results:
        length = len(each["Values"])
        part = slice(max(start - passed, 0), max(end - passed, 0))
        whole = passed + length <= end
        if each["Values"][part] or (not length and start <= passed < end):
            found.append(
                {
                    **each,
                    "Timestamps": each["Timestamps"][part],
                    "Values": each["Values"][part],
                    "StatusCode": "Complete" if whole else "PartialData",
                }
            )
        passed += length
    return found, str(end) if end < passed else None


def _answers(maths: Maths) -> list[tuple[Query, list[Line]]]:
    found = []
    for each in maths.queries:
        if each.returned:
            try:
                found.append((each, maths.answer(each.id)))
            except MathsError as error:
                raise ValidationError(f"Error in expression {each.id!r}: {error}") from None
    return found


def _span(queries: Sequence[Query], start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """From the beginning of a period. Raises AwsFault."""
    periods = [each.period for each in queries if each.series is not None]
    for period in periods:
        require_period(period, (start, end))
    if not periods and start >= end:
        raise ValidationError("StartTime must be before EndTime.")
    seconds = (end - start).total_seconds()
    if sum(seconds / period for period in periods) > _MOST_POINTS:
        raise ValidationError(f"That would be more than {_MOST_POINTS} datapoints.")
    return span_of(start, max(periods, default=60)), end


def read_queries(call: AwsCall, said: Iterable[Mapping[str, Any]]) -> tuple[Query, ...]:
    """Raises AwsFault."""
    queries = tuple(_query(call, each) for each in said)
    if not 1 <= len(queries) <= _MOST_QUERIES:
        raise ValidationError(f"There may be {_MOST_QUERIES} queries at once.")
    if len({each.id for each in queries}) != len(queries):
        raise ValidationError("Two queries have the same Id.")
    return queries


def _query(call: AwsCall, said: Mapping[str, Any]) -> Query:
    name, wanted, expression = str(said["Id"]), said.get("MetricStat"), said.get("Expression")
    if not _ID.fullmatch(name):
        raise ValidationError("An Id begins with a small letter; letters, digits and _ follow.")
    if said.get("AccountId"):
        raise ValidationError("AccountId is not supported: leave it out.")
    if (wanted is None) == (not expression):
        raise ValidationError(f"Give MetricStat or Expression for {name!r}.")
    told = {
        "id": name,
        "label": check_label(said.get("Label") or ""),
        "returned": said.get("ReturnData", True),
        "period": int(said.get("Period") or 0),
    }
    if wanted is None:
        _check_expression(name, str(expression))
        return Query(**told, expression=str(expression))
    metric, statistic = wanted["Metric"], str(wanted["Stat"])
    if not metric.get("MetricName") or not metric.get("Namespace"):
        raise MissingParameter("A metric has a MetricName and a Namespace.")
    if statistic not in STATISTICS:
        require_extended(statistic)
    measured = {
        "series": series_of(call, metric, str(metric["Namespace"])),
        "statistic": statistic,
        "period": int(wanted["Period"]),
        "unit": unit_of(wanted),
    }
    return Query(**{**told, **measured})


def _check_expression(name: str, text: str) -> None:
    try:
        parse_expression(text)
    except MathsError as error:
        raise ValidationError(f"Error in expression {name!r}: {error}") from None


def _answer(query: Query, line: Line, label: str, *, oldest_first: bool) -> dict[str, Any]:
    found = sorted(line.items(), reverse=not oldest_first)
    return {
        "Id": query.id,
        "Label": label,
        "Timestamps": [when for when, _ in found],
        "Values": [value for _, value in found],
        "StatusCode": "Complete",
    }


def _label(query: Query, at: int, line: Line, writing: Writing) -> str:
    name = query.series.name if query.series else query.id
    usual = f"{name} {at}" if at else name
    return written_label(query, usual, dict(sorted(line.items())), writing) or usual


def _writing(call: AwsCall) -> Writing:
    """Raises ValidationError."""
    options = call.arguments.get("LabelOptions") or {}
    return Writing(call.services.clock.now(), read_zone(options.get("Timezone")))


def shown_query(query: Query) -> dict[str, Any]:
    """As it was given."""
    told = {
        "Id": query.id,
        "Label": query.label or None,
        "ReturnData": query.returned,
        "Expression": query.expression or None,
    }
    if query.series is None:
        return {**told, "Period": query.period or None}
    metric = {
        "Namespace": query.series.namespace,
        "MetricName": query.series.name,
        "Dimensions": shown_dimensions(query.series),
    }
    wanted = {"Metric": metric, "Period": query.period, "Stat": query.statistic}
    return {**told, "MetricStat": {**wanted, "Unit": query.unit or None}}
