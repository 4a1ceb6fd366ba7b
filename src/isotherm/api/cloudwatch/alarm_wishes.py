"""Actions that make alarms, or change them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    ValidationError,
)
from isotherm.api.cloudwatch.arguments import series_of, unit_of
from isotherm.api.cloudwatch.data_queries import read_queries
from isotherm.api.cloudwatch.measures import require_extended
from isotherm.api.cloudwatch.tags import read_tags
from isotherm.core.errors import Refused
from isotherm.kit.alarm_rules import RuleError, parse_rule
from isotherm.kit.measures import (
    FINE,
    JUDGED_PERIODS,
    KEPT,
    PERIODS,
    may_be_judged,
    percentile_share,
)
from isotherm.kit.watches import COMPARISONS, FEW_SAMPLES, MISSING, Watch
from isotherm.usecases import monitoring

_MOST_ACTIONS = 5
_MOST_METRICS = 10
_LONGEST_DESCRIPTION = 1024
_LONGEST_SUPPRESSION = 24 * 3600
_WEEK = timedelta(days=7)
_MEASURED = (
    *("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit"),
)
_NEEDED = ("Threshold", "ComparisonOperator", "EvaluationPeriods")
"""By what is compared; AWS can do without for alarms of kinds that are not here."""
_FIELDS = {
    "AlarmDescription": "description",
    "ActionsEnabled": "actions_enabled",
    "EvaluationPeriods": "evaluation_periods",
    "Threshold": "threshold",
    "ComparisonOperator": "comparison",
    "TreatMissingData": "missing",
    "EvaluateLowSampleCountPercentile": "few_samples",
}
_ACTIONS = {
    "AlarmActions": "alarm_actions",
    "OKActions": "ok_actions",
    "InsufficientDataActions": "insufficient_actions",
}


async def put(call: AwsCall) -> None:
    given = call.arguments
    for name in _NEEDED:
        if given.get(name) is None:
            raise MissingParameter(f"The parameter {name} is missing.")
    measured = _computed(call, given) if given.get("Metrics") else _plain(call, given)
    _check(given, int(measured["period"] or measured["queries"][0].period))
    periods = int(given["EvaluationPeriods"])
    wish = {
        **_wish(given),
        **measured,
        "datapoints": int(given.get("DatapointsToAlarm") or periods),
    }
    await _put(call, wish)


async def put_composite(call: AwsCall) -> None:
    rule = str(call.arguments["AlarmRule"])
    try:
        names = parse_rule(rule).names
    except RuleError as error:
        raise ValidationError(f"AlarmRule: {error}") from None
    there = await monitoring.list_alarms(call.services, call.caller.project_id)
    known = {each.name: each for each in there}
    for name in sorted(names - known.keys()):
        raise ValidationError(f"AlarmRule: there is no alarm {name[:255]}.")
    if call.arguments["AlarmName"] in _all_asked(names, known):
        raise ValidationError("AlarmRule: the alarm would be about itself.")
    await _put(call, {**_wish(call.arguments), "rule": rule, **_suppression(call, known)})


def _suppression(call: AwsCall, known: Mapping[str, Watch]) -> dict[str, Any]:
    given = call.arguments
    periods = [given.get(f"ActionsSuppressor{name}Period") for name in ("Wait", "Extension")]
    suppressor = str(given.get("ActionsSuppressor") or "").rpartition(":alarm:")[2]
    if any((each is None) == bool(suppressor) for each in periods):
        raise ValidationError(
            "ActionsSuppressor, ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod"
            " are given together."
        )
    if not suppressor:
        return {}
    if suppressor not in known or suppressor == given["AlarmName"]:
        raise ValidationError(f"ActionsSuppressor: there is no other alarm {suppressor[:255]}.")
    if any(not 0 <= int(each or 0) <= _LONGEST_SUPPRESSION for each in periods):
        raise ValidationError("Actions are suppressed for a day more at most.")
    wait, extension = (int(each or 0) for each in periods)
    return {
        "suppressor": suppressor,
        "suppressor_wait": wait,
        "suppressor_extension": extension,
    }


def _all_asked(names: frozenset[str], known: Mapping[str, Watch]) -> set[str]:
    """These, those that their rules are about, and so on."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            rule = known[name].rule if name in known else ""
            left += parse_rule(rule).names if rule else ()
    return found


