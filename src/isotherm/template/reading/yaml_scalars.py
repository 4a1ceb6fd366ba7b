"""Scalars and tags of YAML 1.1: what an unquoted word means, and what a tag stands for.

Timestamps stay text.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any

from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

_TAG = "tag:yaml.org,2002:"
_CONSTRUCT: dict[str, Callable[[SafeConstructor, ScalarNode], Any]] = {
    _TAG + "null": SafeConstructor.construct_yaml_null,
    _TAG + "bool": SafeConstructor.construct_yaml_bool,
    _TAG + "int": SafeConstructor.construct_yaml_int,
    _TAG + "float": SafeConstructor.construct_yaml_float,
}
_CONSTRUCTOR = SafeConstructor()
_TEXT_TAGS = frozenset({"!", _TAG + "str", _TAG + "timestamp", _TAG + "value", _TAG + "merge"})
_BINARY = _TAG + "binary"
_UNTAGGED = _TEXT_TAGS | _CONSTRUCT.keys() | {_TAG + "map", _TAG + "seq", _BINARY}

# Short forms that AWS users write: !Ref x is {Ref: x}, !Sub x is {Fn::Sub: x}.
_FUNCTIONS = (
    *("And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals"),
    *("FindInMap", "ForEach", "GetAZs", "GetAtt", "If"),
    *("ImportValue", "Join", "Length", "Not", "Or", "Replace", "Select", "Split", "Sub"),
    *("ToJsonString", "Transform"),
)
SHORT_TAGS = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _FUNCTIONS},
}

MERGE_KEY = "<<"
_LONGEST_NUMBER = 4300
"""Longer ones take ever more time to read and to write."""


class Odd(ValueError):
    """What stands there has a ``value``, but surely none that its author meant."""

    def __init__(self, value: Any, text: str, hint: str) -> None:
        super().__init__(text)
        self.value, self.hint = value, hint


class PlainScalars(dict[str, Any]):
    """Values of unquoted scalars by their text, worked out when first asked for.

    Raises ValueError. One for each document: what is written again costs a look-up, and
    equal texts become one object.
    """

    def __missing__(self, text: str) -> Any:
        self[text] = value = _resolved(text)
        return value


def _resolved(text: str) -> Any:
    for tag, pattern in Resolver.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return text if tag in _TEXT_TAGS else _constructed(tag, text)
    return text


def _constructed(tag: str, text: str) -> Any:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("too long for a number")
    try:
        value = _CONSTRUCT[tag](_CONSTRUCTOR, ScalarNode(tag, text))
    except (KeyError, OverflowError, ConstructorError) as error:
        raise ValueError(str(error)) from None
    if isinstance(value, float) and not math.isfinite(value):
        raise Odd(value, f"{text} is not a finite number", "put quotes around it if it is text")
    return value


def tagged_scalar(tag: str, text: str) -> Any:
    """A scalar with a tag; raises ValueError."""
    if tag == _BINARY:
        data = base64.b64decode(text).decode()
        raise Odd(data, "binary data is read as text", "write the text itself")
    return _constructed(tag, text) if tag in _CONSTRUCT else text


def with_tag(tag: str | None, data: Any) -> Any:
    """``data`` in the function that its tag stands for, or as it is; raises KeyError, Odd."""
    if tag is None or tag in _UNTAGGED:
        return data
    if tag == _TAG + "set" and isinstance(data, Mapping):
        raise Odd(list(data), "a set is read as a list", "write a list")
    if tag in (_TAG + "omap", _TAG + "pairs") and isinstance(data, list):
        pairs = [
            [key, value] for each in data if isinstance(each, dict) for key, value in each.items()
        ]
        raise Odd(pairs, "an ordered map is read as a list of pairs", "write a map, or a list")
    name = SHORT_TAGS[tag]
    if tag == "!GetAtt" and isinstance(data, str):
        data = data.split(".", 1)
    return {name: data}
