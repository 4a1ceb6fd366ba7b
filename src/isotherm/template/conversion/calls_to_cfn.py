"""Functions of HOT in the words of the AWS format."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from isotherm.template.conversion.rewriter import Call, CannotSay, Rule
from isotherm.template.functions.attributes import INSIDE
from isotherm.template.parameters import ParameterType

_PSEUDO = {"OS::stack_name": "AWS::StackName", "OS::project_id": "AWS::AccountId"}
_MANY = 1_000_000
_GROUPS = frozenset(
    {"OS::Heat::AutoScalingGroup", "OS::Heat::ResourceChain", "OS::Heat::ResourceGroup"}
)
"""Types that give an attribute of all their members, each followed by the same path."""
_FACADE = {
    "metadata": "Metadata",
    "deletion_policy": "DeletionPolicy",
    "update_policy": "UpdatePolicy",
}


def _same(call: Call) -> Any:
    """What early versions of HOT took over from the AWS format."""
    return {call.name: call.value()}


def _get_param(call: Call) -> Any:
    steps = call.argument if isinstance(call.argument, list) else [call.argument]
    if not steps or not isinstance(steps[0], str):
        raise CannotSay("the name of a parameter cannot be computed in the AWS format")
    name = steps[0]
    if name.startswith("OS::") and name not in _PSEUDO:
        raise CannotSay(f"{name} has no counterpart in the AWS format")
    return _selected(call, {"Ref": _PSEUDO.get(name, name)}, 1)


def _selected(call: Call, found: Any, first: int) -> Any:
    """``found``, and the steps of the argument from ``first`` on into it."""
    steps = call.argument[first:] if isinstance(call.argument, list) else []
    for index in range(first, first + len(steps)):
        found = {"Fn::Select": [call.value(index), found]}
    return found


def _get_resource(call: Call) -> Any:
    if not isinstance(call.argument, str):
        raise CannotSay("the name of a resource cannot be computed in the AWS format")
    return {"Ref": call.argument}


def _get_attr(call: Call) -> Any:
    argument = call.argument
    if not isinstance(argument, list) or len(argument) < 2:
        raise CannotSay("the AWS format cannot ask for all attributes", "name one attribute")
    if not all(isinstance(each, str) for each in argument[:2]):
        raise CannotSay("resource and attribute cannot be computed in the AWS format")
    resource, attribute, *steps = argument
    if steps and _is_group(call, resource):
        raise CannotSay("the AWS format cannot look into the attributes of a group's members")
    inside = attribute.startswith(INSIDE) and "." not in attribute.removeprefix(INSIDE)
    if inside and steps and isinstance(steps[0], str):
        return _selected(call, {"Fn::GetAtt": [resource, f"{attribute}.{steps[0]}"]}, 3)
    return _selected(call, {"Fn::GetAtt": [resource, attribute]}, 2)


def _is_group(call: Call, resource: str) -> bool:
    declared = call.template.resources.get(resource)
    return declared is not None and declared.type in _GROUPS


def _may_be_text(call: Call, value: Any) -> bool:
    """HOT makes JSON of maps and lists that are put into a text, the AWS format does not."""
    if not isinstance(value, dict):
        return not isinstance(value, list)
    name = value.get("get_param")
    declared = call.template.parameters.get(name) if isinstance(name, str) else None
    texts = declared is None or declared.type not in (ParameterType.JSON, ParameterType.LIST)
    return len(value) == 1 and texts


def _list_join(call: Call) -> Any:
    """Several lists become one, if all of them are written out."""
    lists = call.items(2, _MANY)[1:]
    written = all(isinstance(each, list) for each in lists)
    if not written and len(lists) > 1:
        raise CannotSay("Fn::Join takes one list only")
    for place, items in enumerate(lists, 1):
        for index, item in enumerate(items if written else ()):
            if not _may_be_text(call, item):
                raise CannotSay("Fn::Join takes texts only", steps=(place, index))
    joined = [call.value(place) for place in range(1, len(lists) + 1)]
    return {"Fn::Join": [call.value(0), list(chain(*joined)) if written else joined[0]]}


def _str_replace(call: Call) -> Any:
    argument = call.argument
    if not isinstance(argument, dict) or argument.keys() != {"template", "params"}:
        raise CannotSay(f"{call.name} is written in a form that cannot be converted")
    params = argument["params"]
    for name, value in params.items() if isinstance(params, Mapping) else ():
        if not _may_be_text(call, value):
            raise CannotSay("Fn::Replace puts in texts only", steps=("params", name))
    return {"Fn::Replace": [call.value("params"), call.value("template")]}


def _str_split(call: Call) -> Any:
    pieces = {"Fn::Split": [call.value(0), call.value(1)]} if call.items(2, 3) else None
    return {"Fn::Select": [call.value(2), pieces]} if len(call.argument) == 3 else pieces


def _resource_facade(call: Call) -> Any:
    part = _FACADE.get(call.argument) if isinstance(call.argument, str) else None
    if part is None:
        raise CannotSay("this part of a facade has no counterpart in the AWS format")
    return {"Fn::ResourceFacade": part}


def _if(call: Call) -> Any:
    branches = len(call.items(2, 3)) - 1
    otherwise = call.value(2) if branches == 2 else {"Ref": "AWS::NoValue"}
    return {"Fn::If": [_name_of(call), call.value(1), otherwise]}


def _name_of(call: Call) -> str:
    """Fn::If knows conditions by name only; others get one."""
    if isinstance(call.argument[0], str):
        return str(call.argument[0])
    # What HOT makes of nothing is a condition that holds.
    condition = True if call.argument[0] is None else call.condition(0)
    called = next(iter(condition), None) if isinstance(condition, dict) else None
    if not isinstance(condition, bool) and called not in call.rewriter.target.condition_functions:
        raise CannotSay("this is no condition", steps=(0,))
    return call.rewriter.named(condition)


def _equals(call: Call) -> Any:
    call.items(2)
    return {"Fn::Equals": call.value()}


def _not(call: Call) -> Any:
    within = isinstance(call.argument, list) and len(call.argument) == 1
    return {"Fn::Not": [call.condition(0) if within else call.condition()]}


def _connective(name: str) -> Rule:
    def rewrite(call: Call) -> Any:
        conditions = call.items(2, _MANY)
        return {name: [call.condition(index) for index in range(len(conditions))]}

    return rewrite


_EARLY = (
    *("Fn::Join", "Fn::Select", "Fn::Split", "Fn::Replace", "Fn::Base64", "Fn::GetAZs", "Ref"),
    *("Fn::MemberListToMap", "Fn::ResourceFacade"),
)

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(_EARLY, _same),
    "get_param": _get_param,
    "get_resource": _get_resource,
    "get_attr": _get_attr,
    "list_join": _list_join,
    "str_replace": _str_replace,
    "str_split": _str_split,
    "resource_facade": _resource_facade,
    "if": _if,
    "equals": _equals,
    "not": _not,
    "and": _connective("Fn::And"),
    "or": _connective("Fn::Or"),
}
