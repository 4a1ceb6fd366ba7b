"""AWS-style templates, with what AWS users write today."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import Resources, definition, output, refusals

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Secret, Unknown
from isotherm.template import load_template, parameter_schemas
from isotherm.template.surroundings import NothingKnown

AWS: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {
        "Name": {"Type": "String", "Default": "web"},
        "Zones": {"Type": "List<String>", "Default": "a,b"},
        "Key": {"Type": "AWS::EC2::KeyPair::KeyName", "Default": "k"},
        "Password": {"Type": "String", "NoEcho": "true", "Default": "s3cret"},
    },
    "Resources": {"R": {"Type": "OS::Heat::Value"}},
}


def value_of(expression: Any, scope: Any = None) -> Any:
    stack = definition({**AWS, "Outputs": {"o": {"Value": expression}}})
    return output(stack, scope or Resources({"value": "v", "Outputs.X": "x"}))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Fn::Sub": "${Name}-${R}-${R.value}-${!Name}-$"}, "web-id-of-R-v-${Name}-$"),
        ({"Fn::Sub": ["${a}/${Name}", {"a": {"Ref": "Key"}}]}, "k/web"),
        ({"Fn::Sub": ["${a}${b}", {"a": 1, "b": True}]}, "1true"),
        ({"Fn::Sub": "${Password}!"}, Secret("s3cret!")),
        ({"Fn::Sub": "${AWS::StackName}"}, "stack"),
        ({"Fn::Length": {"Ref": "Zones"}}, 2),
        ({"Fn::ToJsonString": {"a": [1, {"Ref": "Name"}]}}, '{"a":[1,"web"]}'),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Cidr": ["10.0.0.0/16", "1"]}, ["10.0.0.0/24"]),
        ({"Fn::GetAtt": "R.Outputs.X"}, "x"),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}]}, {"b": []}),
        ({"Ref": "Zones"}, ["a", "b"]),
    ],
)
def test_values(expression: Any, value: Any) -> None:
    assert value_of(expression) == value


def test_sub_waits_for_what_is_unknown() -> None:
    assert value_of({"Fn::Sub": "x${R.value}"}, NothingKnown()) == Unknown("R")
    stack = definition({**AWS, "Outputs": {"o": {"Value": {"Fn::Sub": "${R.value}${R}"}}}})
    assert stack.outputs["o"].references == {"R"}
    assert stack.outputs["o"].attributes_used == {("R", "value")}


@pytest.mark.parametrize(
    "expression",
    [
        {"Fn::Sub": 5},
        {"Fn::Sub": ["a", "b"]},
        {"Fn::Sub": "${Zones}"},
        {"Fn::Sub": "${Nothing}"},
        {"Fn::Length": "abc"},
        {"Fn::ToJsonString": "abc"},
        {"Fn::Cidr": ["10.0.0.0/24", 300, 4]},
        {"Fn::Cidr": ["10.0.0.0/24", 2, 8]},
        {"Fn::Cidr": ["x", 2, 8]},
        {"Fn::Cidr": "x"},
        {"Fn::Select": [0, {"Ref": "Name"}]},
        {"Fn::FindInMap": ["Nothing", "a", "b"]},
    ],
)
def test_refusals(expression: Any) -> None:
    with pytest.raises(InvalidDocument):
        value_of(expression)


def test_short_tags_and_places() -> None:
    source = """\
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Web: {Type: OS::Heat::Value, Properties: {value: !Sub "x${Wbe.value}"}}
  Other: {Type: OS::Heat::Value, DependsOn: Web, Properties: {value: !GetAtt Web.valu}}
"""
    missing, attribute = refusals(source)
    assert (str(missing.position), missing.hint) == ("t.yaml:3:52", "did you mean 'Web'?")
    assert missing.path == "Resources.Web.Properties.value"
    assert attribute.hint == "did you mean 'value'?"


def test_loops_are_written_out() -> None:
    template = load_template(
        {
            **AWS,
            "Resources": {
                "Fn::ForEach::Servers": [
                    "Zone",
                    {"Ref": "Zones"},
                    {
                        "Server${Zone}": {
                            "Type": "OS::Heat::Value",
                            "Properties": {
                                "value": {"Ref": "Zone"},
                                "Fn::ForEach::More": ["N", [1, 2], {"p${N}": "${Zone}${N}"}],
                            },
                        }
                    },
                ]
            },
        }
    )
    resources = template.data["Resources"]
    assert list(resources) == ["Servera", "Serverb"]
    assert resources["Serverb"]["Properties"] == {"value": "b", "p1": "b1", "p2": "b2"}
    assert list(template.resources) == ["Servera", "Serverb"]


@pytest.mark.parametrize("loop", [5, ["x", ["a"]], ["x", {"Ref": "Q"}, {}], ["x", [["a"]], {}]])
def test_wrong_loops(loop: Any) -> None:
    (found,) = refusals({**AWS, "Resources": {"Fn::ForEach::L": loop}})
    assert found.path.startswith("Resources.Fn::ForEach::L")


def test_loop_bombs_are_refused() -> None:
    body: Any = {"k": "v"}
    for level in range(12):
        body = {
            f"Fn::ForEach::L{level}": [f"n{level}", list("abcdefghij"), {f"${{n{level}}}": body}]
        }
    found = refusals({**AWS, "Resources": body})
    assert any("too big" in each.text for each in found)


def test_parameters() -> None:
    stack = definition(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {
                "a": {
                    "Type": "String",
                    "MinLength": "1",
                    "MaxLength": 5,
                    "AllowedPattern": "[a-z]+",
                    "AllowedValues": ["x", "y"],
                    "ConstraintDescription": "short",
                    "Default": "x",
                    "NoEcho": "maybe",
                },
                "b": {"Type": "Number", "MinValue": "1", "MaxValue": 3, "Default": 2},
            },
        }
    )
    schemas = parameter_schemas(stack)
    assert schemas["a"]["NoEcho"] == "true"
    assert schemas["a"]["ConstraintDescription"] == "short short short"
    assert (schemas["a"]["MinLength"], schemas["a"]["MaxLength"]) == (1, 5)
    assert (schemas["b"]["MinValue"], schemas["b"]["MaxValue"]) == (1, 3)
