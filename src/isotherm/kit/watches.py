"""Alarms that are judged here: what they watch, and what becomes of them. How they are judged is
told by ``kit.judging``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from isotherm.core.errors import Refused
from isotherm.kit.measures import Series
from isotherm.kit.metric_queries import Query

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
MISSING = ("breaching", "notBreaching", "ignore", "missing")
FEW_SAMPLES = ("evaluate", "ignore")
"""What a percentile of few values is worth."""


class State(StrEnum):
    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Hold(StrEnum):
    """What holds the actions of an alarm back, in the words of AWS."""

    NOTHING = ""
    WAIT = "WaitPeriod"
    ALARM = "Alarm"
    EXTENSION = "ExtensionPeriod"


class Watch(Struct, frozen=True, kw_only=True):
    """An alarm: on one metric (``series``, ``statistic``, ``period``, ``unit``), on what is
    computed of several (``queries``, all of one period), or on other alarms (``rule``).

    ``acted_at`` is when its actions were last asked for. ``version`` grows with each change, so
    that two who judge it at once cannot both change it.

    While the alarm ``suppressor`` goes off no actions are taken: see ``kit.suppression``.
    ``acted_state`` is the state that was acted upon last, where there is a suppressor.
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
    few_samples: str = "evaluate"
    description: str = ""
    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    insufficient_actions: tuple[str, ...] = ()
    suppressor: str = ""
    suppressor_wait: int = 0
    suppressor_extension: int = 0
    hold: Hold = Hold.NOTHING
    held_since: datetime | None = None
    acted_state: State = State.INSUFFICIENT_DATA
    tags: dict[str, str] = {}
    owner: str = ""
    """The resource of a stack that it is, where its name is not the resource's own."""
    state: State = State.INSUFFICIENT_DATA
    reason: str = "Unchecked: Initial alarm creation"
    reason_data: str = ""
    """The reason for programs, as JSON; empty where there is none."""
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
        """Make the alarm of this name, or change it. Raises Refused where the ``owner`` that is
        wished is not that of the alarm."""
        ...

    async def show(self, name: str) -> Mapping[str, Any] | None: ...

    async def remove(self, name: str, *, owner: str = "") -> None:
        """Fine where there is none, or it is another's."""
        ...


class NoWatches:
    """Where the stack is only looked at, and nobody can tell of its alarms."""

    async def put(self, name: str, wish: Mapping[str, Any]) -> None:
        raise Refused("There are no alarms here.")

    async def show(self, name: str) -> Mapping[str, Any] | None:
        return {}

    async def remove(self, name: str, *, owner: str = "") -> None:
        raise Refused("There are no alarms here.")
