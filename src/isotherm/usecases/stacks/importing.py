"""Objects that are there already and become resources of a stack, new or living."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from isotherm.core.errors import NotSupported, RequestError
from isotherm.kit.registry import Registry
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.update_plan import ResourceChange

IMPORT = "import"
"""How a change is called that takes over an object."""


class InvalidImport(RequestError):
    """What is to be imported does not fit the template, or is not all that changes."""


@dataclass(frozen=True, slots=True)
class Imported:
    """An object and the resource that it shall be; ``identifier`` has one entry, its id."""

    name: str
    type: str
    identifier: Mapping[str, str]


def identifier_of(type_name: str) -> str:
    """What the id of an object is called: ``VolumeId`` of a volume, of whichever service."""
    return f"{type_name.rpartition('::')[2]}Id"


def parts_of_import(services: Services, wanted: Sequence[Imported]) -> dict[str, Any]:
    """As the data of an adoption has them. Raises InvalidImport, and NotSupported where the
    operator does not let stacks take anything over."""
    if wanted and not services.settings.enable_stack_adopt:
        raise NotSupported("Importing without enable_stack_adopt")
    parts: dict[str, Any] = {}
    for each in wanted:
        key = identifier_of(each.type)
        if each.name in parts:
            raise InvalidImport(f"Resource {each.name} is to be imported twice.")
        if set(each.identifier) != {key} or not each.identifier[key]:
            raise InvalidImport(f"Resource {each.name} is identified by {key} alone.")
        parts[each.name] = {"type": each.type, "resource_id": each.identifier[key]}
    return parts


def as_imports(
    changes: Sequence[ResourceChange], parts: Mapping[str, Any], types: Registry
) -> tuple[ResourceChange, ...]:
    """What an import changes: nothing but that objects are taken over, and what comes new with a
    stack whose objects were adopted. Raises InvalidImport."""
    new = {each.name: each for each in changes if each.change == "create"}
    for each in changes:
        if each.change != "create":
            raise InvalidImport(f"Resource {each.name} would change: import alone, then update.")
    for name, part in parts.items():
        if name not in new:
            raise InvalidImport(f"The template has no new resource {name} to import.")
        if new[name].type != part["type"]:
            raise InvalidImport(f"Resource {name} is of type {new[name].type}.")
    for name, each in new.items():
        kind = types.get(each.type)
        if name not in parts and not (kind is not None and kind.made_when_adopted):
            raise InvalidImport(f"Resource {name} is new, and no object is named for it.")
    return tuple(
        replace(each, change=IMPORT, physical_id=parts[each.name]["resource_id"])
        if each.name in parts
        else each
        for each in changes
    )
