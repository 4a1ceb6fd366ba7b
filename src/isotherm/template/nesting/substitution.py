"""A template that stands for a type of the catalogue offers what that type offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isotherm.core.schema import TypeSchema, ValueType
from isotherm.template.validation.catalogue import COMMON_ATTRIBUTES

_FITTING: Mapping[ValueType, frozenset[ValueType]] = {
    ValueType.STRING: frozenset({ValueType.STRING}),
    ValueType.INTEGER: frozenset({ValueType.NUMBER}),
    ValueType.NUMBER: frozenset({ValueType.NUMBER}),
    ValueType.BOOLEAN: frozenset({ValueType.BOOLEAN}),
    ValueType.LIST: frozenset({ValueType.LIST}),
    # A json parameter takes any value as far as its schema says, and stands for maps only.
    ValueType.MAP: frozenset({ValueType.ANY}),
    ValueType.ANY: frozenset(ValueType),
}
"""Which types of a template's properties stand for those of the type that it replaces."""


def mismatches(replaced: TypeSchema, template: TypeSchema) -> Iterator[str]:
    """Why ``template`` cannot stand for the type ``replaced``."""
    if replaced.open:
        return
    for name, wanted in replaced.properties.items():
        offered = template.properties.get(name)
        if offered is None:
            if wanted.required:
                yield f"it has no parameter for the required property {name}"
        elif offered.type not in _FITTING[wanted.type]:
            yield f"its parameter {name} does not take the values of a {wanted.type} property"
    for name, offered in template.properties.items():
        if offered.required and name not in replaced.properties:
            yield f"its parameter {name} needs a value, and the type has no such property"
    for name in replaced.attributes:
        if name not in template.attributes and name not in COMMON_ATTRIBUTES:
            yield f"it has no output for the attribute {name}"
