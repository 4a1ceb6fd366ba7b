"""Types that templates describe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from isotherm.core.schema import ABSENT, Blueprint, TypeSchema
from isotherm.core.values import Secret, Value
from isotherm.kit.attributes import Attribute
from isotherm.kit.context import Context
from isotherm.kit.properties import Properties
from isotherm.kit.registry import Registry
from isotherm.kit.stack_type import StackType
from isotherm.template import (
    REFERENCE_OUTPUT,
    UNLIMITED_SIZE,
    FileTypes,
    TemplateFile,
    parameter_value,
    read_document,
)


class TemplateType(StackType[Properties]):
    """A type made of a template: its parameters are properties, its outputs attributes."""

    def __init__(self, file: TemplateFile) -> None:
        self.name = file.schema.name
        self._file = file
        self.attributes = [
            Attribute(name, each, name, fetched=False)
            for name, each in file.schema.attributes.items()
            if name != REFERENCE_OUTPUT
        ]
        self.Properties = type("TemplateProperties", (Properties,), {})
        # Defaults are the template's business: those of the environment come before them.
        self.Properties.schema = {
            name: replace(each, default=ABSENT) for name, each in file.schema.properties.items()
        }

    def type_schema(self) -> TypeSchema:
        return self._file.schema

    def blueprint(self, ctx: Context[Any]) -> Blueprint:
        given = {name: self._parameter(name, value) for name, value in ctx.sealed.items()}
        return Blueprint(self._file.text, given)

    async def standing(self, ctx: Context[Any]) -> Blueprint | None:
        return self.blueprint(ctx)

    def _parameter(self, name: str, value: Value) -> Value:
        if isinstance(value, Secret):
            return Secret(self._parameter(name, value.reveal()))
        return parameter_value(self._file.template.parameters[name], value)


def template_file(name: str, text: str) -> TemplateFile:
    """A template of the package as the type ``name``."""
    return FileTypes(Registry({}), {name: text}).templates_among([name])[0]


def template_data(text: str) -> dict[str, Any]:
    """A template as data that may be changed. Raises InvalidDocument."""
    return dict(read_document(text, "", UNLIMITED_SIZE, "template").data)


class FormerTemplateType(StackType[Properties]):
    """Stands for a template that is not among the files any more: its stack can still go."""

    def blueprint(self, ctx: Context[Any]) -> Blueprint:
        raise LookupError(ctx.resource)


FORMER_TEMPLATE = FormerTemplateType()


def with_templates(types: Registry, files: Iterable[TemplateFile]) -> Registry:
    """``types`` and those that templates describe."""
    nested = {each.schema.name: TemplateType(each) for each in files}
    return types.including(nested) if nested else types
