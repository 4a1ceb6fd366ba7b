"""Actions on measures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
)
from isotherm.api.cloudwatch.arguments import InvalidNextToken, series_of, shown_dimensions, unit_of
from isotherm.kit.measures import (
    FINE,
    PERIODS,
    SHORT_PERIODS,
    Sample,
    Sum,
    is_extended,
    is_period,
    sum_of,
)
from isotherm.kit.watches import STATISTICS
from isotherm.ports.records import replace as replaced
from isotherm.ports.watches import SeriesQuery
from isotherm.usecases.access import project_of_stacks
from isotherm.usecases.monitoring import find_series, put_samples, read_sums

Result = Mapping[str, Any]
_MOST_DATA, _MOST_VALUES = 1000, 150
_MOST_POINTS = 1440
_PAGE = 500
_OLDEST, _NEWEST = timedelta(days=14), timedelta(hours=2)
_NO_UNIT = "None"
_RECENTLY = "PT3H"


async def put(call: AwsCall) -> None:
    """What the users of a stack measure, such as agents on servers, is the stack's owner's."""
    project_id = await project_of_stacks(call.services, call.caller)
    call = replace(call, caller=replaced(call.caller, project_id=project_id))
    data = call.arguments.get("MetricData") or []
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
    resolution = said.get("StorageResolution") or PERIODS[0]
    if resolution not in (FINE, PERIODS[0]):
        raise InvalidParameterValue(f"StorageResolution is {FINE} or {PERIODS[0]} seconds.")
    return Sample(
        series=series_of(call, said, str(call.arguments["Namespace"])),
        at=at,
        unit=unit_of(said),
        sum=_sum(said),
        fine=resolution == FINE,
    )


def _sum(said: Mapping[str, Any]) -> Sum:
    given = [name for name in ("Value", "Values", "StatisticValues") if said.get(name) is not None]
    if len(given) != 1:
        raise InvalidParameterCombination("Give one of Value, Values and StatisticValues.")
    if told := said.get("StatisticValues"):
        numbers = {name: _finite(each) for name, each in told.items()}
        if numbers["SampleCount"] <= 0 or numbers["Minimum"] > numbers["Maximum"]:
            raise InvalidParameterValue("StatisticValues are no values: look at their order.")
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
        if count <= 0:
            raise InvalidParameterValue("Counts are more than 0.")
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
    require_period(period, span)
    if (span[1] - span[0]).total_seconds() / period > _MOST_POINTS:
        raise InvalidParameterCombination(f"That would be more than {_MOST_POINTS} datapoints.")
    for name in given.get("ExtendedStatistics") or ():
        require_extended(name)
    unit = unit_of(given)
    series = series_of(call, given, str(given["Namespace"]))
    sums = await read_sums(call.services, series, period, span, unit)
    return {
        "Label": given["MetricName"],
        "Datapoints": [_datapoint(at, found, wanted, of) for at, of, found in sums],
    }


def require_period(period: int, span: tuple[datetime, datetime]) -> None:
    """Raises AwsFault for one that is not kept, or a span that ends before it begins."""
    if not is_period(period):
        short = ", ".join(map(str, SHORT_PERIODS))
        raise InvalidParameterValue(f"Period must be {short} or a multiple of 60 seconds.")
    if span[0] >= span[1]:
        raise InvalidParameterCombination("StartTime must be before EndTime.")


def _datapoint(at: datetime, found: Sum, wanted: list[str], unit: str) -> dict[str, Any]:
    values = {name: found.statistic(name) for name in wanted}
    plain = {name: each for name, each in values.items() if name in STATISTICS}
    extended = {n: each for n, each in values.items() if n not in STATISTICS and each is not None}
    told = {"Timestamp": at, "Unit": unit or _NO_UNIT, **plain}
    return {**told, "ExtendedStatistics": extended} if extended else told


def require_extended(name: str) -> str:
    """Raises InvalidParameterValue for what is none (``p95``, ``tm99.9``)."""
    if not is_extended(name):
        raise InvalidParameterValue(
            f"{name[:20]} is no statistic: there are p, tm, wm, tc and ts with a number up to"
            " 100, such as p95, and IQM; ranges and PR are not supported yet."
        )
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
        since=_active_since(call),
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


def _active_since(call: AwsCall) -> datetime | None:
    """Raises InvalidParameterValue."""
    wanted = call.arguments.get("RecentlyActive")
    if wanted not in (None, _RECENTLY):
        raise InvalidParameterValue(f"RecentlyActive is {_RECENTLY} or left out.")
    return call.services.clock.now() - timedelta(hours=3) if wanted else None


def _has(held: Mapping[str, str], wanted: Mapping[str, str | None]) -> bool:
    return all(name in held and value in (None, held[name]) for name, value in wanted.items())
