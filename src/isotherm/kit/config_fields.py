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


def inputs_of(given: Value) -> list[dict[str, Any]]:
    """Raises ValueError for what is no list of inputs."""
    return [_input(each) for each in _declarations(given, "input", _INPUT)]


def outputs_of(given: Value) -> list[dict[str, Any]]:
    """Raises ValueError for what is no list of outputs."""
    return [_output(each) for each in _declarations(given, "output", _OUTPUT)]


def _declarations(given: Value, kind: str, known: Sequence[str]) -> list[Mapping[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ValueError(f"{kind}s must be a list")
    for each in given:
        if not isinstance(each, Mapping):
            raise ValueError(f"an {kind} must be a map, not {each!r}")
        if unknown := [name for name in each if name not in known]:
            raise ValueError(f"an {kind} has no {unknown[0]}; it may have {', '.join(known)}")
        if each.get("name") is None:
            raise ValueError(f"an {kind} has no name")
        if _type(each) not in TYPES:
            raise ValueError(f"{_type(each)!r} is no type of an {kind}: give one of {TYPES}")
    return list(given)


def _type(declared: Mapping[str, Any]) -> Any:
    return declared.get("type") or "String"


def _common(declared: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"name": str(declared["name"])}
    if declared.get("description") is not None:
        shown["description"] = str(declared["description"])
    return {**shown, "type": _type(declared)}


def _input(declared: Mapping[str, Any]) -> dict[str, Any]:
    shown = _common(declared)
    if declared.get("default") is not None:
        shown["default"] = _default(shown, declared["default"])
    if declared.get("replace_on_change"):
        shown["replace_on_change"] = _flag(shown["name"], declared["replace_on_change"])
    if "value" in declared:
        shown["value"] = declared["value"]
    return shown


def _output(declared: Mapping[str, Any]) -> dict[str, Any]:
    shown = _common(declared)
    error = declared.get("error_output")
    return {**shown, "error_output": error is not None and _flag(shown["name"], error)}


def _default(shown: Mapping[str, Any], given: Any) -> Value:
    match shown["type"]:
        case "Number":
            try:
                return to_number(given)
            except ValueError:
                raise ValueError(f"{shown['name']}: {given!r} is not a number") from None
        case "Boolean":
            return _flag(shown["name"], given)
        case "CommaDelimitedList" if isinstance(given, str):
            return [each.strip() for each in given.split(",")]
        case "Json" if not isinstance(given, str | Mapping):
            return json.dumps(given)
    return given


def _flag(name: str, given: Any) -> bool:
    if str(given).lower() not in ("true", "false"):
        raise ValueError(f"{name}: {given!r} is neither true nor false")
    return to_boolean(given)
