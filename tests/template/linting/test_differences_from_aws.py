"""What lint tells of templates that mean something else on AWS."""

from __future__ import annotations

import pytest
from tests.template.support import Types, property_of, type_of

from isotherm.core.schema import TypeSchema
from isotherm.template import lint

AWS = {
    each.name: each
    for each in (
        type_of("AWS::RDS::DBInstance"),
        type_of(
            "AWS::EC2::VPC",
            CidrBlock=property_of("string", description="Not used: subnets have addresses."),
            Zone=property_of("string", description="Not used.", required=True),
            Name=property_of("string", description="Its name."),
        ),
    )
}


SECRETLY = "take a parameter with NoEcho, or OS::Barbican::Secret"


class TypesOfAws(Types):
    def lookup(self, type_name: str) -> TypeSchema | None:
        return AWS.get(type_name) or super().lookup(type_name)


def told(text: str) -> list[str]:
    found = lint(f"AWSTemplateFormatVersion: '2010-09-09'\n{text}", TypesOfAws(), file="t")
    return [f"{each.name} {each.path}: {each.text} ({each.hint})" for each in found]


def value(text: str) -> list[str]:
    return told(f"Outputs: {{o: {{Value: {text}}}}}")


@pytest.mark.parametrize("name", ["Region", "AccountId", "Partition", "URLSuffix"])
def test_pseudo_parameters_whose_values_differ(name: str) -> None:
    for written in (f"{{Ref: AWS::{name}}}", f"{{Fn::Sub: 'in ${{AWS::{name}}} and on'}}"):
        (warned,) = value(written)
        assert warned.startswith("aws-value Outputs.o.Value")
        assert f"AWS::{name} is another value than on AWS (it is " in warned


def test_a_pseudo_parameter_is_told_once() -> None:
    (warned,) = value("[{Ref: AWS::Region}, {Fn::Join: [x, [{Ref: AWS::Region}, y]]}]")
    assert "AWS::Region" in warned


@pytest.mark.parametrize(
    "written",
    [
        "{Ref: AWS::StackName}",
        "{Fn::Sub: 'cfn-init --region ${AWS::Region} -s x'}",
        "{Fn::Join: ['', ['cfn-init --region=', {Ref: AWS::Region}]]}",
        '{Fn::Sub: "[main]\\nregion=${AWS::Region}\\n"}',
        "{Fn::GetAZs: {Ref: AWS::Region}}",
    ],
)
def test_what_does_no_harm_is_not_told(written: str) -> None:
    assert value(written) == []


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("'{{resolve:ssm:name:1}}'", "take a parameter"),
        (
            "'a {{resolve:ssm-secure:name}}'",
            "take a parameter with NoEcho, or OS::Barbican::Secret",
        ),
        (
            "{Fn::Join: ['', ['{{resolve:secretsmanager:x}}']]}",
            "take a parameter with NoEcho, or OS::Barbican::Secret",
        ),
    ],
)
def test_dynamic_references_stay_texts(written: str, hint: str) -> None:
    (warned,) = value(written)
    assert warned.startswith("aws-lookup Outputs.o.Value")
    assert warned.endswith(f"is not looked up: the text stays as it is ({hint})")


def test_parameters_are_not_looked_up_in_a_store() -> None:
    (warned,) = told(
        "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>'}, Q: {Type: String}}\n"
        "Outputs: {o: {Value: [{Ref: P}, {Ref: Q}]}}"
    )
    assert warned.startswith("aws-lookup Parameters.P.Type: the value of parameter P is not")


def test_properties_that_have_no_effect() -> None:
    (warned,) = told(
        "Resources: {v: {Type: AWS::EC2::VPC, Properties: {CidrBlock: x, Zone: y, Name: z}}}"
    )
    assert warned == (
        "aws-ignored-property Resources.v.Properties.CidrBlock: property CidrBlock of"
        " AWS::EC2::VPC has no effect here (subnets have addresses)"
    )


@pytest.mark.parametrize("policy", ["", ", DeletionPolicy: Delete", ", DeletionPolicy: Retain"])
def test_databases_of_which_aws_would_keep_a_snapshot(policy: str) -> None:
    found = told(f"Resources: {{d: {{Type: AWS::RDS::DBInstance{policy}}}}}")
    assert [each.partition(":")[0] for each in found] == (
        [] if policy else ["aws-default Resources.d.Type"]
    )


@pytest.mark.parametrize(
    ("key", "instead"),
    [
        ("UpdateReplacePolicy", "DeletionPolicy holds for what is replaced, too"),
    ],
)
def test_policies_that_only_aws_has(key: str, instead: str) -> None:
    (warned,) = told(f"Resources: {{a: {{Type: OS::Heat::None, {key}: x}}}}")
    assert warned.startswith("unknown-key")
    assert instead in warned


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ("{ResourceSignal: {Count: 2, Timeout: PT15M}}", ""),
        ("{ResourceSignal: {Count: {'Fn::GetAtt': [b, show]}}}", ""),
        ("{ResourceSignal: {Timeout: soon}}", "Timeout is a time up to twelve hours"),
        ("{AutoScalingCreationPolicy: {}}", "it has no effect without ResourceSignal"),
        ("x", "it has no effect without ResourceSignal"),
        ("{'Fn::GetAtt': [b, show]}", ""),
    ],
)
def test_what_a_creation_waits_for(policy: str, problem: str) -> None:
    found = told(
        f"Resources: {{a: {{Type: OS::Heat::None, CreationPolicy: {policy}}},"
        " b: {Type: OS::Heat::None}}"
    )
    about = [each for each in found if "CreationPolicy" in each and "aws-value" not in each]
    assert len(about) == bool(problem)
    assert all(problem in each for each in about)


def test_functions_that_only_aws_has() -> None:
    (warned,) = value("{Fn::Transform: {Name: x}}")
    assert warned.startswith("misplaced-call")
    assert "there are no macros" in warned


def test_templates_of_openstack_are_not_compared() -> None:
    text = "heat_template_version: 2021-04-16\noutputs: {o: {value: '{{resolve:ssm:x}}'}}"
    assert not list(lint(text, TypesOfAws(), file="t"))
