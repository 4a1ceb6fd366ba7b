"""Types that templates describe."""

from __future__ import annotations

import asyncio

import pytest
from tests.kit.test_stack_type import Stacks, context

from isotherm.core.schema import ABSENT
from isotherm.core.values import Secret
from isotherm.kit import Pending, Properties, Registry, ResourceType
from isotherm.kit.template_type import FORMER_TEMPLATE, TemplateType, with_templates
from isotherm.template import TemplateFile, load_template, schema_of_template

TEXT = """\
heat_template_version: 2021-04-16
parameters:
  size: {type: number, default: 3}
  names: {type: comma_delimited_list, default: ""}
outputs:
  url: {value: http}
  OS::stack_id: {value: its own}
"""


class Plain(ResourceType[Properties]):
    name = "Test::Plain"


TYPES = Registry({Plain.name: Plain()})


def template_file(text: str = TEXT) -> TemplateFile:
    template = load_template(text)
    return TemplateFile(schema_of_template("web.yaml", template), template, text)


def test_a_template_stands_in_the_catalogue_beside_the_others() -> None:
    found = with_templates(TYPES, [template_file()])
    assert set(found) == {"Test::Plain", "web.yaml"}
    assert found["Test::Plain"] is TYPES["Test::Plain"]
    assert set(TYPES) == {"Test::Plain"}, "the catalogue of all stacks stays what it was"


def test_its_object_is_a_stack_with_the_properties_and_outputs_of_the_template() -> None:
    web = TemplateType(template_file())
    assert web.nests
    assert web.type_schema() is not None
    assert set(web.Properties.schema) == {"size", "names"}
    assert [each.name for each in web.attributes] == ["url"]
    assert not Properties.schema, "each template has a group of its own"


def test_without_templates_the_catalogue_is_the_same() -> None:
    assert with_templates(TYPES, []) is TYPES


def test_defaults_are_left_to_the_template_where_those_of_an_environment_come_before_them() -> None:
    web = TemplateType(template_file())
    assert web.Properties.schema["size"].default is ABSENT
    assert web.type_schema().properties["size"].default == 3


def test_properties_become_parameters_as_the_template_takes_them() -> None:
    sealed = {"size": 3, "names": Secret(["a", "b"])}
    blueprint = TemplateType(template_file()).blueprint(context(Stacks(), sealed=sealed))
    assert blueprint.template == TEXT
    assert blueprint.parameters["size"] == 3
    names = blueprint.parameters["names"]
    assert isinstance(names, Secret)
    assert names.reveal() == "a,b"


def test_a_template_that_is_no_file_any_more_can_only_go() -> None:
    stacks = Stacks()
    ctx = context(stacks, physical_id="s")
    assert asyncio.run(FORMER_TEMPLATE.delete(ctx)) == Pending(0)
    assert stacks.asked == [("delete", "s")]
    with pytest.raises(LookupError, match="web"):
        asyncio.run(FORMER_TEMPLATE.create(ctx))
