"""The Parameters section of AWS-style templates."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import definition

from isotherm.core.constraints import AllowedPattern, AllowedValues, Length, Range
from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import load_template, parameter_schemas
from isotherm.template.parameters import ParameterDeclaration, ParameterType


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


def declared(**parameter: Any) -> ParameterDeclaration:
    source = {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": {"p": parameter}}
    return load_template(source).parameters["p"]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("String", ParameterType.STRING),
        ("Number", ParameterType.NUMBER),
        ("Json", ParameterType.JSON),
        ("Boolean", ParameterType.BOOLEAN),
        ("CommaDelimitedList", ParameterType.LIST),
        ("List<Number>", ParameterType.LIST),
        ("List<AWS::EC2::Subnet::Id>", ParameterType.LIST),
        ("AWS::EC2::Subnet::Id", ParameterType.STRING),
        ("AWS::Route53::HostedZone::Id", ParameterType.STRING),
        ("AWS::SSM::Parameter::Value<List<String>>", ParameterType.LIST),
        ("AWS::SSM::Parameter::Value<String>", ParameterType.STRING),
    ],
)
def test_typed_ids_are_text_and_typed_lists_are_lists(written: str, kind: ParameterType) -> None:
    assert declared(Type=written).type is kind


def test_what_is_not_said_has_its_usual_value() -> None:
    plain = declared(Type="String")
    assert (plain.required, plain.label, plain.description, plain.hidden) == (True, "p", "", False)
    assert plain.constraints == ()
    said = declared(Type="String", Default="x", Label="L", Description="D", NoEcho="yes")
    assert (said.required, said.label, said.description, said.hidden) == (False, "L", "D", True)


@pytest.mark.parametrize(
    ("limits", "constraint"),
    [
        ({"MinLength": 0}, Length(0, None)),
        ({"MaxLength": "5", "ConstraintDescription": "why"}, Length(None, 5, "why")),
        ({"AllowedValues": ["a"]}, AllowedValues(("a",))),
        ({"AllowedPattern": "a+", "ConstraintDescription": "why"}, AllowedPattern("a+", "why")),
    ],
)
def test_limits_of_texts(limits: dict[str, Any], constraint: Any) -> None:
    assert declared(Type="String", **limits).constraints == (constraint,)


def test_limits_of_numbers() -> None:
    assert declared(Type="Number", MinValue=0.5).constraints == (Range(0.5, None),)
    assert declared(Type="Number", MaxValue=0).constraints == (Range(None, 0),)


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        ({"Type": ["String"]}, "Invalid type (['String'])"),
        ({"Type": "Zzz"}, "(one of String, Number, CommaDelimitedList, Json, Boolean)"),
        ({"Type": "List<String"}, "Invalid type (List<String)"),
        ({"Type": "AWS::S3::Bucket"}, "Invalid type (AWS::S3::Bucket)"),
        ({"Type": "String", "MinLength": 1.5}, "1.5 is not a whole number"),
        ({"Type": "String", "AllowedValues": {"a": 1}}, "AllowedValues must be a list"),
    ],
)
def test_declarations_that_are_none_are_refused(parameter: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        declared(**parameter)
    assert words in str(caught.value)
