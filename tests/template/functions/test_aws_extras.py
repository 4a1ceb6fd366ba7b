"""Fn::Sub, Fn::ImportValue, Fn::Cidr and others: what AWS users write beyond the reference."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import PSEUDO, Resources, definition, output, refusals

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Secret, Unknown
from isotherm.template import EMPTY_ENVIRONMENT, Outside, bind, load_template
from isotherm.template.binding.surroundings import NothingKnown
from isotherm.template.limits import MAX_TEXT

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
        ({"Fn::Cidr": ["10.0.0.1/24", 2, 7]}, ["10.0.0.0/25", "10.0.0.128/25"]),
        ({"Fn::Cidr": ["2001:db8::/56", 1, 64]}, ["2001:db8::/64"]),
        ({"Fn::Length": {"Fn::Cidr": ["10.0.0.0/24", 256, 0]}}, 256),
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
    assert stack.outputs["o"].attributes_used == {("R", "value", "")}


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ({"Fn::Sub": 5}, "write Fn::Sub: TEXT or Fn::Sub: [TEXT, {NAME: VALUE, …}]"),
        ({"Fn::Sub": ["a", "b"]}, "write Fn::Sub: TEXT"),
        ({"Fn::Sub": ["a", {}, {}]}, "write Fn::Sub: TEXT"),
        ({"Fn::Sub": "${Zones}"}, "only texts and numbers can be put into a text"),
        ({"Fn::Sub": "${Nothing}"}, '"Nothing" is incorrect'),
        ({"Fn::Length": "abc"}, "write Fn::Length: LIST"),
        ({"Fn::ToJsonString": "abc"}, "write Fn::ToJsonString: MAP-OR-LIST"),
        ({"Fn::Cidr": ["10.0.0.0/24", 300, 4]}, "does not have 300 subnets of 4 host bits"),
        ({"Fn::Cidr": ["10.0.0.0/24", 0, 4]}, "does not have 0 subnets of 4 host bits"),
        ({"Fn::Cidr": ["10.0.0.0/24", 2, 8]}, "10.0.0.0/24 does not have 2 subnets of 8 host bits"),
        ({"Fn::Cidr": ["10.0.0.0/24", 257, 0]}, "does not have 257 subnets of 0 host bits"),
        ({"Fn::Cidr": ["10.0.0.0/24", 1, 9]}, "no such subnets"),
        ({"Fn::Cidr": ["x", 2, 8]}, "no such subnets"),
        ({"Fn::Cidr": ["10.0.0.0/24", None]}, "no such subnets"),
        ({"Fn::Cidr": "x"}, "write Fn::Cidr: [NETWORK, COUNT, HOST-BITS]"),
        ({"Fn::Cidr": ["10.0.0.0/24"]}, "write Fn::Cidr: [NETWORK, COUNT, HOST-BITS]"),
        ({"Fn::Cidr": ["10.0.0.0/24", 1, 4, 2]}, "write Fn::Cidr: [NETWORK, COUNT, HOST-BITS]"),
        ({"Fn::ImportValue": ["net"]}, "write Fn::ImportValue: EXPORT"),
        ({"Fn::ImportValue": {"Ref": "Zones"}}, "write Fn::ImportValue: EXPORT"),
    ],
)
def test_refusals(expression: Any, words: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        value_of(expression)
    assert words in str(caught.value)


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


EXPORTING = {
    **AWS,
    "Outputs": {
        "o": {"Value": "v", "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-net"}}},
        "p": {"Value": "w"},
    },
}
IMPORTING = {
    **AWS,
    "Outputs": {"o": {"Value": {"Fn::ImportValue": {"Fn::Join": ["", ["n", "et"]]}}}},
}


def test_an_export_has_a_name() -> None:
    stack = definition(EXPORTING)
    name = stack.outputs["o"].export
    assert name is not None
    assert stack.evaluate(name, Resources({})) == "stack-net"
    assert stack.outputs["p"].export is None
    with pytest.raises(InvalidDocument, match="an export has a name"):
        definition({**AWS, "Outputs": {"o": {"Value": "v", "Export": "net"}}})


def bound(source: dict[str, Any], **outside: Any) -> Any:
    template = load_template(source)
    return bind(template, EMPTY_ENVIRONMENT, pseudo=PSEUDO, files={}, outside=Outside(**outside))


def test_imports_are_read_from_outside() -> None:
    assert output(bound(IMPORTING, exports={"net": "id"})) == "id"
    assert output(bound(IMPORTING, exports={"net": Secret("id")})) == Secret("id")
    assert isinstance(output(bound(IMPORTING)), Unknown)
    with pytest.raises(InvalidDocument, match=r"No export named net found.*did you mean 'nets'"):
        output(bound(IMPORTING, exports={"nets": "id"}))
    assert load_template(IMPORTING).functions_called == {"Fn::ImportValue", "Fn::Join"}


def test_availability_zones_are_read_from_outside() -> None:
    source = {**AWS, "Outputs": {"o": {"Value": {"Fn::Select": [1, {"Fn::GetAZs": ""}]}}}}
    assert output(bound(source, zones=("nova", "east"))) == "east"
    assert isinstance(output(bound(source)), Unknown)


def test_texts_have_a_limit() -> None:
    source = {**AWS, "Parameters": {"Long": {"Type": "String", "Default": "x" * 17_000}}}
    call = {"Fn::Sub": "${Long}" * 1000}
    with pytest.raises(InvalidDocument, match=f"the text is longer than {MAX_TEXT} characters"):
        output(definition({**source, "Outputs": {"o": {"Value": call}}}))
