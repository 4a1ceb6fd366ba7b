"""The Parameters section of AWS-style templates."""

from __future__ import annotations

from tests.template.support import definition

from isotherm.template import parameter_schemas


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
