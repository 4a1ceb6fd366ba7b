"""Alarms that are judged here: what they watch, and what becomes of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from isotherm.core.errors import Refused
from isotherm.kit.alarm_rules import parse_rule
from isotherm.kit.maths_syntax import MathsError
from isotherm.kit.measures import Point, Series, span_of
from isotherm.kit.metric_maths import Maths
from isotherm.kit.metric_queries import Line, Query, lines_of

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
MISSING = ("breaching", "notBreaching", "ignore", "missing")
_LATE = 3
"""Periods more that are looked at where values are missing."""


class State(StrEnum):
    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Watch(Struct, frozen=True, kw_only=True):
    """An alarm: on one metric (``series``, ``statistic``, ``period``, ``unit``), on what is
    computed of several (``queries``, all of one period), or on other alarms (``rule``).

    ``acted_at`` is when its actions were last asked for. ``version`` grows with each change, so
    that two who judge it at once cannot both change it.
    """

    id: str
    project_id: str
    name: str
    series: Series | None = None
    statistic: str = ""
    period: int = 0
    unit: str = ""
    queries: tuple[Query, ...] = ()
    rule: str = ""
    threshold: float = 0.0
    comparison: str = ""
    evaluation_periods: int = 1
    datapoints: int = 1
    missing: str = "missing"
    description: str = ""
    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    insufficient_actions: tuple[str, ...] = ()
    tags: dict[str, str] = {}
    state: State = State.INSUFFICIENT_DATA
    reason: str = "Unchecked: Initial alarm creation"
    state_at: datetime
    acted_at: datetime | None = None
    updated_at: datetime
    look_at: datetime
    version: int = 1

    @property
    def composite(self) -> bool:
        return bool(self.rule)

    @property
    def measured(self) -> tuple[Query, ...]:
        """What has to be known of metrics to judge it."""
        if self.series is None:
            return self.queries
        return (
            Query(
                id="m",
                series=self.series,
                statistic=self.statistic,
                period=self.period,
                unit=self.unit,
            ),
        )

    def actions(self, state: State) -> tuple[str, ...]:
        if not self.actions_enabled:
            return ()
        if state is State.ALARM:
            return self.alarm_actions
        return self.ok_actions if state is State.OK else self.insufficient_actions

    @property
    def arn(self) -> str:
        return f"arn:openstack:cloudwatch::{self.project_id}:alarm:{self.name}"


class Watches(Protocol):
    """Alarms of a stack's project, as resource types make them. Raises RemoteError."""

    async def put(self, name: str, wish: Mapping[str, Any]) -> None:
        """Make the alarm of this name, or change it."""
        ...

    async def show(self, name: str) -> Mapping[str, Any] | None: ...

    async def remove(self, name: str) -> None:
        """Fine where there is none."""
        ...


class NoWatches:
    """Where the stack is only looked at, and nobody can tell of its alarms."""

    async def put(self, name: str, wish: Mapping[str, Any]) -> None:
        raise Refused("There are no alarms here.")

    async def show(self, name: str) -> Mapping[str, Any] | None:
        return {}

    async def remove(self, name: str) -> None:
        raise Refused("There are no alarms here.")


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


def judge(watch: Watch, values: Line, now: datetime) -> tuple[State, str]:
    """What the alarm is to be, and why; ``values`` are those of whole periods in its window. What
    came a little earlier stands for what is missing."""
    start, end = window_of(watch, now)
    known = [values[at] for at in sorted(values) if start <= at < end]
    if not known:
        return _without_data(watch)
    return _verdict(watch, known[-watch.evaluation_periods :])


def judge_rule(watch: Watch, states: Mapping[str, State]) -> tuple[State, str]:
    """The same for an alarm about others; what is not there counts as without data."""
    holds = parse_rule(watch.rule).holds(
        lambda name: states.get(name, State.INSUFFICIENT_DATA).value
    )
    state = State.ALARM if holds else State.OK
    if state is watch.state:
        return state, watch.reason
    return state, f"The rule is {'true' if holds else 'false'}: {watch.rule}"[:1000]


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
