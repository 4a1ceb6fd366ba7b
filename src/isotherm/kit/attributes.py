"""Declares the attributes of a resource type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from isotherm.core.schema import AttributeSchema, SupportStatus
from isotherm.core.values import Value
from isotherm.kit.properties import VALUE_TYPES, Properties

Reading = Callable[[Any, Mapping[str, Any]], Value]
"""From the context and the object as the cloud shows it."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute. ``source`` is its key in the remote object; ``fetched`` ones need a call.
    ``reads`` makes its value of the context and the object."""

    name: str
    schema: AttributeSchema
    source: str
    fetched: bool
    reads: Reading | None = None


def attr(
    name: str,
    kind: type | None = str,
    doc: str = "",
    *,
    source: str = "",
    volatile: bool = False,
    fetched: bool = False,
    secret: bool = False,
    since: str | None = None,
    support: SupportStatus | None = None,
    reads: Reading | None = None,
    implemented: bool = True,
) -> Attribute:
    """Declare one attribute.

    ``kind`` None: not declared. ``volatile`` values may change though nobody changes the
    resource: they are read afresh when they are shown, and by every update if another resource
    reads them.
    ``fetched`` values cost a call of their own (``ResourceType.fetch``) and are only
    asked for when a template uses them. ``reads`` is for what is no field of the object.
    """
    schema = AttributeSchema(
        description=doc,
        type=VALUE_TYPES[kind] if kind else None,
        support=support or SupportStatus(version=since),
        volatile=volatile,
        secret=secret,
        implemented=implemented,
    )
    return Attribute(name, schema, source or name, fetched, reads)


def shown(group: type[Properties], *names: str, **kinds: type) -> tuple[Attribute, ...]:
    """Declare attributes that are fields of the object and mean what the properties of these
    names do; ``kinds`` are those that are no texts."""
    every = {**dict.fromkeys(names, str), **kinds}
    return tuple(attr(name, kind, _meaning(group, name)) for name, kind in every.items())


def _meaning(group: type[Properties], name: str) -> str:
    """What the property says, but for how to give it and what happens if it is not given."""
    told = group.schema[group.schema[name].renamed_to or name].description
    return told.partition(";")[0].partition(", by name or id")[0].removesuffix(".") + "."
