"""Declares the attributes of a resource type."""

from __future__ import annotations

from dataclasses import dataclass

from isotherm.core.schema import AttributeSchema, SupportStatus
from isotherm.kit.properties import VALUE_TYPES


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute. ``source`` is its key in the remote object; ``fetched`` ones need a call."""

    name: str
    schema: AttributeSchema
    source: str
    fetched: bool


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
) -> Attribute:
    """Declare one attribute.

    ``kind`` None: not declared. ``volatile`` values are read afresh when shown.
    ``fetched`` values cost a call of their own (``ResourceType.fetch``) and are only
    asked for when a template uses them.
    """
    schema = AttributeSchema(
        description=doc,
        type=VALUE_TYPES[kind] if kind else None,
        support=support or SupportStatus(version=since),
        volatile=volatile,
        secret=secret,
    )
    return Attribute(name, schema, source or name, fetched)
