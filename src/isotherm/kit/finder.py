"""From a name or an id to the id: how each kind of object is looked up.

Finders are named like the custom constraints of templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from isotherm.core.errors import Ambiguous, Gone, Refused
from isotherm.kit.constraint import CONSTRAINTS
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Remote
from isotherm.kit.paging import Filter

UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
ANYTHING = re.compile(r".+", re.DOTALL)
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Finder:
    """``ids`` matches what is asked for as an id first. ``name_filter`` is the query key by
    which the service filters names (empty: it cannot, everything is listed), ``by_pattern``
    if it takes the name for a regular expression, ``name_field`` where an object has its
    name. ``by_name`` is False where an object is known by id alone. With ``may_be_empty``, an
    empty name stands for no object at all."""

    name: str
    ids: re.Pattern[str] = UUID
    name_filter: str = "name"
    name_field: str = "name"
    filters: Mapping[str, str] = field(default_factory=dict)
    by_pattern: bool = False
    by_name: bool = True
    may_be_empty: bool = False


FINDERS: dict[str, tuple[Entity, Finder]] = {}
"""The declared finders by name, each with the entity that it looks for."""


class Objects(Protocol):
    """Where objects can be looked at: a ``CloudApi``."""

    async def show(self, entity: Entity, physical_id: str, *, parent: str = "") -> Remote: ...

    async def list(
        self, entity: Entity, *, parent: str = "", **filters: Filter
    ) -> list[Remote]: ...


async def find(api: Objects, finder: str, name_or_id: str) -> str:
    """The id. Raises Gone where there is no such object, Refused where a name is not unique."""
    declared = FINDERS.get(finder)
    if declared is None and (check := CONSTRAINTS.get(finder)) is not None:
        await check(api, name_or_id)
        return name_or_id
    if declared is None:
        raise Refused(f"{finder} is no kind of object that can be looked up.")
    coordinates, rule = declared
    # Id and name are the same in all versions and in the short listing; but where a name may
    # stand for the id, old versions may not know of that.
    versioned = coordinates.microversion if rule.ids is ANYTHING else ""
    entity = replace(coordinates, list_path="", microversion=versioned)
    if rule.may_be_empty and not name_or_id:
        return ""
    if rule.ids.fullmatch(name_or_id) and (found := await _by_id(api, entity, rule, name_or_id)):
        return found
    matches = (
        await _by_name(api, entity, rule, name_or_id) if name_or_id and rule.by_name else set()
    )
    if len(matches) > 1:
        raise Ambiguous(f"There is more than one {finder} named {name_or_id!r}.")
    for match in matches:
        return match
    raise Gone(f"No {finder} named {name_or_id!r}.")


async def known_names(api: Objects, finder: str) -> set[str]:
    """The names that objects of a kind have; empty where they are known by id alone. Raises
    RemoteError."""
    if finder not in FINDERS:
        return set()
    entity, rule = FINDERS[finder]
    if not rule.by_name:
        return set()
    listed = await api.list(replace(entity, list_path="", microversion=""), **rule.filters)
    return {name for each in listed if isinstance(name := each.get(rule.name_field), str) and name}


async def _by_id(api: Objects, entity: Entity, rule: Finder, asked: str) -> str:
    """Empty where no object has this id."""
    try:
        remote = await api.show(entity, asked)
    except Gone:
        return ""
    except Refused as error:
        if error.status == 400:  # not even the form of an id
            return ""
        raise
    # What does not tell its id goes by what was asked for.
    return asked if entity.by_reference else str(remote.get(entity.id_field, asked))


async def _by_name(api: Objects, entity: Entity, rule: Finder, name: str) -> set[str]:
    """Services compare names in their own ways (case, parts), so all is compared again here."""
    filters = dict(rule.filters)
    if rule.name_filter:
        filters[rule.name_filter] = f"^{re.escape(name)}$" if rule.by_pattern else name
    listed = await api.list(entity, **filters)
    if not rule.name_filter and any(remote.get(entity.id_field) == name for remote in listed):
        return {name}
    return {str(each[entity.id_field]) for each in listed if each.get(rule.name_field) == name}
