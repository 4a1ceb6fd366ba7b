"""Names under which outputs are exported."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import definition, refusals

from isotherm.template import exported_values

AWS: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {
        "Stage": {"Type": "String", "Default": "test"},
        "Password": {"Type": "String", "NoEcho": True, "Default": "s3cret"},
        "Given": {"Type": "String"},
    },
    "Conditions": {"Never": {"Fn::Equals": [1, 2]}},
    "Resources": {"R": {"Type": "OS::Heat::Value", "Properties": {"value": 1}}},
}


def exporting(*names: Any) -> dict[str, Any]:
    outputs = {f"o{i}": {"Value": "v", "Export": {"Name": n}} for i, n in enumerate(names)}
    return {**AWS, "Outputs": outputs}


def test_names_are_told_before_anything_runs() -> None:
    source = exporting("a", {"Fn::Sub": "${Stage}-net"}, {"Ref": "AWS::StackName"})
    source["Outputs"]["own"] = {"Value": "not exported"}
    stack = definition(source, {"parameters": {"Given": "g"}})
    assert exported_values(stack).keys() == {"a", "test-net", "stack"}


def test_names_that_nothing_tells_are_left_out() -> None:
    names = ["a", 5, {"Ref": "R"}, {"Fn::Join": ["", [{}]]}, {"Fn::Sub": "${R.value}"}]
    stack = definition(exporting(*names), {"parameters": {"Given": "g"}})
    assert exported_values(stack).keys() == {"a"}


def test_what_a_condition_switches_off_exports_nothing() -> None:
    source = exporting("a")
    source["Outputs"]["o0"]["Condition"] = "Never"
    assert not exported_values(definition(source, {"parameters": {"Given": "g"}}))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ({"Ref": "R"}, "cannot depend on resources"),
        ({"Fn::Sub": "x-${R.value}"}, "cannot depend on resources"),
        ("", "plain text of 1 to 255 characters"),
        (5, "plain text of 1 to 255 characters"),
        (["a"], "plain text of 1 to 255 characters"),
        ("x" * 256, "plain text of 1 to 255 characters"),
        ({"Ref": "Password"}, "plain text of 1 to 255 characters"),
        ({"Fn::Join": ["", [{}]]}, "must be text"),
    ],
)
def test_names_that_are_none_are_refused(name: Any, words: str) -> None:
    (found,) = refusals(exporting(name), {"parameters": {"Given": "g"}})
    assert words in found.text
    assert found.path.startswith("Outputs.o0.Export.Name")
    assert "s3cret" not in str(found)


def test_a_name_is_exported_once() -> None:
    (found,) = refusals(exporting("a", "b", "a"), {"parameters": {"Given": "g"}})
    assert (found.text, found.path) == ("the template exports a twice", "Outputs.o2.Export.Name")


def test_a_name_that_nobody_knows_yet_is_no_mistake() -> None:
    assert not [each for each in refusals(exporting({"Ref": "Given"})) if "export" in each.text]
