"""How alarms are judged: again and again by the clock, or when something has happened."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from isotherm.localcloud.alarming.entities import ALARM, OK, UNKNOWN, Alarm
from isotherm.localcloud.alarming.state import Alarming
from isotherm.localcloud.cron import next_time
from isotherm.localcloud.service import Transitions

EVERY = 60.0
"""Seconds between two looks at an alarm."""
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
}
_STATISTICS = {"avg": "mean"}
_UNTIMED = ("event",)
Verdict = tuple[str, str, dict[str, Any]]
"""State, reason, and what led to it."""

transitions = Transitions[Alarming]()


def begin(alarming: Alarming, alarm: Alarm) -> None:
    """From now on it is looked at."""
    alarming.cancel(alarm)
    if alarm.enabled and alarm.type not in _UNTIMED:
        after = alarming.timing("alarm.evaluate", EVERY)
        alarming.schedule("alarm.evaluate", alarm, after=after)


@transitions.on("alarm.evaluate")
def evaluate(alarming: Alarming, alarm: Alarm, args: dict[str, Any]) -> None:
    begin(alarming, alarm)
    if not _is_time(alarming, alarm):
        return
    state, reason, data = judge(alarming, alarm, alarm.type, alarm.rule)
    if state:
        alarming.become(alarm, state, reason, data)


def _is_time(alarming: Alarming, alarm: Alarm) -> bool:
    return not alarm.time_constraints or any(
        _within(alarming.now(), each) for each in alarm.time_constraints
    )


def _within(now: float, constraint: dict[str, Any]) -> bool:
    zone = ZoneInfo(constraint.get("timezone") or "UTC")
    offset = datetime.fromtimestamp(now, UTC).astimezone(zone).utcoffset()
    local = now + (offset.total_seconds() if offset else 0.0)
    duration = float(constraint["duration"])
    return next_time(str(constraint["start"]), local - duration - 1) <= local


def judge(alarming: Alarming, alarm: Alarm, kind: str, rule: dict[str, Any]) -> Verdict:
    """An empty state: it stays as it is."""
    if kind == "composite":
        return _judge_composite(alarming, alarm, rule)
    if kind in ("prometheus", "loadbalancer_member_health"):
        return "", "", {}  # This cloud has nothing that could tell.
    values = _values(alarming, alarm, kind, rule)
    periods = int(rule.get("evaluation_periods") or 1)
    return _judge_values(alarm, rule, values[-periods:], periods)


def _values(alarming: Alarming, alarm: Alarm, kind: str, rule: dict[str, Any]) -> list[float]:
    metrics = alarming.frame.peers.metrics
    size = float(rule.get("granularity") or rule.get("period") or 60)
    method = str(rule.get("aggregation_method") or rule.get("statistic") or "mean")
    periods = int(rule.get("evaluation_periods") or 1)
    wish = {
        "method": _STATISTICS.get(method, method.removeprefix("rate:")),
        "granularity": size,
        "start": (alarming.now() // size - periods) * size,
    }
    match kind:
        case "gnocchi_resources_threshold":
            ids = metrics.metric_of(str(rule["resource_id"]), str(rule["metric"]))
        case "gnocchi_aggregation_by_metrics_threshold":
            ids = [str(each) for each in rule["metrics"]]
        case "gnocchi_aggregation_by_resources_threshold":
            query = json.loads(rule["query"]) if isinstance(rule["query"], str) else rule["query"]
            ids = metrics.metrics_of_all(alarm.project_id, str(rule["metric"]), query)
        case _:
            ids = metrics.metrics_of_all(alarm.project_id, str(rule["meter_name"]), _query(rule))
    try:
        return [value for _, value in metrics.measures(ids, wish)]
    except KeyError:
        return []


def _query(rule: dict[str, Any]) -> Any:
    """A list of conditions as a search says them."""
    said = rule.get("query") or []
    return (
        {"and": [{"=": {_bare(each["field"]): each.get("value")}} for each in said]}
        if said
        else None
    )


def _bare(field: str) -> str:
    return field.rpartition(".")[2]


def _judge_values(alarm: Alarm, rule: dict[str, Any], values: list[float], periods: int) -> Verdict:
    data = {
        "type": "threshold",
        "count": len(values),
        "most_recent": values[-1] if values else None,
    }
    if len(values) < periods:
        reason = f"{periods - len(values)} datapoints are unknown"
        return (UNKNOWN, reason, data) if alarm.state != UNKNOWN else ("", "", data)
    compare = COMPARISONS[str(rule.get("comparison_operator") or "eq")]
    outside = [compare(each, float(rule["threshold"])) for each in values]
    if all(outside) or not any(outside):
        state = ALARM if all(outside) else OK
    elif alarm.state == UNKNOWN:
        state = ALARM if outside[-1] else OK
    else:
        return "", "", data
    where = "outside" if state == ALARM else "inside"
    verb = "Transition to" if state != alarm.state else "Remaining as"
    reason = (
        f"{verb} {state} due to {len(values)} samples {where} threshold, most recent: {values[-1]}"
    )
    return state, reason, {**data, "disposition": where}


def _judge_composite(alarming: Alarming, alarm: Alarm, rule: dict[str, Any]) -> Verdict:
    ((operation, parts),) = rule.items()
    states = []
    for part in parts:
        kind = "composite" if set(part) <= {"and", "or"} else str(part.get("type", "threshold"))
        apart = _copy(alarm)
        states.append(judge(alarming, apart, kind, part)[0] or apart.state)
    if operation == "or":
        found = ALARM if ALARM in states else UNKNOWN if UNKNOWN in states else OK
    else:
        found = OK if OK in states else UNKNOWN if UNKNOWN in states else ALARM
    reason = f"Composite rule alarm with composition form: {f' {operation} '.join(states)}"
    return found, reason, {"type": "composite", "states": states}


def _copy(alarm: Alarm) -> Alarm:
    """A part is judged by itself, from nothing."""
    return Alarm(
        id=alarm.id, project_id=alarm.project_id, name=alarm.name, type=alarm.type, state=UNKNOWN
    )


def notice(alarming: Alarming, project_id: str, event: dict[str, Any]) -> None:
    """Something has happened: event alarms that wait for it go off. `event` has `event_type` and
    `traits`."""
    for alarm in alarming.alarms.find(project_id=project_id):
        if (
            alarm.type == "event"
            and alarm.enabled
            and _is_time(alarming, alarm)
            and _meant(alarm, event)
        ):
            if alarm.state == ALARM and not alarm.repeat_actions:
                continue
            name = event["event_type"]
            reason = f"Event <id={event.get('message_id')},event_type={name}> hits the query."
            alarming.become(alarm, ALARM, reason, {"type": "event", "event": _told(event)})


def _told(event: dict[str, Any]) -> dict[str, Any]:
    """The event as receivers get it: traits are triples of name, kind (1 for text) and value."""
    return {**event, "traits": [[k, 1, str(v)] for k, v in (event.get("traits") or {}).items()]}


class NoticingAlarming(Alarming):
    """With what other services ask."""

    def notice(self, project_id: str, event: dict[str, Any]) -> None:
        notice(self, project_id, event)


def _meant(alarm: Alarm, event: dict[str, Any]) -> bool:
    rule = alarm.rule
    if not fnmatchcase(str(event["event_type"]), str(rule.get("event_type") or "*")):
        return False
    traits = {**event, **{f"traits.{k}": v for k, v in (event.get("traits") or {}).items()}}
    return all(
        COMPARISONS[each.get("op") or "eq"](str(traits.get(each["field"])), str(each.get("value")))
        for each in rule.get("query") or ()
    )
