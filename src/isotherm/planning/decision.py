"""What becomes of one desired resource, given its recorded row.

The planner and the executor ask the same function: the planner with what is known
beforehand, the executor with everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from isotherm.core.states import Action, Status
from isotherm.core.values import Value, first_unknown
from isotherm.kit.changes import NO_CHANGES, Changes
from isotherm.kit.resource_type import AnyType
from isotherm.planning.diff import Verdict, compare, differs
from isotherm.planning.plan import Kind
from isotherm.planning.recorded import Recorded
from isotherm.template import is_template


@dataclass(frozen=True, slots=True)
class Want:
    """The desired side of one resource: coerced properties (Unknown inside) and the rest.

    ``renewed_in``: the traversal in which an object must have been made whose type ``renews``;
    None where the stack returns to what it was. ``by_operator`` are the properties that the
    template leaves to the operator's defaults.
    """

    name: str
    type: str
    properties: Mapping[str, Value]
    metadata: Mapping[str, Value] = field(default_factory=dict)
    external_id: str | None = None
    renewed_in: int | None = 0
    by_operator: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    kind: Kind
    changes: Changes = NO_CHANGES
    unknown: tuple[str, ...] = ()
    reason: str = ""


ABORTED = "Aborted"
"""The kind of a failure that nobody has waited for the end of."""
NO_ANSWER = frozenset(
    {
        ABORTED,
        "ConnectFailure",
        "Forbidden",
        "InternalServerError",
        "OverLimit",
        "RateLimit",
        "ServiceUnavailable",
        "Timeout",
        "Unauthorized",
    }
)
"""Kinds of failures in which a check has found out nothing about its object: it may be sound."""

_BROKEN = {
    (Action.CREATE, Status.FAILED): "it could not be created before",
    (Action.INIT, Status.FAILED): "it could not be created before",
    (Action.ADOPT, Status.FAILED): "it could not be adopted before",
    (Action.CHECK, Status.FAILED): "a check found it broken",
    (Action.DELETE, Status.FAILED): "its removal was begun",
    (Action.DELETE, Status.IN_PROGRESS): "its removal was begun",
    (Action.DELETE, Status.COMPLETE): "it was removed",
}


def decide(resource_type: AnyType, row: Recorded | None, want: Want) -> Decision:
    """What the step for one name has to do; see ``Kind``."""
    if row is None or (row.action is Action.INIT and row.status is Status.COMPLETE):
        return Decision(Kind.CREATE)
    if external_id_changes(row, want):
        return Decision(Kind.UPDATE, reason="external_id cannot be changed")
    if reason := _unfit(resource_type, row, want):
        return Decision(Kind.REPLACE, reason=reason)
    if row.action in (Action.CREATE, Action.ADOPT) and row.status is Status.IN_PROGRESS:
        return Decision(Kind.FINISH, reason="its creation was begun before")
    if row.external and want.external_id:
        return Decision(Kind.KEEP)
    return _by_properties(resource_type, row, want)


def external_id_changes(row: Recorded, want: Want) -> bool:
    """Whether a resource that stands for one object is to stand for another one of which
    somebody else is the owner, or for none of these any more: neither is ever done."""
    if want.external_id is None and not row.external:
        return False
    state = (row.action, row.status)
    if row.type != want.type or row.status is Status.IN_PROGRESS or state in _BROKEN:
        return False
    return (row.physical_id if row.external else None) != want.external_id


def _is_marked(row: Recorded) -> bool:
    """Whether it is broken because a user says so: a check keeps what it has found."""
    return (row.action, row.status) == (Action.CHECK, Status.FAILED) and row.failure is None


def _unfit(resource_type: AnyType, row: Recorded, want: Want) -> str:
    """Why the row's object cannot be what is wanted, whatever its properties are."""
    if row.type != want.type and not _goes_on(resource_type, row.type):
        return f"the type was {row.type}"
    if _is_marked(row):
        return "a user has marked it as unhealthy"
    if resource_type.mends and row.physical_id and row.action is not Action.DELETE:
        return ""
    if row.action is Action.CHECK and row.failure and row.failure.kind in NO_ANSWER:
        return ""
    return _BROKEN.get((row.action, row.status), "")


def _goes_on(resource_type: AnyType, before: str) -> bool:
    """Whether an object of the type before is one of this type, too."""
    return before in resource_type.formerly or (resource_type.nests and is_template(before))


def _by_properties(resource_type: AnyType, row: Recorded, want: Want) -> Decision:
    found = compare(resource_type, row.properties, want.properties, row.applying)
    if resource_type.renews and row.traversal < (want.renewed_in or 0):
        return Decision(Kind.REPLACE, found.changes, found.unknown, "every update makes it anew")
    if resource_type.nests and not found.unknown:
        # Its template, its files or what is inside may have changed.
        return Decision(Kind.UPDATE, found.changes)
    if found.verdict is Verdict.REPLACE:
        return Decision(Kind.REPLACE, found.changes, found.unknown, found.reason)
    if row.status is not Status.COMPLETE:
        return Decision(
            Kind.UNDECIDED, found.changes, found.unknown, f"{row.action} ended as {row.status}"
        )
    if found.unknown or first_unknown(want.metadata):
        return Decision(Kind.UNDECIDED, found.changes, found.unknown)
    if found.verdict is Verdict.UPDATE or differs(row.metadata, want.metadata):
        return Decision(Kind.UPDATE, found.changes)
    return Decision(Kind.KEEP)
