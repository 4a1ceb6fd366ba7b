"""Actions on measures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
)
from isotherm.api.cloudwatch.arguments import InvalidNextToken, series_of, shown_dimensions
from isotherm.kit.measures import Sample, Sum, sum_of
from isotherm.kit.watches import STATISTICS
from isotherm.ports.watches import SeriesQuery
from isotherm.usecases.monitoring import find_series, put_samples, read_sums

Result = Mapping[str, Any]
_MOST_DATA, _MOST_VALUES = 1000, 150
_MOST_POINTS = 1440
_MOST_QUERIES = 500
_PAGE = 500
_OLDEST, _NEWEST = timedelta(days=14), timedelta(hours=2)
_NO_UNIT = "None"


async def put(call: AwsCall) -> None:
    given = call.arguments
    if given.get("EntityMetricData"):
        raise InvalidParameterValue("EntityMetricData is not supported: give MetricData.")
    data = given.get("MetricData") or []
    if len(data) > _MOST_DATA:
        raise InvalidParameterValue(f"MetricData has at most {_MOST_DATA} values.")
    await put_samples(call.services, [_sample(call, each) for each in data])


def _sample(call: AwsCall, said: Mapping[str, Any]) -> Sample:
    now = call.services.clock.now()
    at = said.get("Timestamp") or now
    if not now - _OLDEST <= at <= now + _NEWEST:
        raise InvalidParameterValue(
            "Timestamp must lie within the last two weeks, or two hours ahead."
        )
    unit = said.get("Unit") or ""
    return Sample(
        series=series_of(call, said, str(call.arguments["Namespace"])),
        at=at,
        unit="" if unit == _NO_UNIT else unit,
        sum=_sum(said),
    )


def _sum(said: Mapping[str, Any]) -> Sum:
    given = [name for name in ("Value", "Values", "StatisticValues") if said.get(name) is not None]
    if len(given) != 1:
        raise InvalidParameterCombination("Give one of Value, Values and StatisticValues.")
    if told := said.get("StatisticValues"):
        numbers = {name: _finite(each) for name, each in told.items()}
        return Sum(
            count=numbers["SampleCount"],
            total=numbers["Sum"],
            low=numbers["Minimum"],
            high=numbers["Maximum"],
        )
    return sum_of(_counted(said))


def _counted(said: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    values = [said["Value"]] if "Value" in said else said["Values"]
    counts = said.get("Counts") or [1.0] * len(values)
    if not 1 <= len(values) <= _MOST_VALUES or len(counts) != len(values):
        raise InvalidParameterValue(f"Values has 1 to {_MOST_VALUES} entries, and Counts as many.")
    for value, count in zip(values, counts, strict=True):
        yield _finite(value), _finite(count)


def _finite(number: float) -> float:
    if not math.isfinite(number) or abs(number) > 2.0**360:
        raise InvalidParameterValue("A value is no number that can be kept.")
    return float(number)


async def statistics(call: AwsCall) -> Result:
    given = call.arguments
    wanted = [*(given.get("Statistics") or ()), *(given.get("ExtendedStatistics") or ())]
    if not wanted:
        raise MissingParameter("Give Statistics or ExtendedStatistics.")
    period, span = int(given["Period"]), (given["StartTime"], given["EndTime"])
    _check_span(period, span)
    for name in given.get("ExtendedStatistics") or ():
        percentile(name)
    unit = given.get("Unit") or ""
    series = series_of(call, given, str(given["Namespace"]))
    sums = await read_sums(call.services, series, period, span, "" if unit == _NO_UNIT else unit)
    return {
        "Label": given["MetricName"],
        "Datapoints": [_datapoint(at, found, wanted, unit) for at, found in sums.items()],
    }


async def data(call: AwsCall) -> Result:
    """Of each query one series of values; maths over them is refused."""
    given = call.arguments
    span = given["StartTime"], given["EndTime"]
    queries = given["MetricDataQueries"]
    if len(queries) > _MOST_QUERIES:
        raise InvalidParameterValue(f"There may be {_MOST_QUERIES} queries at once.")
    oldest_first = given.get("ScanBy") == "TimestampAscending"
    return {
        "MetricDataResults": [
            await _queried(call, each, span, oldest_first=oldest_first)
            for each in queries
            if each.get("ReturnData", True)
        ],
        "Messages": [],
    }


async def _queried(
    call: AwsCall,
    query: Mapping[str, Any],
    span: tuple[datetime, datetime],
    *,
    oldest_first: bool,
) -> dict[str, Any]:
    wanted = query.get("MetricStat")
    if query.get("Expression") or wanted is None:
        raise InvalidParameterValue("Expressions are not supported yet: give MetricStat.")
    metric, statistic = wanted["Metric"], str(wanted["Stat"])
    if statistic not in STATISTICS:
        percentile(statistic)
    if not metric.get("MetricName") or not metric.get("Namespace"):
        raise MissingParameter("A metric has a MetricName and a Namespace.")
    period, unit = int(wanted["Period"]), wanted.get("Unit") or ""
    _check_span(period, span)
    series = series_of(call, metric, str(metric["Namespace"]))
    sums = await read_sums(call.services, series, period, span, "" if unit == _NO_UNIT else unit)
    found = [
        (at, value) for at, each in sums.items() if (value := each.statistic(statistic)) is not None
    ]
    if not oldest_first:
        found.reverse()
    return {
        "Id": query["Id"],
        "Label": query.get("Label") or metric["MetricName"],
        "Timestamps": [at for at, _ in found],
        "Values": [value for _, value in found],
        "StatusCode": "Complete",
    }


def _check_span(period: int, span: tuple[datetime, datetime]) -> None:
    if period < 60 or period % 60:
        raise InvalidParameterValue("Period must be a multiple of 60 seconds.")
    start, end = span
    if start >= end:
        raise InvalidParameterCombination("StartTime must be before EndTime.")
    if (end - start).total_seconds() / period > _MOST_POINTS:
        raise InvalidParameterCombination(f"That would be more than {_MOST_POINTS} datapoints.")


def _datapoint(at: datetime, found: Sum, wanted: list[str], unit: str) -> dict[str, Any]:
    values = {name: found.statistic(name) for name in wanted}
    plain = {name: each for name, each in values.items() if name in STATISTICS}
    extended = {n: each for n, each in values.items() if n not in STATISTICS and each is not None}
    told = {"Timestamp": at, "Unit": unit or _NO_UNIT, **plain}
    return {**told, "ExtendedStatistics": extended} if extended else told


def percentile(name: str) -> str:
    """Raises InvalidParameterValue for what is none (``p95``, ``p99.9``)."""
    number = name.removeprefix("p")
    try:
        wrong = not name.startswith("p") or not 0 <= float(number) <= 100
    except ValueError:
        wrong = True
    if wrong:
        raise InvalidParameterValue(f"{name[:20]} is no percentile such as p95.")
    return name


async def index(call: AwsCall) -> Result:
    given = call.arguments
    token = given.get("NextToken") or ""
    if not token.isalnum() and token:
        raise InvalidNextToken("There is no such page.")
    wanted = {each["Name"]: each.get("Value") for each in given.get("Dimensions") or ()}
    query = SeriesQuery(
        project_id=call.caller.project_id,
        namespace=given.get("Namespace") or "",
        name=given.get("MetricName") or "",
        after=token,
        limit=_PAGE,
    )
    found = await find_series(call.services, query)
    return {
        "Metrics": [
            {
                "Namespace": each.namespace,
                "MetricName": each.name,
                "Dimensions": shown_dimensions(each),
            }
            for each in found
            if _has(dict(each.dimensions), wanted)
        ],
        "NextToken": found[-1].id if len(found) == _PAGE else None,
    }


def _has(held: Mapping[str, str], wanted: Mapping[str, str | None]) -> bool:
    return all(name in held and value in (None, held[name]) for name, value in wanted.items())
