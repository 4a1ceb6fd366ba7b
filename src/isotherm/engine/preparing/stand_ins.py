"""Stacks that stand in for types whose service the cloud lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from isotherm.kit.registry import Registry, stand_in_of
from isotherm.ports.records import Resource
from isotherm.template import Environment, load_environment, merge_environments


def missing(names: Iterable[str], types: Registry, services: Collection[str]) -> list[str]:
    """Those of the types whose service is none of the cloud's."""
    return [each for each in names if types[each].service not in services]


def with_stand_ins(
    environment: Environment,
    names: Iterable[str],
    lacking: Collection[str],
    rows: Iterable[Resource],
) -> Environment:
    """``environment`` on top of mappings to the stand-ins of ``lacking`` types. What the stack has
    of ``names`` as a stand-in stays one, though the cloud may have the service by now."""
    stand_ins = {stand_in_of(each): each for each in names}
    inside = {row.name: {stand_ins[row.type]: row.type} for row in rows if row.type in stand_ins}
    mapped: dict[str, Any] = {
        each: stand_in_of(each) for each in lacking if environment.registry.resolve(each) == each
    }
    if not mapped and not inside:
        return environment
    below = load_environment({"resource_registry": {**mapped, "resources": inside}})
    return merge_environments([environment], base=below)
