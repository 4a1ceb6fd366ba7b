"""Inputs and outputs that software configurations declare, in the form that all clients see."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from isotherm.core.coercion import to_boolean, to_number
from isotherm.core.values import Value

TYPES = ("String", "Number", "CommaDelimitedList", "Json", "Boolean")
_INPUT = ("name", "description", "type", "default", "replace_on_change", "value")
_OUTPUT = ("name", "description", "type", "error_output")
_NULLS: Mapping[str, Value] = {
    "String": "",
    "Number": 0,
    "CommaDelimitedList": [],
    "Json": {},
    "Boolean": False,
}
"""What null is as the default of an input of a type."""


def inputs_of(given: Value) -> list[dict[str, Any]]:
    """Raises ValueError for what is no list of inputs."""
    return [_input(each) for each in _declarations(given, "input", _INPUT)]


def outputs_of(given: Value) -> list[dict[str, Any]]:
    """Raises ValueError for what is no list of outputs."""
    return [_output(each) for each in _declarations(given, "output", _OUTPUT)]


def _declarations(given: Value, kind: str, known: Sequence[str]) -> list[Mapping[str, Any]]:
    if not given:
        return []
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ValueError(f"{kind}s must be a list")
    for each in given:
        if not isinstance(each, Mapping):
            raise ValueError(f"an {kind} must be a map, not {each!r}")
        if unknown := [name for name in each if name not in known]:
            raise ValueError(f"an {kind} has no {unknown[0]}; it may have {', '.join(known)}")
        if "name" not in each:
            raise ValueError(f"an {kind} has no name")
        if _type(each) not in TYPES:
            raise ValueError(f"{_type(each)!r} is no type of an {kind}: give one of {TYPES}")
    return list(given)


def _type(declared: Mapping[str, Any]) -> Any:
    given = declared.get("type")
    return "String" if given is None else given


def _common(declared: Mapping[str, Any]) -> dict[str, Any]:
    texts = ("name", "description")
    shown = {each: _text(each, declared[each]) for each in texts if each in declared}
    return {**shown, "type": _type(declared)}


def _input(declared: Mapping[str, Any]) -> dict[str, Any]:
    shown = _common(declared)
    if "default" in declared:
        shown["default"] = _default(shown, declared["default"])
    replaces = declared.get("replace_on_change")
    if replaces is not None and _flag(shown["name"], replaces):
        shown["replace_on_change"] = True
    if "value" in declared:
        shown["value"] = declared["value"]
    return shown


def _output(declared: Mapping[str, Any]) -> dict[str, Any]:
    shown = _common(declared)
    error = declared.get("error_output")
    return {**shown, "error_output": error is not None and _flag(shown["name"], error)}


def _default(shown: Mapping[str, Any], given: Any) -> Value:
    """In the form of its type; an empty text stays what it is, whatever the type."""
    name = shown["name"]
    if given is None or given == "":
        return _NULLS[shown["type"]] if given is None else ""
    match shown["type"]:
        case "Number":
            return _number(name, given)
        case "Boolean":
            return _flag(name, given)
        case "CommaDelimitedList":
            return _list(name, given)
        case "Json":
            return _json(name, given)
    return _text(name, given)


def _text(name: str, given: Any) -> str:
    if isinstance(given, Sequence | Mapping) and not isinstance(given, str):
        raise ValueError(f"{name}: {given!r} is no text")
    return "" if given is None else str(given)


def _number(name: str, given: Any) -> Value:
    if isinstance(given, bool):
        return given
    try:
        return to_number(given)
    except ValueError:
        raise ValueError(f"{name}: {given!r} is not a number") from None


def _list(name: str, given: Any) -> Value:
    if isinstance(given, str):
        return [each.strip() for each in given.split(",")]
    if not isinstance(given, Sequence):
        raise ValueError(f"{name}: {given!r} is no list")
    return list(given)


def _json(name: str, given: Any) -> Value:
    if isinstance(given, str | Mapping):
        return given
    if not isinstance(given, Sequence):
        raise ValueError(f"{name}: {given!r} is neither JSON text nor a map or list")
    return json.dumps(given)


def _flag(name: str, given: Any) -> bool:
    if str(given).lower() not in ("true", "false"):
        raise ValueError(f"{name}: {given!r} is neither true nor false")
    return to_boolean(given)
