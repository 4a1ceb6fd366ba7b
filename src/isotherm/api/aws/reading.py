"""From what a client sends to plain values, as the description of the service has them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from isotherm.api.aws.description import Description, Shape
from isotherm.api.aws.faults import (
    InvalidParameterValue,
    InvalidQueryParameter,
    MissingParameter,
)

Tree = str | Mapping[str, "Tree"]
"""Parameters of a form, taken apart at their dots."""

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_MOST = 10_000
"""Parts that a request may have: nobody means more."""


def read_form(
    description: Description, operation: str, parameters: Mapping[str, str]
) -> dict[str, Any]:
    """The arguments of an operation from the parameters of a query or form. Raises AwsFault."""
    if len(parameters) > _MOST:
        raise InvalidParameterValue(f"The request has more than {_MOST} parameters.")
    tree: dict[str, Any] = {}
    for name, value in parameters.items():
        _plant(tree, name, value)
    return _structure(description, description.input(operation), tree, "")


def _plant(tree: dict[str, Any], name: str, value: str) -> None:
    *path, last = name.split(".")
    if len(path) > 16:
        raise InvalidQueryParameter(f"The parameter {name[:80]} is nested too deeply.")
    for step in path:
        found = tree.setdefault(step, {})
        if not isinstance(found, dict):
            raise InvalidQueryParameter(f"The parameter {name[:80]} contradicts another one.")
        tree = found
    if last in tree:
        raise InvalidQueryParameter(f"The parameter {name[:80]} contradicts another one.")
    tree[last] = value


def _structure(description: Description, shape: Shape, tree: Tree, path: str) -> dict[str, Any]:
    if isinstance(tree, str):
        raise InvalidParameterValue(f"{path} has parts, and is not a text.")
    for name in tree:
        if name not in shape.members:
            raise InvalidQueryParameter(f"There is no parameter {_join(path, name)[:200]}.")
    for name in shape.required:
        if name not in tree:
            raise MissingParameter(f"The parameter {_join(path, name)} is missing.")
    return {
        name: _value(description, description.shapes[shape.members[name]], each, _join(path, name))
        for name, each in tree.items()
    }


def _value(description: Description, shape: Shape, tree: Tree, path: str) -> Any:
    match shape.type:
        case "structure":
            return _structure(description, shape, tree, path)
        case "list":
            return _list(description, shape, tree, path)
        case "map":
            return _map(description, shape, tree, path)
    if not isinstance(tree, str):
        raise InvalidParameterValue(f"{path} has no parts.")
    return read_text(shape, tree, path)


def _list(description: Description, shape: Shape, tree: Tree, path: str) -> list[Any]:
    """Members are numbered from 1; an empty text is an empty list."""
    if isinstance(tree, Mapping) and not shape.flattened:
        tree = tree.get("member", "") if tree.keys() <= {"member"} else tree
    if tree == "":
        return []
    if isinstance(tree, str) or not all(name.isdecimal() and len(name) < 7 for name in tree):
        raise InvalidQueryParameter(f"{path} is a list: give {path}.member.1 and so on.")
    inner = description.shapes[shape.member]
    ordered = sorted(tree.items(), key=lambda item: int(item[0]))
    return [_value(description, inner, each, f"{path}.member.{name}") for name, each in ordered]


def _map(description: Description, shape: Shape, tree: Tree, path: str) -> dict[str, Any]:
    entries = tree.get("entry", {}) if isinstance(tree, Mapping) else {}
    found = {}
    for number, entry in entries.items() if isinstance(entries, Mapping) else ():
        if isinstance(entry, str) or not isinstance(key := entry.get("key"), str):
            raise InvalidQueryParameter(f"{path}.entry.{number} needs a key and a value.")
        inner = description.shapes[shape.value]
        found[key] = _value(description, inner, entry.get("value", ""), f"{path}.{key}")
    return found


def read_text(shape: Shape, text: str, path: str) -> Any:
    """A value that is no container. Raises InvalidParameterValue."""
    match shape.type:
        case "integer" | "long":
            return check_bounds(shape, _number(text, _INTEGER, path, int), path)
        case "float" | "double":
            return check_bounds(shape, _number(text, _FLOAT, path, float), path)
        case "boolean":
            if text.lower() not in ("true", "false"):
                raise InvalidParameterValue(f"{path} must be true or false.")
            return text.lower() == "true"
        case "timestamp":
            return _time(text, path)
        case "blob":
            return _bytes(text, path)
    if shape.enum and text not in shape.enum:
        raise InvalidParameterValue(f"{path} must be one of {', '.join(shape.enum)}.")
    return text


def _number(text: str, form: re.Pattern[str], path: str, kind: type[int] | type[float]) -> float:
    if form.fullmatch(text.strip()) is None:
        raise InvalidParameterValue(f"{path} must be a number.")
    return kind(text)


def check_bounds(shape: Shape, number: float, path: str) -> float:
    """Raises InvalidParameterValue."""
    if shape.low is not None and number < shape.low:
        raise InvalidParameterValue(f"{path} must be at least {shape.low:g}.")
    if shape.high is not None and number > shape.high:
        raise InvalidParameterValue(f"{path} must be at most {shape.high:g}.")
    return number


def _time(text: str, path: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidParameterValue(f"{path} must be a time, as 2030-01-31T12:00:00Z.") from None
    return at.replace(tzinfo=at.tzinfo or UTC)


def _bytes(text: str, path: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise InvalidParameterValue(f"{path} must be in base 64.") from None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
