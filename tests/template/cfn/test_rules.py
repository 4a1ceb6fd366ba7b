"""Rules: what AWS-style templates demand of their parameters."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import definition

from isotherm.core.diagnostics import InvalidDocument

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
