"""Stacks that stand in for types: known by name, loaded when they are needed."""

from __future__ import annotations

from isotherm.kit import (
    Properties,
    Registry,
    ResourceType,
    TemplateType,
    register,
    stand_in_of,
    template_data,
    template_file,
)

TEXT = """\
HeatTemplateFormatVersion: 2012-12-12
Parameters: {Size: {Type: String}}
Outputs: {Place: {Value: here}}
"""
NAME = stand_in_of("Test::Plain")


class Plain(ResourceType[Properties]):
    name = "Test::Plain"


@register(NAME)
class Other(TemplateType):
    def __init__(self) -> None:
        super().__init__(template_file(self.name, TEXT))


def test_a_stand_in_is_loaded_when_it_is_needed_and_known_to_catalogues_made_of_this_one() -> None:
    types = Registry({"Test::Plain": Plain()})
    assert (list(types.stand_ins), types.get(NAME)) == ([], None)
    found = types.with_stand_ins({"Test::Plain": __name__})
    assert list(found.stand_ins) == ["Test::Plain"]
    assert isinstance(found[NAME], Other)
    assert found[NAME].nests
    more = found.including({"Test::More": Plain()})
    assert list(more.stand_ins) == ["Test::Plain"]


def test_it_has_the_properties_and_attributes_of_its_template() -> None:
    schema = Other().type_schema()
    assert (list(schema.properties), schema.attributes.keys() >= {"Place"}) == (["Size"], True)


def test_a_template_is_data_that_may_be_changed() -> None:
    data = template_data(TEXT)
    data["Outputs"] = {}
    assert data["HeatTemplateFormatVersion"] == "2012-12-12"
    assert template_data(TEXT)["Outputs"] == {"Place": {"Value": "here"}}
