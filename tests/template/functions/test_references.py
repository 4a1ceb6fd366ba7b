"""get_resource, Ref: what stands for a resource, usually its physical id."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import (
    PSEUDO,
    Resources,
    aws_refusal,
    aws_value_of,
    definition,
    output,
    refusal,
)

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Secret, Unknown
from isotherm.template.binding.surroundings import NothingKnown

HOT: dict[str, Any] = {
    "parameters": {"name": {"type": "string", "default": "r"}},
    "resources": {"r": {"type": "OS::Heat::Value"}},
}
AWS: dict[str, Any] = {
    "Parameters": {
        "Name": {"Type": "String", "Default": "R"},
        "Key": {"Type": "String", "NoEcho": True, "Default": "k"},
    },
    "Resources": {"R": {"Type": "OS::Heat::Value"}},
}
COMPUTED = {"list_join": ["", [{"get_attr": ["r", "value"]}]]}


def read(call: Any, scope: Any = None) -> Any:
    source = {"heat_template_version": "2021-04-16", **HOT, "outputs": {"o": {"value": call}}}
    return output(definition(source), scope or Resources({"value": "r"}))


def aws_stack(call: Any) -> Any:
    source = {"AWSTemplateFormatVersion": "2010-09-09", **AWS, "Outputs": {"o": {"Value": call}}}
    return definition(source)


def test_get_resource() -> None:
    assert read({"get_resource": "r"}) == "id-of-r"
    assert read({"get_resource": {"get_param": "name"}}) == "id-of-r"
    assert read({"get_resource": "r"}, Resources({}, {"r": Secret("s")})) == Secret("s")


def test_a_reference_that_is_computed_from_the_unknown_waits() -> None:
    assert read({"get_resource": COMPUTED}) == "id-of-r"
    assert read({"get_resource": COMPUTED}, NothingKnown()) == Unknown("r")


@pytest.mark.parametrize("argument", [["r"], {"a": 1}])
def test_a_wrong_form_is_refused(argument: Any) -> None:
    assert "write get_resource: RESOURCE" in refusal({"get_resource": argument}, **HOT)


def test_a_resource_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidDocument, match='"zz" is incorrect') as caught:
        read({"get_resource": "zz"})
    assert caught.value.diagnostics[0].error == "InvalidTemplateReference"


def test_ref_reads_parameters_and_resources() -> None:
    assert output(aws_stack({"Ref": "R"})) == "id-of-R"
    assert output(aws_stack({"Ref": "Name"})) == "R"
    assert output(aws_stack({"Ref": {"Ref": "Name"}})) == "id-of-R"
    assert output(aws_stack({"Ref": "Key"})) == Secret("k")
    assert output(aws_stack({"Ref": "AWS::StackName"})) == "stack"
    assert output(aws_stack({"a": {"Ref": "AWS::NoValue"}})) == {}


def test_only_references_to_resources_are_dependencies() -> None:
    calls = [{"Ref": each} for each in ("R", "Name", "AWS::NoValue")]
    assert aws_stack(calls).outputs["o"].references == {"R"}
    assert aws_stack({"Ref": {"Fn::GetAtt": ["R", "value"]}}).outputs["o"].references == {"R"}


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        (["R"], "write Ref: RESOURCE-OR-PARAMETER"),
        ("Zz", '"Zz" is incorrect'),
        ({"Ref": "Key"}, ""),
    ],
)
def test_wrong_refs_are_refused(argument: Any, words: str) -> None:
    assert words in aws_refusal({"Ref": argument}, **AWS)


def test_pseudo_parameters_of_aws_have_values_but_are_not_listed() -> None:
    names = ("Partition", "URLSuffix", "AccountId", "NotificationARNs")
    stack = aws_stack([{"Ref": f"AWS::{name}"} for name in names])
    assert output(stack) == ["aws", "amazonaws.com", PSEUDO.project_id, []]
    shown = stack.shown_parameters()
    assert {"AWS::StackId", "AWS::StackName", "AWS::Region"} <= shown.keys()
    assert not shown.keys() & {f"AWS::{name}" for name in names}


def test_a_parameter_that_is_called_no_value_has_one() -> None:
    parameters = {"AWS::NoValue": {"Type": "String", "Default": "x"}}
    assert aws_value_of({"Ref": "AWS::NoValue"}, Parameters=parameters) == "x"


def test_in_conditions_ref_reads_parameters_only() -> None:
    def decide(name: Any) -> Any:
        conditions = {"c": {"Fn::Equals": [{"Ref": name}, "R"]}}
        source = {"AWSTemplateFormatVersion": "2010-09-09", **AWS, "Conditions": conditions}
        return output(definition({**source, "Outputs": {"o": {"Value": {"Fn::If": ["c", 1, 2]}}}}))

    assert decide("Name") == 1
    with pytest.raises(InvalidDocument, match='"R" is incorrect'):
        decide("R")
    with pytest.raises(InvalidDocument, match="write Ref: PARAMETER"):
        decide(["Name"])
