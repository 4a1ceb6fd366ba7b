"""Attributes that a template reads."""

from __future__ import annotations

import pytest
from tests.template.support import Types, definition

from isotherm.core.schema import AttributeSchema, TypeSchema
from isotherm.template import validate

POLICY = TypeSchema(
    "Test::Policy",
    {},
    {"size": AttributeSchema(), "url": AttributeSchema(implemented=False)},
)


class Policies(Types):
    def lookup(self, type_name: str) -> TypeSchema | None:
        return POLICY if type_name == POLICY.name else None


@pytest.mark.parametrize(
    ("attribute", "told"),
    [
        ("size", []),
        ("url", ["Attribute url of Test::Policy is not supported yet"]),
        ("other", ["The Referenced Attribute (p other) is incorrect."]),
    ],
)
def test_what_has_no_value_yet_is_refused(attribute: str, told: list[str]) -> None:
    stack = definition(
        {
            "heat_template_version": "2021-04-16",
            "resources": {"p": {"type": "Test::Policy"}},
            "outputs": {"o": {"value": {"get_attr": ["p", attribute]}}},
        }
    )
    found = validate(stack, Policies())
    assert [each.text for each in found] == told


def test_of_several_reads_only_the_wrong_one_is_told() -> None:
    reads = [{"get_attr": ["p", "size"]}, {"get_attr": ["p", "other"]}]
    stack = definition(
        {
            "heat_template_version": "2021-04-16",
            "resources": {"p": {"type": "Test::Policy"}},
            "outputs": {"o": {"value": reads}},
        }
    )
    (found,) = validate(stack, Policies())
    assert found.path == "outputs.o.value.1"
