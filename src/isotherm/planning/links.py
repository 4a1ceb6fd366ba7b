"""Links that several rows may describe, and what only one row's object can have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from isotherm.core.schema import ABSENT
from isotherm.core.values import Value, reveal
from isotherm.kit.links import OWN, Key
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import AnyType
from isotherm.planning.recorded import Recorded

R = TypeVar("R", bound=Recorded)


def links_of(resource_type: AnyType, row: Recorded) -> frozenset[Key]:
    """The links that a row describes, whether a property makes them or all of the resource."""
    if not resource_type.links:
        return frozenset()
    return described_links(resource_type, row.physical_id, _values(row))


def described_links(
    resource_type: AnyType, physical_id: str | None, properties: Mapping[str, Value]
) -> frozenset[Key]:
    """The same for properties as they are given."""
    keys = (link.key(physical_id, properties) for link in resource_type.links)
    return frozenset(key for key in keys if key is not None)


def whole_link(resource_type: AnyType, row: Recorded) -> Key | None:
    """The link that is all that the row's object is; None for other objects."""
    if not resource_type.links:
        return None
    values = _values(row)
    for link in resource_type.links:
        if not link.by_property and (key := link.key(row.physical_id, values)) is not None:
            return key
    return None


def linking_properties(
    resource_type: AnyType, physical_id: str | None, values: Mapping[str, Value]
) -> dict[str, Key]:
    """Links by the property that makes them."""
    found: dict[str, Key] = {}
    for link in resource_type.links:
        key = link.key(physical_id, values) if link.by_property else None
        if key is not None:
            found |= dict.fromkeys((end for end in link.ends if end), key)
    return found


def may_be_linked_by_property(row: Recorded, others: Iterable[Recorded], types: Registry) -> bool:
    """Whether a property of another row may have made the link that ``row`` is, even if it
    asks for none any more."""
    link = whole_link(types[row.type], row)
    return link is not None and any(
        each.by_property
        and each.kind == link[0]
        and link[1 + each.ends.index(OWN)] == other.physical_id
        for other in others
        for each in (types[other.type].links if other.type in types else ())
    )


def claims_of(resource_type: AnyType, row: Recorded) -> frozenset[Key]:
    values = _values(row)
    return frozenset(key for claim in resource_type.claims for key in claim.keys(values))


def described_alike(row: Recorded, other: Recorded, types: Registry) -> bool:
    """Whether two rows for the same link agree in its details, too, and where there can be but
    one such object, in all that no update could change."""
    mine, others = types[row.type].links, types[other.type].links
    if types[row.type].gives_way_to_alike and _fixed(row, types) != _fixed(other, types):
        return False
    return [each.described(_values(row)) for each in mine] == [
        each.described(_values(other)) for each in others
    ]


def _fixed(row: Recorded, types: Registry) -> dict[str, Value]:
    values = reveal(_values(row))
    return {
        name: values.get(name, None if each.default is ABSENT else each.default)
        for name, each in types[row.type].Properties.schema.items()
        if not each.update_allowed
    }


def same_object(row: R, rows: Iterable[R], types: Registry) -> R | None:
    """Another row for what ``row`` stands for: the same link, or an object of the same type
    by the same id (a key pair's name, say, which the one gave up for the other)."""
    resource_type = types.get(row.type)
    link = whole_link(resource_type, row) if resource_type is not None else None
    others = (other for other in rows if other.id != row.id)
    if link is None:
        if row.physical_id is None:
            return None
        same = (each for each in others if each.physical_id == row.physical_id)
        return next((each for each in same if each.type == row.type), None)
    for other in others:
        other_type = types.get(other.type)
        if other_type is not None and link in links_of(other_type, other):
            return other
    return None


def _values(row: Recorded) -> Mapping[str, Value]:
    return {**row.properties, **row.resolved}
