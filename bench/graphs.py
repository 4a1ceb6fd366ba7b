"""Templates of OS::Heat::Value in the shapes that stacks have."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from isotherm.ports.records import Source

Template = dict[str, Any]

_IN_EACH = 10


@dataclass(frozen=True, slots=True)
class Graph:
    """What a stack is made of, and how many values there are in it."""

    source: Source
    resources: int


def chain(size: int) -> Graph:
    """Each value is made of the one before."""
    return _graph(
        {_name(i): {"get_attr": [_name(i - 1), "value"]} if i else "first" for i in range(size)}
    )


def star(size: int) -> Graph:
    """One value that all others read."""
    return _graph(
        {_name(i): {"get_attr": [_name(0), "value"]} if i else "centre" for i in range(size + 1)}
    )


def flat(size: int) -> Graph:
    """Values that have nothing to do with each other."""
    return _graph({_name(i): f"value {i}" for i in range(size)})


def nested(size: int) -> Graph:
    """Values in groups of ten, each group in a stack of its own."""
    stacks = {f"stack_{i}": {"type": "values.json"} for i in range(size // _IN_EACH)}
    template = {"heat_template_version": "2021-04-16", "resources": stacks}
    inner = json.dumps(_template({_name(i): f"value {i}" for i in range(_IN_EACH)}))
    return Graph(Source(template=template, environment={}, files={"values.json": inner}), size)


def _graph(values: dict[str, Any]) -> Graph:
    return Graph(Source(template=_template(values), environment={}, files={}), len(values))


def _name(index: int) -> str:
    return f"value_{index}"


def _template(values: dict[str, Any]) -> Template:
    return {
        "heat_template_version": "2021-04-16",
        "resources": {
            name: {"type": "OS::Heat::Value", "properties": {"value": value}}
            for name, value in values.items()
        },
    }
