"""Alarms that are judged here: what they watch, and what becomes of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from isotherm.core.errors import Refused
from isotherm.kit.measures import Series, Sum, span_of

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
    """An alarm. ``statistic`` may be a percentile (``p95``); an empty ``unit`` stands for all.

    ``version`` grows with each change, so that two who judge it at once cannot both change it.
    """

    id: str
    project_id: str
    name: str
    series: Series
    statistic: str
    period: int
    threshold: float
    comparison: str
    evaluation_periods: int = 1
    datapoints: int = 1
    missing: str = "missing"
    unit: str = ""
    description: str = ""
    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    insufficient_actions: tuple[str, ...] = ()
    state: State = State.INSUFFICIENT_DATA
    reason: str = "Unchecked: Initial alarm creation"
    state_at: datetime
    updated_at: datetime
    look_at: datetime
    version: int = 1

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


def judge(watch: Watch, sums: Mapping[datetime, Sum], now: datetime) -> tuple[State, str]:
    """What the alarm is to be, and why; ``sums`` are those of whole periods in its window."""
    start, _ = window_of(watch, now)
    spans = [
        start + timedelta(seconds=at * watch.period)
        for at in range(watch.evaluation_periods + _LATE)
    ]
    known = [(at, _value(watch, sums.get(at))) for at in spans]
    wanted = known[-watch.evaluation_periods :]
    present = [value for _, value in wanted if value is not None]
    if not present and not any(value is not None for _, value in known):
        return _without_data(watch)
    late = [value for _, value in known if value is not None][-watch.evaluation_periods :]
    values = present if len(present) >= watch.datapoints else late
    lacking = max(watch.evaluation_periods - len(values), 0)
    return _verdict(watch, values, lacking)


def _value(watch: Watch, found: Sum | None) -> float | None:
    return None if found is None else found.statistic(watch.statistic)


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


def _verdict(watch: Watch, values: Sequence[float], lacking: int) -> tuple[State, str]:
    compare = COMPARISONS[watch.comparison]
    outside = sum(compare(value, watch.threshold) for value in values)
    if watch.missing == "breaching":
        outside += lacking
    count, shown = len(values), ", ".join(f"{value:g}" for value in values)
    reason = (
        f"Threshold Crossed: {outside} out of the last {max(count, 1)} datapoints [{shown}] "
        f"{'was' if outside == 1 else 'were'} {_WORDS[watch.comparison]} the threshold "
        f"({watch.threshold:g}) (minimum {watch.datapoints} for OK -> ALARM transition)."
    )
    if outside >= watch.datapoints:
        return State.ALARM, reason
    if lacking and watch.missing == "ignore" and outside + lacking >= watch.datapoints:
        return watch.state, watch.reason
    return State.OK, reason


_WORDS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
