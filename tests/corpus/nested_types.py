"""Types that are templates of the corpus, as far as checking and planning need them."""

from __future__ import annotations

from pathlib import Path

from isotherm.core.schema import TypeSchema
from isotherm.kit.properties import Properties
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import ResourceType
from isotherm.template import StackDefinition, load_template, schema_of_template
from isotherm.template.registry import is_template


class TemplateType(ResourceType[Properties]):
    """A resource type that a template describes."""

    def __init__(self, schema: TypeSchema) -> None:
        self._schema = schema
        self.Properties = type("TemplateProperties", (Properties,), {})
        self.Properties.schema = schema.properties

    def type_schema(self) -> TypeSchema:
        return self._schema


def with_templates(types: Registry, definition: StackDefinition, folder: Path) -> Registry:
    """``types`` and the templates that ``definition`` uses as types, read from ``folder``."""
    named = {each.type for each in definition.resources.values() if is_template(each.type)}
    templates = {
        name: load_template((folder / name).read_text(encoding="utf-8"), file=name)
        for name in sorted(named)
    }
    nested = {
        name: TemplateType(schema_of_template(name, template))
        for name, template in templates.items()
    }
    return Registry({**types, **nested})
