"""Plans as plain data: what was promised can be stored, and compared with what is planned later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm.core.values import Secret, Unknown, Value
from isotherm.kit.changes import Change, Changes
from isotherm.planning.plan import Kind, Plan, Step

# A map with just this key stands for a value that is known later; the same key in anybody's data
# gets a sign more.
_UNKNOWN = "$known after"


def plan_data(plan: Plan) -> list[dict[str, Any]]:
    """The plan as JSON-like data, in which secrets are still wrapped; ``plan_of`` undoes it."""
    return [
        {
            "step": step.key,
            "kind": step.kind.value,
            "resource": step.name,
            "type": step.type,
            "after": sorted(step.after),
            "row": step.row,
            "changes": {
                name: {"before": _plain(change.before), "after": _plain(change.after)}
                for name, change in step.changes.items()
            },
            "known_later": list(step.unknown),
            "reason": step.reason,
        }
        for step in plan
    ]


def plan_of(data: Sequence[Mapping[str, Any]]) -> Plan:
    """The plan that ``data`` was made of."""
    steps = [
        Step(
            key=each["step"],
            kind=Kind(each["kind"]),
            name=each["resource"],
            type=each["type"],
            after=frozenset(each["after"]),
            row=each["row"],
            changes=Changes(
                {
                    name: Change(_value(change["before"]), _value(change["after"]))
                    for name, change in each["changes"].items()
                }
            ),
            unknown=tuple(each["known_later"]),
            reason=each["reason"],
        )
        for each in data
    ]
    return Plan({step.key: step for step in steps})


def _plain(value: Value) -> Any:
    if isinstance(value, Unknown):
        return {_UNKNOWN: value.after}
    if isinstance(value, Secret):
        return Secret(_plain(value.reveal()))
    if isinstance(value, Mapping):
        return {f"${key}" if _is_quoted(key) else key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def _value(data: Any) -> Value:
    if isinstance(data, Secret):
        return Secret(_value(data.reveal()))
    if isinstance(data, Mapping):
        if data.keys() == {_UNKNOWN}:
            return Unknown(data[_UNKNOWN])
        return {key[1:] if _is_quoted(key) else key: _value(each) for key, each in data.items()}
    if isinstance(data, list):
        return [_value(each) for each in data]
    return data


def _is_quoted(key: object) -> bool:
    return isinstance(key, str) and key.startswith("$") and key.lstrip("$") == _UNKNOWN[1:]
