"""What the alarm service stores."""

import re
from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import Check, Misfit, boolean, list_of, text

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
_CRON = re.compile(r"\S+( \S+){4,6}")


def one_of(*values: str) -> Check:
    """In the service's words."""

    def check(value: Any) -> str:
        if value not in values:
            raise ValueError(f"Value should be one of: {', '.join(values)}")
        return str(value)

    return check


def _constraint(value: Any) -> dict[str, Any]:
    """When an alarm may act."""
    if not isinstance(value, dict):
        raise ValueError("It is no object.")
    for name in ("name", "start", "duration"):
        if value.get(name) is None:
            raise Misfit("Mandatory field missing.", name, None)
    start, duration = str(value["start"]), value["duration"]
    if not _CRON.fullmatch(start):
        reason = "Exactly 5, 6 or 7 columns has to be specified for iterator expression."
        raise Misfit(reason, "start", start)
    if not isinstance(duration, int) or duration < 0:
        raise Misfit("Value should be greater or equal to 0", "duration", duration)
    usual = f"Time constraint at {start} lasting for {duration} seconds"
    return {"description": usual, "timezone": "", **value}


def _actions() -> Any:
    return said(list_of(text(0, 4096)))


class Alarm(Entity, kw_only=True, eq=False):
    """`rule` is shown under the name of its type."""

    project_id: Annotated[str, said(text(), update=True)] = ""
    user_id: Annotated[str, said(text(), update=True)] = ""
    name: Annotated[str, said(text(1), required=True)]
    description: Annotated[str, said(text(0, 65535))] = ""
    type: Annotated[str, said(one_of(*TYPES), required=True)]
    rule: dict[str, Any] = {}
    enabled: Annotated[bool, said(boolean)] = True
    state: Annotated[str, said(one_of(*STATES))] = UNKNOWN
    state_reason: Annotated[str, shown()] = "Not evaluated yet"
    severity: Annotated[str, said(one_of("low", "moderate", "critical"))] = "low"
    repeat_actions: Annotated[bool, said(boolean)] = False
    alarm_actions: Annotated[list[str], _actions()] = []
    ok_actions: Annotated[list[str], _actions()] = []
    insufficient_data_actions: Annotated[list[str], _actions()] = []
    time_constraints: Annotated[list[dict[str, Any]], said(list_of(_constraint))] = []
    created_at: Annotated[float, moment(_MICROSECONDS, name="timestamp")] = 0.0
    state_at: Annotated[float, moment(_MICROSECONDS, name="state_timestamp")] = 0.0
    evaluated_at: Annotated[float | None, moment(_MICROSECONDS, name="evaluate_timestamp")] = None
    """When somebody last looked; at first when it was made."""


class Change(Entity, kw_only=True, eq=False):
    project_id: str
    user_id: str
    alarm_id: str
    type: str
    detail: dict[str, Any]
    at: float
