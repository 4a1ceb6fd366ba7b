"""Compares recorded with desired properties of one resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from isotherm.core.values import Value, first_unknown, reveal
from isotherm.kit.changes import Change, Changes
from isotherm.kit.resource_type import AnyType
from isotherm.planning.recorded import Recorded


class Verdict(Enum):
    SAME = "same"
    UPDATE = "update"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``unknown`` are the properties that could not be compared yet."""

    verdict: Verdict
    changes: Changes = field(default_factory=Changes)
    unknown: tuple[str, ...] = ()
    reason: str = ""


def compare(
    resource_type: AnyType,
    recorded: Mapping[str, Value],
    desired: Mapping[str, Value],
    applying: Mapping[str, Value] | None = None,
) -> Comparison:
    """What has to happen so that ``recorded`` becomes ``desired``; both are coerced values.

    ``applying`` is what an unfinished update was on its way to: a property that it may
    have changed counts as changed unless both sides agree with it.
    """
    schema = resource_type.Properties.schema
    changed: dict[str, Change] = {}
    unknown: list[str] = []
    for name in schema:
        before, after = recorded.get(name), desired.get(name)
        if first_unknown(after):
            unknown.append(name)
        elif differs(before, after) or (
            applying is not None and differs(applying.get(name), after)
        ):
            changed[name] = Change(before, after)
    changes = Changes(changed)
    fixed = [name for name in changed if not schema[name].update_allowed]
    if fixed:
        reason = f"{', '.join(fixed)} cannot be changed in place"
        return Comparison(Verdict.REPLACE, changes, tuple(unknown), reason)
    if changed and not unknown and _type_replaces(resource_type, changes, recorded, desired):
        return Comparison(Verdict.REPLACE, changes, (), "this change cannot be made in place")
    return Comparison(Verdict.UPDATE if changed else Verdict.SAME, changes, tuple(unknown))


def differs(before: Value, after: Value) -> bool:
    """Whether two values are different, be they secret or not."""
    return before != after and bool(reveal(before) != reveal(after))


def sealed_otherwise(
    recorded: Recorded, properties: Mapping[str, Value], metadata: Mapping[str, Value]
) -> bool:
    """Whether what is wanted of a row that stays as it is differs in what is secret of it."""
    same = dict(recorded.properties) == dict(properties)
    return not recorded.external and not (same and dict(recorded.metadata) == dict(metadata))


def _type_replaces(
    resource_type: AnyType,
    changes: Changes,
    recorded: Mapping[str, Value],
    desired: Mapping[str, Value],
) -> bool:
    group = resource_type.Properties
    return resource_type.replaces(changes, group.of(reveal(recorded)), group.of(reveal(desired)))


def immutable_changes(resource_type: AnyType, changes: Changes) -> list[str]:
    """Changed properties that the type declares immutable: such an update is refused."""
    schema = resource_type.Properties.schema
    return [name for name in changes if schema[name].immutable]
