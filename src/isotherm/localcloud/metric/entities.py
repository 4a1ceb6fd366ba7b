"""What the metric service stores. Points are pairs of seconds since the epoch and value."""

from typing import Annotated, Any

import msgspec

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import list_of, or_none, shape, text

_DEFINITION = shape({"granularity": lambda v: v, "points": lambda v: v, "timespan": lambda v: v})
METHODS = ("mean", "min", "max", "sum", "std", "count", "median", "first", "last", "95pct")


class ArchivePolicy(Entity, kw_only=True, eq=False):
    name: Annotated[str, said(text(1), required=True, update=False)]
    definition: Annotated[list[dict[str, Any]], said(list_of(_DEFINITION, least=1), required=True)]
    aggregation_methods: Annotated[list[str], said(list_of(text(1)), update=False)] = msgspec.field(
        default_factory=lambda: list(METHODS)
    )
    back_window: Annotated[int, said(update=False)] = 0


class Metric(Entity, kw_only=True, eq=False):
    project_id: Annotated[str, shown(name="created_by_project_id")]
    user_id: Annotated[str, shown(name="created_by_user_id")]
    name: Annotated[str | None, said(or_none(text()), update=False)] = None
    unit: Annotated[str | None, said(or_none(text(0, 31)), update=False)] = None
    resource_id: Annotated[str | None, said(or_none(text()), update=False)] = None
    archive_policy_name: Annotated[str, said(text(), update=False)] = "low"
    points: list[tuple[float, float]] = []


class MeasuredResource(Entity, kw_only=True, eq=False):
    """`attributes` are those of its type."""

    project_id: str
    user_id: str
    type: str = "generic"
    attributes: dict[str, Any] = {}
    metrics: dict[str, str] = {}
    started_at: Annotated[float, moment()]
