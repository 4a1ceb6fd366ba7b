"""Actions on alarms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
)
from isotherm.api.cloudwatch.arguments import ResourceNotFound, page, series_of, shown_dimensions
from isotherm.api.cloudwatch.measures import percentile
from isotherm.core.errors import Refused
from isotherm.kit.watches import COMPARISONS, MISSING, STATISTICS, State, Watch
from isotherm.usecases import monitoring

Result = Mapping[str, Any]
_PAGE = 100
_NOT_YET = (
    *("Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile", "Tags"),
    *("EvaluationCriteria", "EvaluationInterval"),
)
_FIELDS = {
    "AlarmDescription": "description",
    "ActionsEnabled": "actions_enabled",
    "EvaluationPeriods": "evaluation_periods",
    "Threshold": "threshold",
    "ComparisonOperator": "comparison",
    "Period": "period",
    "TreatMissingData": "missing",
}
_ACTIONS = {
    "AlarmActions": "alarm_actions",
    "OKActions": "ok_actions",
    "InsufficientDataActions": "insufficient_actions",
}


async def put(call: AwsCall) -> None:
    given = call.arguments
    for name in _NOT_YET:
        if given.get(name):
            raise InvalidParameterValue(f"{name} is not supported yet: leave it out.")
    try:
        await monitoring.put_alarm(call.services, call.caller.project_id, _wish(call, given))
    except Refused as error:
        raise InvalidParameterValue(str(error)) from None


def _wish(call: AwsCall, given: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("MetricName", "Namespace", "Period", "Threshold"):
        if given.get(name) is None:
            raise MissingParameter(f"The parameter {name} is missing.")
    _check(given)
    periods = int(given["EvaluationPeriods"])
    unit = given.get("Unit") or ""
    wish = {field: given[name] for name, field in _FIELDS.items() if given.get(name) is not None}
    wish |= {field: tuple(given.get(name) or ()) for name, field in _ACTIONS.items()}
    return {
        **wish,
        "name": given["AlarmName"],
        "series": series_of(call, given, str(given["Namespace"])),
        "statistic": _statistic(given),
        "datapoints": int(given.get("DatapointsToAlarm") or periods),
        "unit": "" if unit == "None" else unit,
    }


def _check(given: Mapping[str, Any]) -> None:
    if not 1 <= len(given["AlarmName"]) <= 255:
        raise InvalidParameterValue("AlarmName has between 1 and 255 characters.")
    if given["ComparisonOperator"] not in COMPARISONS:
        raise InvalidParameterValue(f"ComparisonOperator must be one of {', '.join(COMPARISONS)}.")
    if given.get("TreatMissingData") not in (None, *MISSING):
        raise InvalidParameterValue(f"TreatMissingData must be one of {', '.join(MISSING)}.")
    periods, period = int(given["EvaluationPeriods"]), int(given["Period"])
    if period < 60 or period % 60:
        raise InvalidParameterValue("Period must be a multiple of 60 seconds.")
    if periods < 1 or periods * period > 7 * 86400:
        raise InvalidParameterValue("All periods together may be a week at most.")
    if not 1 <= int(given.get("DatapointsToAlarm") or periods) <= periods:
        raise InvalidParameterValue("DatapointsToAlarm is at most EvaluationPeriods.")


def _statistic(given: Mapping[str, Any]) -> str:
    plain, extended = given.get("Statistic"), given.get("ExtendedStatistic")
    if bool(plain) == bool(extended):
        raise InvalidParameterCombination("Give one of Statistic and ExtendedStatistic.")
    return str(plain) if plain else percentile(str(extended))


async def delete(call: AwsCall) -> None:
    """All of them or, where one is not there, none."""
    names = call.arguments["AlarmNames"]
    for name in names:
        await _existing(call, name)
    for name in names:
        await monitoring.delete_alarm(call.services, call.caller.project_id, name)


async def _existing(call: AwsCall, name: str) -> Watch:
    found = await monitoring.show_alarm(call.services, call.caller.project_id, name)
    if found is None:
        raise ResourceNotFound(f"There is no alarm {name[:255]}.")
    return found


async def describe(call: AwsCall) -> Result:
    given = call.arguments
    names, prefix = given.get("AlarmNames"), given.get("AlarmNamePrefix") or ""
    if names and prefix:
        raise InvalidParameterCombination("Give AlarmNames or AlarmNamePrefix, not both.")
    state, action = given.get("StateValue"), given.get("ActionPrefix") or ""
    found = [
        each
        for each in await monitoring.list_alarms(call.services, call.caller.project_id)
        if (not names or each.name in names)
        and each.name.startswith(prefix)
        and state in (None, each.state.value)
        and (not action or any(one.startswith(action) for one in _all_actions(each)))
    ]
    shown, token = page(call, found, _PAGE)
    return {"MetricAlarms": list(map(_shown, shown)), "CompositeAlarms": [], "NextToken": token}


def _all_actions(watch: Watch) -> tuple[str, ...]:
    return (*watch.alarm_actions, *watch.ok_actions, *watch.insufficient_actions)


async def describe_for_metric(call: AwsCall) -> Result:
    given = call.arguments
    series = series_of(call, given, str(given["Namespace"]))
    statistic = given.get("Statistic") or given.get("ExtendedStatistic")
    found = [
        each
        for each in await monitoring.list_alarms(call.services, call.caller.project_id)
        if each.series == series
        and statistic in (None, each.statistic)
        and given.get("Period") in (None, each.period)
        and given.get("Unit") in (None, each.unit or "None")
    ]
    return {"MetricAlarms": list(map(_shown, found))}


def _shown(watch: Watch) -> dict[str, Any]:
    plain = watch.statistic in STATISTICS
    return {
        "AlarmName": watch.name,
        "AlarmArn": watch.arn,
        "AlarmDescription": watch.description or None,
        "AlarmConfigurationUpdatedTimestamp": watch.updated_at,
        "ActionsEnabled": watch.actions_enabled,
        "OKActions": list(watch.ok_actions),
        "AlarmActions": list(watch.alarm_actions),
        "InsufficientDataActions": list(watch.insufficient_actions),
        "StateValue": watch.state.value,
        "StateReason": watch.reason,
        "StateUpdatedTimestamp": watch.state_at,
        "StateTransitionedTimestamp": watch.state_at,
        "MetricName": watch.series.name,
        "Namespace": watch.series.namespace,
        "Statistic": watch.statistic if plain else None,
        "ExtendedStatistic": None if plain else watch.statistic,
        "Dimensions": shown_dimensions(watch.series),
        "Period": watch.period,
        "Unit": watch.unit or None,
        "EvaluationPeriods": watch.evaluation_periods,
        "DatapointsToAlarm": watch.datapoints,
        "Threshold": watch.threshold,
        "ComparisonOperator": watch.comparison,
        "TreatMissingData": watch.missing,
    }


async def history(call: AwsCall) -> Result:
    given = call.arguments
    start, end = given.get("StartDate"), given.get("EndDate")
    found = [
        each
        for each in await monitoring.read_history(
            call.services, call.caller, given.get("AlarmName") or ""
        )
        if given.get("HistoryItemType") in (None, each.kind)
        and (start is None or each.at >= start)
        and (end is None or each.at <= end)
    ]
    if given.get("ScanBy") == "TimestampAscending":
        found.reverse()
    shown, token = page(call, found, _PAGE)
    items = [
        {
            "AlarmName": each.name,
            "AlarmType": "MetricAlarm",
            "Timestamp": each.at,
            "HistoryItemType": each.kind,
            "HistorySummary": each.summary,
            "HistoryData": json.dumps(each.data),
        }
        for each in shown
    ]
    return {"AlarmHistoryItems": items, "NextToken": token}


async def set_state(call: AwsCall) -> None:
    given = call.arguments
    wanted = (State(given["StateValue"]), str(given["StateReason"]))
    if not await monitoring.set_state(call.services, call.caller, given["AlarmName"], wanted):
        raise ResourceNotFound(f"There is no alarm {given['AlarmName'][:255]}.")


async def enable_actions(call: AwsCall) -> None:
    for name in call.arguments["AlarmNames"]:
        await monitoring.enable_actions(call.services, call.caller, name, enabled=True)


async def disable_actions(call: AwsCall) -> None:
    for name in call.arguments["AlarmNames"]:
        await monitoring.enable_actions(call.services, call.caller, name, enabled=False)
