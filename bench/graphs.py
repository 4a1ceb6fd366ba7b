"""Templates of OS::Heat::Value in the shapes that stacks have."""

from __future__ import annotations

from typing import Any

Template = dict[str, Any]


def chain(size: int) -> Template:
    """Each value is made of the one before."""
    return _template(
        {_name(i): {"get_attr": [_name(i - 1), "value"]} if i else "first" for i in range(size)}
    )


def star(size: int) -> Template:
    """One value that all others read."""
    return _template(
        {_name(i): {"get_attr": [_name(0), "value"]} if i else "centre" for i in range(size + 1)}
    )


def flat(size: int) -> Template:
    """Values that have nothing to do with each other."""
    return _template({_name(i): f"value {i}" for i in range(size)})


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
