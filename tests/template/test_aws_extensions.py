"""What AWS users write beyond the reference: rules, exports, loops over parameters, zones."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import PSEUDO, Resources, definition, output

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Secret, Unknown
from isotherm.template import EMPTY_ENVIRONMENT, Outside, bind, load_environment, load_template

AWS: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09"}


def a_rule(**rule: Any) -> dict[str, Any]:
    return {
        **AWS,
        "Parameters": {
            "Stage": {"Type": "String", "Default": "test"},
            "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
        },
        "Rules": {"R": rule},
    }


def asserted(assertion: Any, stage: str = "test", **rule: Any) -> None:
    assertions = [{"Assert": assertion, "AssertDescription": "because I say so"}]
    source = a_rule(Assertions=assertions, **rule)
    definition(source, {"parameters": {"Stage": stage}})


ZONES = {"Ref": "Zones"}


@pytest.mark.parametrize(
    "assertion",
    [
        {"Fn::Contains": [ZONES, "a"]},
        {"Fn::EachMemberIn": [ZONES, ["a", "b", "c"]]},
        {"Fn::Not": [{"Fn::EachMemberEquals": [ZONES, "a"]}]},
        {"Fn::EachMemberEquals": [["a", "a"], "a"]},
    ],
)
def test_assertions_that_hold(assertion: Any) -> None:
    asserted(assertion)
    with pytest.raises(InvalidDocument, match='Rule "R" is broken: because I say so') as caught:
        asserted({"Fn::Not": [assertion]})
    assert caught.value.diagnostics[0].path == "Rules.R.Assertions.0.Assert"


def test_a_rule_holds_only_where_its_condition_does() -> None:
    only_prod = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    never = {"Fn::Contains": [ZONES, "z"]}
    asserted(never, RuleCondition=only_prod)
    with pytest.raises(InvalidDocument, match="is broken"):
        asserted(never, "prod", RuleCondition=only_prod)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"Assertions": []}, "a list of assertions"),
        ({"Assertions": [{"Assertt": True}]}, "did you mean 'Assert'"),
        ({"Assertions": [{}]}, "what to assert"),
        ({"Assertion": [{}]}, "did you mean 'Assertions'"),
        ({"Assertions": [{"Assert": {"Fn::Contains": ["a", "b"]}}]}, "Fn::Contains"),
    ],
)
def test_rules_that_are_none_are_refused(rule: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        definition(a_rule(**rule))


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


LOOPING = {
    **AWS,
    "Parameters": {"Names": {"Type": "CommaDelimitedList", "Default": "a"}},
    "Resources": {
        "Fn::ForEach::Each": ["N", {"Ref": "Names"}, {"R${N}": {"Type": "OS::Heat::None"}}]
    },
}


def test_loops_go_over_the_values_of_a_parameter() -> None:
    template = load_template(LOOPING)
    assert list(template.resources) == ["Ra"]
    assert template.loop_parameters == {"Names"}
    assert list(load_template(LOOPING, values={"Names": "x,y"}).resources) == ["Rx", "Ry"]
    assert list(load_template(LOOPING, values={"Names": ["z"]}).resources) == ["Rz"]
    assert list(load_template(LOOPING).resources) == ["Ra"]


def test_values_that_are_not_known_yet_pass_through_parameters() -> None:
    source = {
        "heat_template_version": "2021-04-16",
        "parameters": {"n": {"type": "number"}, "s": {"type": "string"}},
        "outputs": {
            "o": {"value": {"get_param": "n"}},
            "s": {"value": {"get_param": "s"}},
        },
    }
    environment = load_environment({"parameters": {"n": 1, "s": "x"}})
    values = {"n": Unknown("a"), "s": Secret("hush")}
    object.__setattr__(environment, "parameters", values)
    stack = bind(load_template(source), environment, pseudo=PSEUDO, files={})
    assert output(stack) == Unknown("a")
    assert output(stack, name="s") == Secret("hush")
