"""Types that templates describe."""

from __future__ import annotations

from isotherm.core.schema import ABSENT, AttributeSchema, PropertySchema, TypeSchema, ValueType
from isotherm.kit import Properties, Registry, ResourceType
from isotherm.kit.template_type import with_templates


class Plain(ResourceType[Properties]):
    name = "Test::Plain"


TYPES = Registry({Plain.name: Plain()})
WEB = TypeSchema(
    "web.yaml",
    {"size": PropertySchema(ValueType.NUMBER, required=True)},
    {"url": AttributeSchema("Where it is.")},
    attribute_prefixes=("resource.",),
)
TEMPLATES = {"web.yaml": (WEB, "the text")}


def test_a_template_stands_in_the_catalogue_beside_the_others() -> None:
    found = with_templates(TYPES, TEMPLATES)
    assert set(found) == {"Test::Plain", "web.yaml"}
    assert found["Test::Plain"] is TYPES["Test::Plain"]
    assert set(TYPES) == {"Test::Plain"}, "the catalogue of all stacks stays what it was"


def test_its_object_is_a_stack_with_the_properties_that_it_declares() -> None:
    web = with_templates(TYPES, TEMPLATES)["web.yaml"]
    assert web.nests
    assert web.type_schema() is WEB
    assert set(web.Properties.schema) == {"size"}
    assert [each.name for each in web.attributes] == ["url"]
    assert not Properties.schema, "each template has a group of its own"


def test_without_templates_the_catalogue_is_the_same() -> None:
    assert with_templates(TYPES, {}) is TYPES


def test_defaults_are_left_to_the_template_where_those_of_an_environment_come_before_them() -> None:
    size = PropertySchema(ValueType.NUMBER, default=3)
    schema = TypeSchema("web.yaml", {"size": size}, {})
    web = with_templates(TYPES, {"web.yaml": (schema, "")})["web.yaml"]
    assert web.Properties.schema["size"].default is ABSENT
    assert web.type_schema().properties["size"].default == 3
