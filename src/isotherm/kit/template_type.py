"""Types that templates describe: as far as planning needs them."""

from __future__ import annotations

from collections.abc import Iterable

from isotherm.core.schema import TypeSchema
from isotherm.kit.properties import Properties
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import ResourceType


class TemplateType(ResourceType[Properties]):
    """A resource type that a template describes; its object is a stack of its own."""

    nests = True

    def __init__(self, schema: TypeSchema) -> None:
        self._schema = schema
        self.Properties = type("TemplateProperties", (Properties,), {})
        self.Properties.schema = schema.properties

    def type_schema(self) -> TypeSchema:
        return self._schema


def with_templates(types: Registry, schemas: Iterable[TypeSchema]) -> Registry:
    """``types`` and those that templates describe, by the names in their schemas."""
    nested = {each.name: TemplateType(each) for each in schemas}
    return Registry({**types, **nested}) if nested else types
