"""Actions on alarms that are there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import (
    InvalidParameterCombination,
    InvalidParameterValue,
    ValidationError,
)
from isotherm.api.cloudwatch.arguments import ResourceNotFound, page, series_of, shown_dimensions
from isotherm.api.cloudwatch.data_queries import shown_query
from isotherm.kit.alarm_rules import parse_rule
from isotherm.kit.judging import Verdict
from isotherm.kit.measures import percentile_share
from isotherm.kit.suppression import asked_by
from isotherm.kit.watches import STATISTICS, Hold, State, Watch
from isotherm.usecases import monitoring

Result = Mapping[str, Any]
_PAGE = 100
_LONGEST_DATA = 4000
_WHY_HELD = {
    Hold.NOTHING: "",
    Hold.WAIT: "It is waited whether {} goes off.",
    Hold.ALARM: "{} goes off.",
    Hold.EXTENSION: "{} went off a short time ago.",
}
_COMPOSITE, _METRIC = "CompositeAlarm", "MetricAlarm"


async def delete(call: AwsCall) -> None:
    """All of them or, where one is not there or others are about it, none."""
    names = call.arguments["AlarmNames"]
    for name in names:
        await _existing(call, name)
    for each in await monitoring.list_alarms(call.services, call.caller.project_id):
        if each.name not in names:
            for name in sorted(asked_by(each).intersection(names)):
                raise ValidationError(f"{name} cannot be deleted: {each.name} is about it.")
    for name in names:
        await monitoring.delete_alarm(call.services, call.caller.project_id, name)


async def _existing(call: AwsCall, name: str) -> Watch:
    found = await monitoring.show_alarm(call.services, call.caller.project_id, name)
    if found is None:
        raise ResourceNotFound(f"There is no alarm {name[:255]}.")
    return found


async def describe(call: AwsCall) -> Result:
    wanted = _wanted(call.arguments)
    there = await monitoring.list_alarms(call.services, call.caller.project_id)
    shown, token = page(call, [each for each in there if wanted(each, there)], _PAGE)
    return {
        "MetricAlarms": [_shown(each) for each in shown if not each.composite],
        "CompositeAlarms": [_shown_composite(each) for each in shown if each.composite],
        "NextToken": token,
    }


_Wanted = Callable[[Watch, list[Watch]], bool]


def _wanted(given: Mapping[str, Any]) -> _Wanted:
    """Whether an alarm is asked for, of all that are there."""
    if name := given.get("ChildrenOfAlarmName"):
        return lambda watch, there: any(
            each.name == name and watch.name in _asked_by(each) for each in there
        )
    if name := given.get("ParentsOfAlarmName"):
        return lambda watch, there: name in _asked_by(watch)
    names, prefix = given.get("AlarmNames"), given.get("AlarmNamePrefix") or ""
    if names and prefix:
        raise InvalidParameterCombination("Give AlarmNames or AlarmNamePrefix, not both.")
    state, action = given.get("StateValue"), given.get("ActionPrefix") or ""
    types = given.get("AlarmTypes") or [_METRIC]
    return lambda watch, there: (
        (not names or watch.name in names)
        and watch.name.startswith(prefix)
        and state in (None, watch.state.value)
        and (not action or any(one.startswith(action) for one in _all_actions(watch)))
        and (_COMPOSITE if watch.composite else _METRIC) in types
    )


def _asked_by(watch: Watch) -> frozenset[str]:
    return parse_rule(watch.rule).names if watch.rule else frozenset()


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
    return {
        **_shared(watch),
        **(_of_metric(watch) if watch.series else {}),
        "Metrics": [shown_query(each) for each in watch.queries] or None,
        "EvaluationPeriods": watch.evaluation_periods,
        "DatapointsToAlarm": watch.datapoints,
        "Threshold": watch.threshold,
        "ComparisonOperator": watch.comparison,
        "TreatMissingData": watch.missing,
        "EvaluateLowSampleCountPercentile": (
            watch.few_samples if percentile_share(watch.statistic) is not None else None
        ),
    }


def _shown_composite(watch: Watch) -> dict[str, Any]:
    return {**_shared(watch), "AlarmRule": watch.rule, **_suppression(watch)}


def _suppression(watch: Watch) -> dict[str, Any]:
    if not watch.suppressor:
        return {}
    return {
        "ActionsSuppressor": watch.suppressor,
        "ActionsSuppressorWaitPeriod": watch.suppressor_wait,
        "ActionsSuppressorExtensionPeriod": watch.suppressor_extension,
        "ActionsSuppressedBy": watch.hold.value or None,
        "ActionsSuppressedReason": _WHY_HELD[watch.hold].format(watch.suppressor) or None,
    }


def _shared(watch: Watch) -> dict[str, Any]:
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
        "StateReasonData": watch.reason_data or None,
        "StateUpdatedTimestamp": watch.state_at,
        "StateTransitionedTimestamp": watch.state_at,
    }


def _of_metric(watch: Watch) -> dict[str, Any]:
    plain = watch.statistic in STATISTICS
    assert watch.series is not None
    return {
        "MetricName": watch.series.name,
        "Namespace": watch.series.namespace,
        "Statistic": watch.statistic if plain else None,
        "ExtendedStatistic": None if plain else watch.statistic,
        "Dimensions": shown_dimensions(watch.series),
        "Period": watch.period,
        "Unit": watch.unit or None,
    }


async def history(call: AwsCall) -> Result:
    given = call.arguments
    start, end = given.get("StartDate"), given.get("EndDate")
    types = given.get("AlarmTypes") or (_COMPOSITE, _METRIC)
    found = [
        each
        for each in await monitoring.read_history(
            call.services, call.caller, given.get("AlarmName") or ""
        )
        if given.get("HistoryItemType") in (None, each.kind)
        and (_COMPOSITE if each.composite else _METRIC) in types
        and (start is None or each.at >= start)
        and (end is None or each.at <= end)
    ]
    if given.get("ScanBy") == "TimestampAscending":
        found.reverse()
    shown, token = page(call, found, _PAGE)
    items = [
        {
            "AlarmName": each.name,
            "AlarmType": _COMPOSITE if each.composite else _METRIC,
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
    wanted = Verdict(
        state=State(given["StateValue"]),
        reason=str(given["StateReason"]),
        data=_reason_data(str(given.get("StateReasonData") or "")),
    )
    if not await monitoring.set_state(call.services, call.caller, given["AlarmName"], wanted):
        raise ResourceNotFound(f"There is no alarm {given['AlarmName'][:255]}.")


def _reason_data(text: str) -> str:
    """Raises InvalidParameterValue for what is no JSON: programs read it."""
    if len(text) > _LONGEST_DATA:
        raise InvalidParameterValue(f"StateReasonData has at most {_LONGEST_DATA} characters.")
    try:
        known = not text or isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        known = False
    if not known:
        raise InvalidParameterValue("StateReasonData is a JSON object.")
    return text


async def enable_actions(call: AwsCall) -> None:
    for name in call.arguments["AlarmNames"]:
        await monitoring.enable_actions(call.services, call.caller, name, enabled=True)


async def disable_actions(call: AwsCall) -> None:
    for name in call.arguments["AlarmNames"]:
        await monitoring.enable_actions(call.services, call.caller, name, enabled=False)
