"""The stack behind a group, written from the definitions of its members, and read again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from isotherm.core.schema import Blueprint
from isotherm.core.values import Secret, Unknown, Value, has_marker, reveal
from isotherm.template import INSIDE

EVERY = f"{INSIDE}*."
"""``resource.*.X`` is how the attribute ``X`` of every member is recorded, by their names."""

REFERENCES = "refs_map"
"""The output with the references of all members, by their names."""

_VERSION = "2015-04-30"
_ATTRIBUTE = "attributes."
_HIDDEN = "hidden."


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the stack's template has it.

    What must not be shown, or is not known yet, reaches its place in ``resource`` by a hidden
    parameter; ``hidden`` are the values of these.
    """

    resource: Mapping[str, Any]
    hidden: Mapping[str, Value]


def write_member(
    name: str,
    type_name: str | Secret,
    properties: Mapping[str, Value] | Secret,
    *,
    metadata: Value = None,
    after: str = "",
) -> Member:
    """``after`` is the member that must come first; properties that are null are not given."""
    hidden: dict[str, Value] = {}
    resource: dict[str, Any] = {"type": reveal(type_name)}
    given = {key: value for key, value in opened(properties).items() if value is not None}
    for key, value in (("properties", given), ("metadata", metadata)):
        if value:
            resource[key] = _hide(value, f"{_HIDDEN}{name}.{key}", hidden)
    if after:
        resource["depends_on"] = after
    return Member(resource, hidden)


def opened(value: Any) -> Mapping[str, Value]:
    """A map; of one that is secret, the values are."""
    if isinstance(value, Secret):
        return {key: Secret(each) for key, each in opened(value.reveal()).items()}
    return cast(Mapping[str, Value], value)


def has_form(value: Value) -> bool:
    """Whether enough is known of what members are made of to write them down: not what their
    properties are, but their type, that there are properties, and the items of a list."""
    plain = value.reveal() if isinstance(value, Secret) else value
    if isinstance(plain, Mapping):
        plain = [plain.get("type"), plain.get("properties")]
    parts = plain if isinstance(plain, list) else [plain]
    return not any(isinstance(each, Unknown) for each in parts)


def attribute_output(attribute: str) -> str:
    """The output with an attribute of all members, by their names."""
    return f"{_ATTRIBUTE}{attribute}"


def write_stack(members: Mapping[str, Member], attributes: Collection[str]) -> Blueprint:
    """A stack of the members, with outputs for those of their ``attributes`` that are read."""
    references = {name: {"get_resource": name} for name in members}
    outputs: dict[str, Any] = {REFERENCES: {"value": references}}
    for attribute in sorted(attributes):
        values = {name: {"get_attr": [name, attribute]} for name in members}
        outputs[attribute_output(attribute)] = {"value": values}
    hidden = {key: value for each in members.values() for key, value in each.hidden.items()}
    parameters = {
        name: {"type": _parameter_type(value), "hidden": True} for name, value in hidden.items()
    }
    template = {
        "heat_template_version": _VERSION,
        **({"parameters": parameters} if parameters else {}),
        "resources": {name: each.resource for name, each in members.items()},
        "outputs": outputs,
    }
    return Blueprint(json.dumps(template), hidden)


def read_members(blueprint: Blueprint) -> dict[str, Member]:
    """The members of a stack that ``write_stack`` has written."""
    resources: dict[str, Any] = json.loads(blueprint.template).get("resources") or {}
    return {
        name: Member(
            resource,
            {
                key: value
                for key, value in blueprint.parameters.items()
                if key.startswith(f"{_HIDDEN}{name}.")
            },
        )
        for name, resource in resources.items()
    }


def _hide(value: Value, place: str, hidden: dict[str, Value]) -> Value:
    if not has_marker(value):
        return value
    if isinstance(value, Secret | Unknown):
        hidden[place] = value
        return {"get_param": place}
    if isinstance(value, dict):
        return {key: _hide(each, f"{place}.{key}", hidden) for key, each in value.items()}
    return [_hide(each, f"{place}.{index}", hidden) for index, each in enumerate(value)]


def _parameter_type(value: Value) -> str:
    plain = value.reveal() if isinstance(value, Secret) else value
    return "json" if isinstance(plain, dict | list) else "string"


def collected(reads: Collection[str]) -> set[str]:
    """The members' attributes among those that are read of a group."""
    return {each.removeprefix(EVERY) for each in reads if each.startswith(EVERY)}
