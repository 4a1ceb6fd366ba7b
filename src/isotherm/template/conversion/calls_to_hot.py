"""Functions of the AWS format in the words of HOT."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from isotherm.template.conversion.rewriter import NOTHING, Call, CannotSay, Rule
from isotherm.template.parameters import ParameterType

_PSEUDO = {"AWS::StackName": "OS::stack_name", "AWS::AccountId": "OS::project_id"}
_NO_VALUE = {"Ref": "AWS::NoValue"}
_VARIABLE = re.compile(r"\$\{(!?)([^${}]+)\}")
_FACADE = {
    "Metadata": "metadata",
    "DeletionPolicy": "deletion_policy",
    "UpdatePolicy": "update_policy",
}


def _ref(call: Call) -> Any:
    name = call.argument
    if not isinstance(name, str):
        raise CannotSay("what Ref names cannot be computed in HOT")
    return NOTHING if name == "AWS::NoValue" else _named(call, name)


def _named(call: Call, name: str) -> Any:
    if name in call.template.resources:
        return {"get_resource": name}
    if name.startswith("AWS::") and name not in _PSEUDO:
        raise CannotSay(f"{name} has no counterpart in HOT")
    return {"get_param": _PSEUDO.get(name, name)}


def _get_att(call: Call) -> Any:
    argument = call.argument
    if isinstance(argument, str) and "." in argument:
        argument = argument.split(".", 1)
    if not isinstance(argument, list) or not all(isinstance(each, str) for each in argument):
        raise CannotSay("resource and attribute cannot be computed in HOT")
    return {"get_attr": argument}


def _join(call: Call) -> Any:
    call.items(2)
    return {"list_join": [call.value(0), call.value(1)]}


def _split(call: Call) -> Any:
    call.items(2)
    return {"str_split": [call.value(0), call.value(1)]}


def _replace(call: Call) -> Any:
    call.items(2)
    params = call.value(0)
    if not isinstance(params, dict):
        raise CannotSay("HOT wants the placeholders as a map", steps=(0,))
    return {"str_replace": {"template": call.value(1), "params": params}}


def _select(call: Call) -> Any:
    """HOT has no function for it, but ways into most things that can be selected from."""
    call.items(2)
    step, found = _index(call.value(0)), call.value(1)
    if found is None:
        return None  # Why, was said already.
    if isinstance(found, list) and isinstance(step, int):
        return found[step] if -len(found) <= step < len(found) else ""
    if isinstance(found, dict) and len(found) == 1:
        ((name, argument),) = found.items()
        steps = argument if isinstance(argument, list) else [argument]
        if name in ("get_param", "get_attr"):
            return {name: [*steps, step]}
        if name == "str_split" and len(steps) == 2:
            return {name: [*steps, step]}
    raise CannotSay("HOT cannot select from this", "it can from parameters and attributes")


def _index(value: Any) -> Any:
    """Attributes are indexed by numbers, not by text that looks like one."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _find_in_map(call: Call) -> Any:
    """Mappings become parameters that hold a map."""
    call.items(3)
    return {"get_param": [call.value(index) for index in range(3)]}


def _base64(call: Call) -> Any:
    """The text as it is, which is what both formats make of it."""
    return call.value()


def _resource_facade(call: Call) -> Any:
    part = _FACADE.get(call.argument) if isinstance(call.argument, str) else None
    if part is None:
        raise CannotSay("this part of a facade has no counterpart in HOT")
    return {"resource_facade": part}


def _sub(call: Call) -> Any:
    pair = isinstance(call.argument, list)
    text, variables = call.argument if pair else (call.argument, {})
    params: dict[str, Any] = {}
    for match in _VARIABLE.finditer(text):
        name = match[2].strip()
        if match[1]:
            params[match[0]] = f"${{{match[2]}}}"
        elif name in variables:
            params[match[0]] = call.value(1, name)
        else:
            params[match[0]] = _variable(call, name)
    if not params:
        return text
    return {"str_replace": {"template": text, "params": params}}


def _variable(call: Call, name: str) -> Any:
    if "." in name:
        return {"get_attr": name.split(".", 1)}
    declared = call.template.parameters.get(name)
    if declared is not None and declared.type is ParameterType.BOOLEAN:
        raise CannotSay(f"HOT writes the boolean {name} otherwise into a text")
    return _named(call, name)


def _if(call: Call) -> Any:
    _, then, otherwise = call.items(3)
    if then == _NO_VALUE and otherwise == _NO_VALUE:
        return NOTHING
    condition = call.condition(0)
    if then == _NO_VALUE:
        return {"if": [{"not": condition}, call.value(2)]}
    if otherwise == _NO_VALUE:
        return {"if": [condition, call.value(1)]}
    return {"if": [condition, call.value(1), call.value(2)]}


def _condition(call: Call) -> Any:
    if not isinstance(call.argument, str):
        raise CannotSay("a condition has a name")
    return call.argument


def _equals(call: Call) -> Any:
    call.items(2)
    return {"equals": call.value()}


def _not(call: Call) -> Any:
    call.items(1)
    return {"not": call.condition(0)}


def _connective(name: str) -> Rule:
    def rewrite(call: Call) -> Any:
        conditions = call.items(2, 1_000_000)
        return {name: [call.condition(index) for index in range(len(conditions))]}

    return rewrite


RULES: Mapping[str, Rule] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Replace": _replace,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::Base64": _base64,
    "Fn::ResourceFacade": _resource_facade,
    "Fn::Sub": _sub,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::And": _connective("and"),
    "Fn::Or": _connective("or"),
    "Condition": _condition,
}
