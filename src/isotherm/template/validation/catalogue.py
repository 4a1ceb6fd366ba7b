"""What validation asks about resource types."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from isotherm.core.schema import TypeSchema

COMMON_ATTRIBUTES = frozenset({"show"})
"""Attributes that every type has."""


class TypeCatalogue(Protocol):
    """What resource types there are."""

    def lookup(self, type_name: str) -> TypeSchema | None: ...

    def names(self) -> Collection[str]: ...


def missing_yet(schema: TypeSchema | None, attribute: str) -> bool:
    """Whether the type is to have the attribute, and nothing gives it a value so far."""
    declared = schema.attributes.get(attribute) if schema else None
    return declared is not None and not declared.implemented


def offers(schema: TypeSchema | None, attribute: str) -> bool:
    """Whether a type has an attribute, as far as is known of the type; an empty name means
    all attributes."""
    if not attribute or schema is None or attribute in schema.attributes:
        return True
    if attribute in COMMON_ATTRIBUTES or schema.open or schema.members is not None:
        return True
    return attribute.startswith(schema.attribute_prefixes)
