"""A template as a resource type: its parameters are properties, its outputs attributes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from isotherm.core.schema import ABSENT, AttributeSchema, PropertySchema, TypeSchema, ValueType
from isotherm.template.functions.attributes import INSIDE
from isotherm.template.model import Template
from isotherm.template.parameters import ParameterDeclaration, ParameterType
from isotherm.template.validation import TypeCatalogue

REFERENCE_OUTPUT = "OS::stack_id"
"""The output that a reference to the resource gives, where a template has it."""

_TYPES: Mapping[ParameterType, ValueType] = {
    ParameterType.STRING: ValueType.STRING,
    ParameterType.NUMBER: ValueType.NUMBER,
    ParameterType.LIST: ValueType.LIST,
    ParameterType.JSON: ValueType.ANY,
    ParameterType.BOOLEAN: ValueType.BOOLEAN,
}


def schema_of_template(name: str, template: Template) -> TypeSchema:
    """The type that a template stands for under ``name``."""
    return TypeSchema(
        name=name,
        properties={each.name: _property(each) for each in template.parameters.values()},
        attributes={
            each.name: AttributeSchema(description=str(each.description or ""))
            for each in template.outputs.values()
        },
        description=str(template.description or ""),
        attribute_prefixes=(INSIDE,),
    )


def _property(declared: ParameterDeclaration) -> PropertySchema:
    default = declared.default
    return PropertySchema(
        type=_TYPES[declared.type],
        description=str(declared.description),
        required=declared.required,
        default=ABSENT if default is None else default,
        update_allowed=True,
        immutable=declared.immutable,
        constraints=declared.constraints,
        secret=declared.hidden,
    )


class TemplateTypes:
    """A catalogue in which templates are types, too, by the name that resources give them."""

    def __init__(self, types: TypeCatalogue, templates: Mapping[str, Template]) -> None:
        self._types = types
        self._schemas = {
            name: schema_of_template(name, template) for name, template in templates.items()
        }

    def lookup(self, type_name: str) -> TypeSchema | None:
        return self._schemas.get(type_name) or self._types.lookup(type_name)

    def names(self) -> Collection[str]:
        return [*self._types.names(), *self._schemas]
