"""Templates, types and scopes that the tests of the language share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from isotherm.core.diagnostics import Diagnostic, InvalidDocument
from isotherm.core.schema import AttributeSchema, PropertySchema, TypeSchema, ValueType
from isotherm.core.values import Value
from isotherm.template import (
    PseudoParameters,
    StackDefinition,
    bind,
    check,
    inside,
    load_environment,
    load_template,
)

PSEUDO = PseudoParameters("stack-id", "stack", "region", "project")
Source = str | bytes | Mapping[str, Any]


def property_of(kind: str, **options: Any) -> PropertySchema:
    return PropertySchema(ValueType(kind), **options)


def type_of(name: str, *attributes: str, **properties: PropertySchema) -> TypeSchema:
    return TypeSchema(name, properties, {each: AttributeSchema() for each in attributes})


class Types:
    """A small catalogue."""

    known: Mapping[str, TypeSchema] = {
        each.name: each
        for each in (
            type_of("OS::Heat::None"),
            type_of("OS::Heat::Value", "value", value=property_of("any")),
            type_of("OS::Cinder::Volume", "status", size=property_of("integer")),
            type_of(
                "OS::Nova::Server",
                "addresses",
                flavor=property_of("string", required=True),
                image=property_of("string"),
                metadata=property_of("map"),
            ),
            type_of(
                "OS::Cinder::VolumeAttachment",
                instance_uuid=property_of("string", required=True),
                volume_id=property_of("string", required=True),
                mountpoint=property_of("string"),
            ),
        )
    }

    def lookup(self, type_name: str) -> TypeSchema | None:
        return self.known.get(type_name)

    def names(self) -> Collection[str]:
        return self.known.keys()


class Resources:
    """A scope in which resources have run."""

    def __init__(self, attributes: Mapping[str, Value], ids: Mapping[str, Value] | None = None):
        self.attributes, self.ids = attributes, ids or {}

    def reference(self, resource: str) -> Value:
        return self.ids.get(resource, f"id-of-{resource}")

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        return inside(self.attributes[name], steps) if name else dict(self.attributes)


def definition(
    source: Source,
    environment: Source | None = None,
    *,
    files: Mapping[str, str] | None = None,
    **options: Any,
) -> StackDefinition:
    return bind(
        load_template(source),
        load_environment(environment),
        pseudo=PSEUDO,
        files=files or {},
        **options,
    )


def output(stack: StackDefinition, scope: Resources | None = None, name: str = "o") -> Value:
    return stack.evaluate(stack.outputs[name].value, scope or Resources({}))


def value_of(
    expression: Any,
    *,
    version: str = "2021-04-16",
    given: Mapping[str, Any] | None = None,
    **sections: Any,
) -> Value:
    """The value of one expression, as an output of a HOT template.

    ``given`` are values of parameters that take anything: what is read from them is not
    yet known when the template is compiled.
    """
    parameters = {
        name: {"type": "string" if isinstance(each, str) else "json", "default": each}
        for name, each in (given or {}).items()
    }
    source = {
        "heat_template_version": version,
        "parameters": parameters,
        **sections,
        "outputs": {"o": {"value": expression}},
    }
    return output(definition(source))


def aws_value_of(
    expression: Any,
    *,
    version: str = "2010-09-09",
    given: Mapping[str, Any] | None = None,
    **sections: Any,
) -> Value:
    """The value of one expression, as an output of an AWS-style template."""
    parameters = {
        name: {"Type": "String" if isinstance(each, str) else "Json", "Default": each}
        for name, each in (given or {}).items()
    }
    source = {
        "AWSTemplateFormatVersion": version,
        "Parameters": parameters,
        **sections,
        "Outputs": {"o": {"Value": expression}},
    }
    return output(definition(source))


def refusals(source: Source, environment: Source | None = None) -> list[Diagnostic]:
    """What the check of a whole template finds."""
    return list(check(source, Types(), environment=load_environment(environment), file="t.yaml"))


def refusal(expression: Any, **options: Any) -> str:
    """Why an expression of a HOT template is refused, at whatever time."""
    return _refused(value_of, expression, options)


def aws_refusal(expression: Any, **options: Any) -> str:
    """Why an expression of an AWS-style template is refused, at whatever time."""
    return _refused(aws_value_of, expression, options)


def _refused(evaluate: Callable[..., Value], expression: Any, options: Mapping[str, Any]) -> str:
    try:
        value = evaluate(expression, **options)
    except InvalidDocument as invalid:
        return str(invalid)
    raise AssertionError(f"not refused, but {value!r}")