def _wish(given: Mapping[str, Any]) -> dict[str, Any]:
    if not 1 <= len(given["AlarmName"]) <= 255:
        raise ValidationError("AlarmName has between 1 and 255 characters.")
    if len(given.get("AlarmDescription") or "") > _LONGEST_DESCRIPTION:
        raise ValidationError(f"AlarmDescription has at most {_LONGEST_DESCRIPTION} characters.")
    for name in _ACTIONS:
        if len(given.get(name) or ()) > _MOST_ACTIONS:
            raise ValidationError(f"{name} has at most {_MOST_ACTIONS} entries.")
    wish = {field: given[name] for name, field in _FIELDS.items() if given.get(name) is not None}
    wish |= {field: tuple(given.get(name) or ()) for name, field in _ACTIONS.items()}
    return {**wish, "name": given["AlarmName"], "tags": read_tags(given.get("Tags"))}


async def _put(call: AwsCall, wish: Mapping[str, Any]) -> None:
    project_id = call.caller.project_id
    before = await monitoring.show_alarm(call.services, project_id, wish["name"])
    if before is not None and before.composite != ("rule" in wish):
        raise ValidationError("There is an alarm of this name that is of another kind.")
    try:
        await monitoring.put_alarm(call.services, project_id, wish)
    except Refused as error:
        raise InvalidParameterValue(str(error)) from None


def _plain(call: AwsCall, given: Mapping[str, Any]) -> dict[str, Any]:
    """On one metric."""
    for name in ("MetricName", "Namespace", "Period"):
        if given.get(name) is None:
            raise MissingParameter(f"The parameter {name} is missing.")
    return {
        "series": series_of(call, given, str(given["Namespace"])),
        "statistic": _statistic(given),
        "period": int(given["Period"]),
        "unit": unit_of(given),
    }


def _computed(call: AwsCall, given: Mapping[str, Any]) -> dict[str, Any]:
    """On what is computed of several, of which one is compared."""
    if any(given.get(name) for name in _MEASURED):
        raise InvalidParameterCombination("Give Metrics or one metric, not both.")
    queries = read_queries(call, given["Metrics"])
    if sum(each.returned for each in queries) != 1:
        raise ValidationError("Exactly one of Metrics has ReturnData true.")
    periods = {each.period for each in queries if each.series is not None}
    if len(periods) != 1 or {each.period for each in queries} - periods - {0}:
        raise ValidationError("All of Metrics have the same period, and one is of a metric.")
    if len(queries) > _MOST_METRICS:
        raise ValidationError(f"An alarm has at most {_MOST_METRICS} metrics and expressions.")
    return {"queries": queries, "period": periods.pop()}


def _check(given: Mapping[str, Any], period: int) -> None:
    if given["ComparisonOperator"] not in COMPARISONS:
        raise InvalidParameterValue(
            f"ComparisonOperator must be one of {', '.join(COMPARISONS)}; bands of what is"
            " usual are not supported yet."
        )
    if given.get("TreatMissingData") not in (None, *MISSING):
        raise InvalidParameterValue(f"TreatMissingData must be one of {', '.join(MISSING)}.")
    _check_few_samples(given)
    periods = int(given["EvaluationPeriods"])
    if not may_be_judged(period):
        short = ", ".join(map(str, JUDGED_PERIODS))
        raise InvalidParameterValue(f"Period must be {short} or a multiple of 60 seconds.")
    longest = _WEEK if period >= PERIODS[0] else KEPT[FINE]
    if periods < 1 or timedelta(seconds=periods * period) > longest:
        raise ValidationError(
            "All periods together may be a week at most, or three hours where each is less than"
            " a minute."
        )
    if not 1 <= int(given.get("DatapointsToAlarm") or periods) <= periods:
        raise ValidationError("DatapointsToAlarm is at most EvaluationPeriods.")


def _check_few_samples(given: Mapping[str, Any]) -> None:
    wanted = given.get("EvaluateLowSampleCountPercentile")
    if wanted not in (None, *FEW_SAMPLES):
        raise InvalidParameterValue(
            f"EvaluateLowSampleCountPercentile must be one of {', '.join(FEW_SAMPLES)}."
        )
    if wanted and percentile_share(str(given.get("ExtendedStatistic"))) is None:
        raise InvalidParameterCombination(
            "EvaluateLowSampleCountPercentile is for an ExtendedStatistic that is a percentile."
        )


def _statistic(given: Mapping[str, Any]) -> str:
    plain, extended = given.get("Statistic"), given.get("ExtendedStatistic")
    if bool(plain) == bool(extended):
        raise InvalidParameterCombination("Give one of Statistic and ExtendedStatistic.")
    return str(plain) if plain else require_extended(str(extended))
