"""Types that templates describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from isotherm.core.schema import ABSENT, TypeSchema
from isotherm.kit.attributes import Attribute
from isotherm.kit.context import Context
from isotherm.kit.nested_stacks import Blueprint
from isotherm.kit.properties import Properties
from isotherm.kit.registry import Registry
from isotherm.kit.stack_type import StackType
from isotherm.template import REFERENCE_OUTPUT


class TemplateType(StackType[Properties]):
    """A type made of a template: its parameters are properties, its outputs attributes."""

    def __init__(self, schema: TypeSchema, template: str) -> None:
        self.name = schema.name
        self._schema = schema
        self._template = template
        self.attributes = [
            Attribute(name, each, name, fetched=False)
            for name, each in schema.attributes.items()
            if name != REFERENCE_OUTPUT
        ]
        self.Properties = type("TemplateProperties", (Properties,), {})
        # Defaults are the template's business: those of the environment come before them.
        self.Properties.schema = {
            name: replace(each, default=ABSENT) for name, each in schema.properties.items()
        }

    def type_schema(self) -> TypeSchema:
        return self._schema

    def blueprint(self, ctx: Context[Any]) -> Blueprint:
        return Blueprint(self._template, dict(ctx.sealed))


FORMER_TEMPLATE = TemplateType(TypeSchema("", {}, {}, open=True), "")
"""Stands for a template that is not among the files any more: its stack can still go."""


def with_templates(types: Registry, templates: Mapping[str, tuple[TypeSchema, str]]) -> Registry:
    """``types`` and those that templates describe: by name their schemas and texts."""
    nested = {name: TemplateType(*each) for name, each in templates.items()}
    return Registry({**types, **nested}) if nested else types
