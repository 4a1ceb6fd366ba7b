"""What the alarm service stores."""

from typing import Annotated, Any

import msgspec

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import boolean, list_of, mapping, one_of, text

OK, ALARM, UNKNOWN = "ok", "alarm", "insufficient data"
STATES = (OK, ALARM, UNKNOWN)
TYPES = (
    "threshold",
    "event",
    "composite",
    "gnocchi_resources_threshold",
    "gnocchi_aggregation_by_metrics_threshold",
    "gnocchi_aggregation_by_resources_threshold",
    "loadbalancer_member_health",
    "prometheus",
)
_MICROSECONDS = ".000000"


def _actions() -> Any:
    return said(list_of(text(0, 4096)))


class Alarm(Entity, kw_only=True, eq=False):
    """`rule` is shown under the name of its type."""

    project_id: Annotated[str, said(text(), update=True)] = ""
    user_id: Annotated[str, said(text(), update=True)] = ""
    name: Annotated[str, said(text(1), required=True)]
    description: Annotated[str, said(text(0, 65535))] = ""
    type: Annotated[str, said(one_of(*TYPES), required=True)]
    rule: dict[str, Any] = msgspec.field(default_factory=dict)
    enabled: Annotated[bool, said(boolean)] = True
    state: Annotated[str, said(one_of(*STATES))] = UNKNOWN
    state_reason: Annotated[str, shown()] = "Not evaluated yet"
    severity: Annotated[str, said(one_of("low", "moderate", "critical"))] = "low"
    repeat_actions: Annotated[bool, said(boolean)] = False
    alarm_actions: Annotated[list[str], _actions()] = msgspec.field(default_factory=list)
    ok_actions: Annotated[list[str], _actions()] = msgspec.field(default_factory=list)
    insufficient_data_actions: Annotated[list[str], _actions()] = msgspec.field(
        default_factory=list
    )
    time_constraints: Annotated[list[dict[str, Any]], said(list_of(mapping(lambda each: each)))] = (
        msgspec.field(default_factory=list)
    )
    created_at: Annotated[float, moment(_MICROSECONDS, name="timestamp")] = 0.0
    state_at: Annotated[float, moment(_MICROSECONDS, name="state_timestamp")] = 0.0
    evaluated_at: Annotated[float | None, moment(_MICROSECONDS, name="evaluate_timestamp")] = None


class Change(Entity, kw_only=True, eq=False):
    project_id: str
    user_id: str
    alarm_id: str
    type: str
    detail: dict[str, Any]
    at: float
