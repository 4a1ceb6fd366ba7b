"""A template as a resource type: its parameters are properties, its outputs attributes."""

from __future__ import annotations

from collections.abc import Mapping

from isotherm.core.schema import ABSENT, AttributeSchema, PropertySchema, TypeSchema, ValueType
from isotherm.core.values import Value
from isotherm.template.functions.attributes import INSIDE
from isotherm.template.model import Template
from isotherm.template.parameters import ParameterDeclaration, ParameterType

REFERENCE_OUTPUT = "OS::stack_id"
"""The output that a reference to the resource gives, where a template has it."""

_TYPES: Mapping[ParameterType, ValueType] = {
    ParameterType.STRING: ValueType.STRING,
    ParameterType.NUMBER: ValueType.NUMBER,
    ParameterType.LIST: ValueType.LIST,
    ParameterType.JSON: ValueType.ANY,
    ParameterType.BOOLEAN: ValueType.BOOLEAN,
}
_NULLS: Mapping[ParameterType, Value] = {
    ParameterType.STRING: "",
    ParameterType.NUMBER: 0,
    ParameterType.LIST: [],
    ParameterType.JSON: {},
    ParameterType.BOOLEAN: False,
}
"""What a property that is null gives its parameter; one that is absent leaves it the default."""


def schema_of_template(
    name: str, template: Template, defaults: Mapping[str, Value] | None = None
) -> TypeSchema:
    """The type that a template stands for under ``name``.

    ``defaults`` are an environment's defaults for parameters, wherever they are declared.
    """
    return TypeSchema(
        name=name,
        properties={
            **dict.fromkeys(template.unreadable_parameters, PropertySchema(ValueType.ANY)),
            **{
                each.name: _property(each, (defaults or {}).get(each.name))
                for each in template.parameters.values()
            },
        },
        attributes={
            each.name: AttributeSchema(description=str(each.description or ""))
            for each in template.outputs.values()
        },
        description=str(template.description or ""),
        attribute_prefixes=(INSIDE,),
    )


def _property(declared: ParameterDeclaration, usual: Value) -> PropertySchema:
    default = declared.default if usual is None else usual
    return PropertySchema(
        type=_TYPES[declared.type],
        description=str(declared.description),
        required=default is ABSENT,
        default=ABSENT if default is None else default,
        update_allowed=True,
        immutable=declared.immutable,
        constraints=declared.constraints,
        secret=declared.hidden,
        null=_NULLS[declared.type],
    )


def parameter_value(declared: ParameterDeclaration, value: Value) -> Value:
    """What a nested template's parameter is given where its property is ``value``.

    The items of a list are joined as in a comma-delimited text: one with a comma becomes two.
    """
    if value is None:
        return _NULLS[declared.type]
    if declared.type is not ParameterType.LIST or not isinstance(value, list):
        return value
    return ",".join(value) if all(isinstance(each, str) for each in value) else value
