"""Types of resources: which attributes they have."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Kind, Ties, Wish
from isotherm.localcloud.metric.dialect import DIALECT, misplaced
from isotherm.localcloud.metric.entities import ResourceType, attribute, is_kind
from isotherm.localcloud.metric.state import Metrics

GENERAL = ("id", "metrics", "user_id", "project_id", "started_at", "ended_at")


def by_name(metrics: Metrics, caller: Caller, name: str) -> ResourceType | None:
    return next(iter(metrics.types.find(name=name)), None)


def create(metrics: Metrics, call: Call, wish: Wish) -> ResourceType:
    attributes = {}
    for name, said in (wish.get("attributes") or {}).items():
        try:
            is_kind(said.get("type"))
        except ValueError:
            reason = "not a valid value for dictionary value"
            raise misplaced(reason, "attributes", name, "type") from None
        attributes[name] = attribute(said)
    return TYPES.add(metrics, call.caller, {**wish, "attributes": attributes}, id=wish["name"])


TYPES = Kind[Metrics, ResourceType](
    dialect=DIALECT,
    name="resource_type",
    path="/resource_type",
    entity=ResourceType,
    also={"id": None},
    verbs=("create", "list", "show", "delete"),
    admins=dict.fromkeys(("create", "delete"), "resource types"),
    find_as=by_name,
    ties=Ties(
        users={"resource": "type"},
        used=lambda kind: Fault(400, f"Resource type {kind.name} is still in use"),
        unique=("name",),
        taken=lambda kind: Fault(409, f"Resource type {kind.name} already exists"),
    ),
    create=create,
)


def checked(kind: ResourceType, said: dict[str, Any], *, new: bool) -> dict[str, Any]:
    """The attributes of a resource as they are to be. Raises Fault 400."""
    for name in said:
        if name not in (*GENERAL, *kind.attributes):
            raise misplaced("extra keys not allowed", name)
    if not new:
        return {name: said[name] for name in kind.attributes if name in said}
    for name in ("id", *(n for n, each in kind.attributes.items() if each["required"])):
        if name not in said:
            raise misplaced("required key not provided", name)
    return {name: said.get(name) for name in kind.attributes}
