"""How alarms are judged: by rules without any effect, of what is known of metrics and of others."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from isotherm.kit.alarm_rules import parse_rule
from isotherm.kit.maths_syntax import MathsError
from isotherm.kit.measures import Point, percentile_share, span_of
from isotherm.kit.metric_maths import Maths
from isotherm.kit.metric_queries import Line, lines_of
from isotherm.kit.watches import COMPARISONS, State, Watch

_LATE = 3
"""Periods more that are looked at where values are missing."""
_SAMPLES_BEYOND = 10
"""So many values must lie beyond a percentile, or it tells nothing: a thousand for p99."""


class Verdict(Struct, frozen=True, kw_only=True):
    """What an alarm is to be; ``reason`` for people, ``data`` for programs."""

    state: State
    reason: str
    data: str = ""


def window_of(watch: Watch, now: datetime) -> tuple[datetime, datetime]:
    """Begin and end of what is looked at: whole periods, some more than are needed."""
    end = span_of(now, watch.period)
    spans = watch.evaluation_periods + _LATE
    return end - timedelta(seconds=spans * watch.period), end


def values_of(watch: Watch, points: Mapping[str, list[Point]], now: datetime) -> Line:
    """What is compared with the threshold, by the beginning of its period; ``points`` are those
    of its window, by series. Nothing where it cannot be computed."""
    queries = watch.measured
    lines = lines_of(queries, points)
    wanted = next((each.id for each in queries if each.returned), "")
    try:
        found = Maths(queries, lines, window_of(watch, now)).answer(wanted)
    except MathsError:
        return {}
    return found[0] if len(found) == 1 else {}


def judge(watch: Watch, points: Mapping[str, list[Point]], now: datetime) -> Verdict:
    """What the alarm is to be, and why; ``points`` are as in ``values_of``."""
    if _are_too_few(watch, points, now):
        return _unchanged(watch)
    return judge_values(watch, values_of(watch, points, now), now)


def judge_values(watch: Watch, values: Line, now: datetime) -> Verdict:
    """By the ``values`` of whole periods in its window. What came a little earlier stands for what
    is missing."""
    start, end = window_of(watch, now)
    known = {at: values[at] for at in sorted(values) if start <= at < end}
    latest = dict(list(known.items())[-watch.evaluation_periods :])
    state, reason = _verdict(watch, list(latest.values())) if latest else _without_data(watch)
    return Verdict(state=state, reason=reason, data=_told_of_values(watch, latest, now))


def judge_rule(watch: Watch, others: Mapping[str, Watch]) -> Verdict:
    """The same for an alarm about others; what is not there counts as without data."""
    rule = parse_rule(watch.rule)
    holds = rule.holds(
        lambda name: (others[name].state if name in others else State.INSUFFICIENT_DATA).value
    )
    state = State.ALARM if holds else State.OK
    if state is watch.state:
        return _unchanged(watch)
    return Verdict(
        state=state,
        reason=f"The rule is {'true' if holds else 'false'}: {watch.rule}"[:1000],
        data=_told_of_others(others[name] for name in sorted(rule.names) if name in others),
    )


def _unchanged(watch: Watch) -> Verdict:
    return Verdict(state=watch.state, reason=watch.reason, data=watch.reason_data)


def _are_too_few(watch: Watch, points: Mapping[str, list[Point]], now: datetime) -> bool:
    """Whether too few values make up a percentile that is compared, for an alarm that does not
    judge by such."""
    share = percentile_share(watch.statistic)
    if watch.few_samples != "ignore" or share is None or watch.series is None:
        return False
    (query,) = watch.measured
    counts = lines_of((replace(query, statistic="SampleCount"),), points)[query.id]
    start, end = window_of(watch, now)
    known = [counts[at] for at in sorted(counts) if start <= at < end]
    tail = min(share, 1 - share)
    needed = _SAMPLES_BEYOND / tail if tail else math.inf
    # A tenth of a value more or less is none.
    return any(count < needed - 0.1 for count in known[-watch.evaluation_periods :])


def _without_data(watch: Watch) -> tuple[State, str]:
    match watch.missing:
        case "breaching":
            state = State.ALARM
        case "notBreaching":
            state = State.OK
        case "ignore":
            return watch.state, watch.reason
        case _:
            state = State.INSUFFICIENT_DATA
    periods = watch.evaluation_periods
    return state, f"Insufficient Data: {periods} datapoints were unknown ({watch.missing})."


def _verdict(watch: Watch, values: Sequence[float]) -> tuple[State, str]:
    compare = COMPARISONS[watch.comparison]
    outside = sum(compare(value, watch.threshold) for value in values)
    lacking = watch.evaluation_periods - len(values)
    reason = _reason(watch, values, outside)
    if outside + (lacking if watch.missing == "breaching" else 0) >= watch.datapoints:
        return State.ALARM, reason
    # All that is known lies outside, and the rest is not known.
    if lacking and outside == len(values):
        if watch.missing == "missing":
            return State.ALARM, reason
        if watch.missing == "ignore":
            return watch.state, watch.reason
    return State.OK, reason


def _reason(watch: Watch, values: Sequence[float], outside: int) -> str:
    shown = ", ".join(f"{value:g}" for value in values)
    return (
        f"Threshold Crossed: {outside} out of the last {len(values)} datapoints [{shown}] "
        f"{'was' if outside == 1 else 'were'} {_WORDS[watch.comparison]} the threshold "
        f"({watch.threshold:g}) (minimum {watch.datapoints} for OK -> ALARM transition)."
    )


_WORDS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}


def _told_of_values(watch: Watch, values: Line, now: datetime) -> str:
    """In the form that listeners to CloudWatch know."""
    told: dict[str, Any] = {"version": "1.0", "queryDate": _time(now)}
    if values:
        told["startDate"] = _time(min(values))
    if watch.series is not None:
        told["statistic"] = watch.statistic
    if watch.unit:
        told["unit"] = watch.unit
    told |= {
        "period": watch.period,
        "recentDatapoints": list(values.values()),
        "threshold": watch.threshold,
        "evaluatedDatapoints": [
            {"timestamp": _time(at), "value": value} for at, value in values.items()
        ],
    }
    return json.dumps(told)


def _told_of_others(others: Iterable[Watch]) -> str:
    triggering = [
        {
            "arn": each.arn,
            "state": {"value": each.state.value, "timestamp": _time(each.state_at)},
        }
        for each in others
    ]
    return json.dumps({"triggeringAlarms": triggering})


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+0000"
