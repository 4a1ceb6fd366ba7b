"""What is sent is read back as it was given: for the properties of all types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from isotherm.core.constraints import AllowedValues
from isotherm.core.schema import PropertySchema, ValueType
from isotherm.kit import EntityType, Properties, create_fields, load_registry
from isotherm.kit.bodies import live_properties
from isotherm.kit.properties import Field

TYPES = {name: each for name, each in load_registry().items() if isinstance(each, EntityType)}


def sample(schema: PropertySchema) -> Any:

    for constraint in schema.constraints:
        if isinstance(constraint, AllowedValues):
            first = constraint.values[0]
            return [first] if schema.type is ValueType.LIST else first
    if schema.fields:
        return {name: sample(each) for name, each in schema.fields.items() if not each.renamed_to}
    if schema.type is ValueType.LIST:
        return [sample(schema.items)] if schema.items else ["x"]
    values: dict[ValueType, Any] = {
        ValueType.STRING: "x",
        ValueType.INTEGER: 3,
        ValueType.NUMBER: 1.5,
        ValueType.BOOLEAN: True,
        ValueType.MAP: {"a": "b"},
        ValueType.ANY: "x",
    }
    return values[schema.type]


def read_back(group: type[Properties]) -> Iterator[Field]:
    for field in group.fields.values():
        told = field.declaration
        comes_back = field.reads is not None and (not told.encodes or told.decodes)
        if field.sends and comes_back and not (told.merges or told.beside):
            yield field


def remote_of(field: Field, sent: dict[str, Any]) -> dict[str, Any]:
    """The object as the cloud would show it, with the value where it is read."""
    assert field.sends is not None
    assert field.reads is not None
    value: Any = sent
    for step in field.sends.split("."):
        value = value[step]
    for step in reversed(field.reads.split(".")):
        value = {step: value}
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("name", sorted(TYPES))
def test_what_is_sent_is_read_back(name: str) -> None:
    group = TYPES[name].Properties
    for field in read_back(group):
        given = {field.declaration.name or field.attribute: sample(field.schema)}
        props = group.of(given)
        back = live_properties(group, remote_of(field, create_fields(props)))
        (property_name,) = given
        plain = props.given()[property_name]
        if field.group is None:
            assert back == {property_name: plain}
        else:  # of a group, what is kept apart does not come back
            assert back.keys() == given.keys()


def test_the_way_back_is_long_enough() -> None:
    assert sum(len(list(read_back(each.Properties))) for each in TYPES.values()) > 90
