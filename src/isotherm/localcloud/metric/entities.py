"""What the metric service stores. Points are pairs of seconds since the epoch and value."""

import re
from datetime import timedelta
from typing import Annotated, Any

import msgspec

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import list_of, one_of, or_none, text

METHODS = ("std", "mean", "min", "sum", "max", "count")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SPAN = re.compile(r"(\d+(?:\.\d+)?) ?([smhdw]?)\w*")


def seconds_of(said: Any) -> float:
    """Of a number, or a text like `5 minutes` or `1h`. Raises ValueError."""
    found = _SPAN.fullmatch(str(said).strip())
    if found is None:
        raise ValueError("not a valid value")
    return float(found[1]) * _UNITS[found[2] or "s"]


def definition(value: Any) -> list[dict[str, Any]]:
    """Two of granularity, points and timespan tell the third."""
    if not isinstance(value, list):
        raise ValueError("expected a list")
    if not value:
        raise ValueError("length of value must be at least 1")
    return [_row(each) for each in value]


def _row(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict) or len(set(said) & {"granularity", "points", "timespan"}) < 2:
        raise ValueError("not a valid value")
    span = seconds_of(said["timespan"]) if "timespan" in said else None
    size = seconds_of(said["granularity"]) if "granularity" in said else None
    points = int(said.get("points") or (span or 0) // (size or 1))
    return {"granularity": size or (span or 0) / points, "points": points}


def _told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "granularity": str(timedelta(seconds=each["granularity"])),
            "points": each["points"],
            "timespan": str(timedelta(seconds=each["granularity"] * each["points"])),
        }
        for each in rows
    ]


class ArchivePolicy(Entity, kw_only=True, eq=False):
    name: Annotated[str, said(text(1), required=True, update=False)]
    definition: Annotated[list[dict[str, Any]], said(definition, required=True, render=_told)]
    aggregation_methods: Annotated[list[str], said(list_of(text(1)), update=False)] = msgspec.field(
        default_factory=lambda: list(METHODS)
    )
    back_window: Annotated[int, said(update=False)] = 0


class ArchivePolicyRule(Entity, kw_only=True, eq=False):
    """What metrics get whose names fit, where nothing is said."""

    name: Annotated[str, said(text(1), required=True)]
    metric_pattern: Annotated[str, said(text(1), required=True, update=False)]
    archive_policy_name: Annotated[str, said(text(1), required=True, update=False)]


class Metric(Entity, kw_only=True, eq=False):
    project_id: Annotated[str, shown(name="created_by_project_id")]
    user_id: Annotated[str, shown(name="created_by_user_id")]
    name: Annotated[str | None, said(or_none(text()), update=False)] = None
    unit: Annotated[str | None, said(or_none(text(0, 31)), update=False)] = None
    resource_id: Annotated[str | None, said(or_none(text()), shown=False, update=False)] = None
    archive_policy_name: Annotated[str, said(text(), shown=False, update=False)] = ""
    points: list[tuple[float, float]] = []


_USUAL: dict[str, dict[str, Any]] = {
    "string": {"max_length": 256, "min_length": 0},
    "number": {"min": None, "max": None},
}
_KINDS = ("string", "number", "uuid", "bool", "datetime")
is_kind = one_of(*_KINDS)


def attribute(said: dict[str, Any]) -> dict[str, Any]:
    """Of a type of resources, as it is told."""
    usual = {"type": said["type"], "required": True, **_USUAL.get(said["type"], {})}
    return {**usual, **said}


class ResourceType(Entity, kw_only=True, eq=False):
    name: Annotated[str, said(text(1), required=True)]
    attributes: Annotated[dict[str, dict[str, Any]], said()] = {}
    state: Annotated[str, shown()] = "active"


class MeasuredResource(Entity, kw_only=True, eq=False):
    """`attributes` are those of its type, `given` who it is said to be of, `former` what it was."""

    project_id: str
    user_id: str
    original_id: str
    type: str = "generic"
    attributes: dict[str, Any] = {}
    given: dict[str, Any] = {}
    metrics: dict[str, str] = {}
    started_at: Annotated[float, moment()]
    ended_at: float | None = None
    changed_at: float
    former: list[dict[str, Any]] = []
