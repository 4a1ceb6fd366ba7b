"""Conditions inside of values: what is wrong with them is told by validation."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import refusals

AWS: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {"s": {"Type": "String", "Default": "x"}},
    "Mappings": {"M": {"a": {"b": True}}},
    "Conditions": {"yes": {"Fn::Equals": [1, 1]}},
    "Resources": {"v": {"Type": "OS::Heat::Value", "Properties": {"value": 1}}},
}
WRONG = [
    ({"Ref": "nope"}, '"nope" is incorrect'),
    ({"Fn::Equals": [{"Ref": "v"}, 1]}, '"v" is incorrect'),
    ({"Fn::Equals": [{"Fn::FindInMap": ["M", "q", "b"]}, 1]}, 'has no key "q"'),
    ("nope", "nope"),
    (5, 'Invalid condition "5"'),
]


@pytest.mark.parametrize(("condition", "words"), WRONG)
def test_in_outputs(condition: Any, words: str) -> None:
    value = {"a": [{"Fn::If": [condition, 1, 2]}]}
    found = refusals({**AWS, "Outputs": {"o": {"Value": value}}})
    assert [each.text for each in found if words in each.text], found
    assert {each.path.split(".a.")[0] for each in found} == {"Outputs.o.Value"}


@pytest.mark.parametrize(("condition", "words"), WRONG)
def test_in_properties_they_are_told_once(condition: Any, words: str) -> None:
    value = {"Type": "OS::Heat::Value", "Properties": {"value": {"Fn::If": [condition, 1, 2]}}}
    (found,) = refusals({**AWS, "Resources": {**AWS["Resources"], "r": value}})
    assert words in found.text
    assert found.path.startswith("Resources.r.Properties.value")


def test_what_a_condition_rules_out_is_not_looked_at() -> None:
    value = {"Fn::If": ["yes", 1, {"Fn::If": [{"Ref": "nope"}, 1, 2]}]}
    assert not refusals({**AWS, "Outputs": {"o": {"Value": value}}})
