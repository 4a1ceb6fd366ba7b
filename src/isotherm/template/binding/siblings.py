"""What a stack has besides a resource, for rules of types that look at that."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from isotherm.core.coercion import coerce_properties
from isotherm.core.diagnostics import Diagnostics, InvalidDocument
from isotherm.core.schema import PropertySchema, Sibling
from isotherm.template.binding.definition import StackDefinition
from isotherm.template.expressions import Scope

SchemaOf = Callable[[str], Mapping[str, PropertySchema] | None]
"""The properties of a type, by its name; None of a type that nobody knows."""


def find_sibling(
    definition: StackDefinition, scope: Scope, schema_of: SchemaOf, name: str
) -> Sibling | None:
    """With properties by their present names; whatever is wrong with them is told of itself."""
    resource = definition.resources.get(name)
    if resource is None:
        return None
    try:
        given = definition.evaluate(resource.properties, scope)
    except InvalidDocument:
        given = None
    values = given if isinstance(given, Mapping) else {}
    schema = schema_of(resource.type)
    if schema is not None:
        coerced = coerce_properties(schema, values, "", Diagnostics())
        values = {schema[each].renamed_to or each: value for each, value in coerced.items()}
    return Sibling(name, resource.type, values)
