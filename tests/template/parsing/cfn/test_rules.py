"""Rules: what AWS-style templates demand of their parameters."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import definition, refusals

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
        ({"Assertions": "Assert"}, "a list of assertions"),
        ({"Assertions": ["Assert"]}, "a map of Assert and AssertDescription is expected"),
        ({"Assertion": [{}]}, "did you mean 'Assertions'"),
        ({"Assertions": [{"Assert": {"Fn::Contains": ["a", "b"]}}]}, "Fn::Contains"),
    ],
)
def test_rules_that_are_none_are_refused(rule: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        definition(a_rule(**rule))


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([1], r'"Rules" must be a map'),
        ({"R": [1]}, r"Rules\.R: a map of RuleCondition and Assertions is expected"),
    ],
)
def test_a_section_that_is_none_is_refused(rules: Any, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        definition({**AWS, "Rules": rules})


def test_a_mistake_in_a_condition_has_its_place() -> None:
    unknown = {"Fn::Equals": [{"Ref": "Staged"}, "prod"]}
    with pytest.raises(InvalidDocument, match='"Staged" is incorrect') as caught:
        asserted(True, RuleCondition=unknown)
    assert caught.value.diagnostics[0].path == "Rules.R.RuleCondition"


def test_an_assertion_counts_though_another_key_looks_like_it() -> None:
    assertion = {"Assert": {"Fn::Equals": [1, 2]}, "Asserd": True}
    paths = [each.path for each in refusals(a_rule(Assertions=[assertion]))]
    assert paths == ["Rules.R.Assertions.0.Asserd", "Rules.R.Assertions.0.Assert"]


def test_no_rules_are_fine() -> None:
    assert definition({**AWS, "Rules": None}).template.rules == ()


def test_an_assertion_without_words_is_told_anyway() -> None:
    with pytest.raises(InvalidDocument, match='Rule "R" is broken: what it asserts is false'):
        definition(a_rule(Assertions=[{"Assert": {"Fn::Equals": [1, 2]}}]))


def test_a_rule_that_hangs_on_the_unknown_is_not_broken() -> None:
    rule = {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "P"}, "x"]}}]}
    source = {**AWS, "Parameters": {"P": {"Type": "String"}}, "Rules": {"R": rule}}
    assert definition(source, complete=False).template.rules[0].name == "R"
    with pytest.raises(InvalidDocument, match="is broken"):
        definition(source, {"parameters": {"P": "y"}})
