"""if, equals, not, and, or: decisions."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import (
    Resources,
    aws_refusal,
    aws_value_of,
    definition,
    output,
    refusal,
    value_of,
)

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Unknown

BROKEN = {"equals": [{"get_param": "nothing"}, 1]}
NAMED: dict[str, Any] = {"t": True, "f": False, "broken": BROKEN}


def decided(condition: Any, **options: Any) -> Any:
    return value_of({"if": [condition, True, False]}, conditions=NAMED, **options)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("t", True),
        ("f", False),
        (None, True),
        ({"equals": [1, 1]}, True),
        ({"equals": ["1", 1]}, False),
        ({"equals": [{"get_param": "x"}, [1]]}, True),
        ({"equals": {"get_param": "pair"}}, True),
        ({"contains": ["a", {"get_param": "x"}]}, False),
        ({"not": "f"}, True),
        ({"not": ["t"]}, False),
        ({"not": {"not": "t"}}, True),
        ({"and": ["t", True]}, True),
        ({"and": ["t", "f", "t"]}, False),
        ({"and": ["f", "broken"]}, False),
        ({"or": ["f", False]}, False),
        ({"or": ["f", "t"]}, True),
        ({"or": ["t", "broken"]}, True),
    ],
)
def test_conditions(condition: Any, holds: bool) -> None:
    assert decided(condition, given={"x": [1], "pair": [2, 2]}) is holds


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"equals": [1]}, "write equals: [VALUE, VALUE]"),
        ({"equals": [{"get_param": "x"}]}, "write equals: [VALUE, VALUE]"),
        ({"equals": {"get_param": "x"}}, "write equals: [VALUE, VALUE]"),
        ({"equals": 5}, "write equals: [VALUE, VALUE]"),
        ({"and": ["t"]}, "write and: [CONDITION, CONDITION, …], with two conditions at least"),
        ({"or": "t"}, "write or: [CONDITION, CONDITION, …], with two conditions at least"),
        ({"or": ["f", "zz"]}, "zz"),
        ({"and": ["t", {"equals": {"get_param": "x"}}]}, "write equals"),
        ({"not": {"equals": {"get_param": "x"}}}, "write equals"),
        ("zz", "zz"),
        (5, 'Invalid condition "5" (write the name of a condition, or true or false)'),
    ],
)
def test_conditions_that_are_none_are_refused(condition: Any, words: str) -> None:
    call = {"if": [condition, 1, 2]}
    assert words in refusal(call, conditions=NAMED, given={"x": [1]})


def test_only_the_chosen_branch_is_looked_at() -> None:
    broken = {"str_split": [",", "a", 5]}
    assert value_of({"if": ["t", 1, broken]}, conditions=NAMED) == 1
    assert value_of({"if": ["f", broken, 2]}, conditions=NAMED) == 2
    assert "index 5" in refusal({"if": ["f", 1, broken]}, conditions=NAMED)


def test_without_an_else_the_place_vanishes() -> None:
    gap = {"if": ["f", 1]}
    assert value_of({"a": gap, "b": [gap, 2]}, conditions=NAMED) == {"b": [2]}
    assert value_of(gap, conditions=NAMED) is None
    assert value_of([{"if": ["t", 1]}], conditions=NAMED) == [1]


@pytest.mark.parametrize("argument", [["t"], ["t", 1, 2, 3], "t", {"a": 1}])
def test_an_if_has_two_or_three_arguments(argument: Any) -> None:
    found = refusal({"if": argument}, conditions=NAMED)
    assert "write if: [CONDITION, THEN] or if: [CONDITION, THEN, ELSE]" in found


def test_before_wallaby_an_if_has_three_arguments() -> None:
    found = refusal({"if": ["t", 1]}, conditions=NAMED, version="2018-08-31")
    assert "write if: [CONDITION, THEN, ELSE]" in found
    assert value_of({"if": ["f", 1, 2]}, conditions=NAMED, version="2018-08-31") == 2


def undecided(condition: Any) -> Any:
    source = {
        "heat_template_version": "2021-04-16",
        "parameters": {"p": {"type": "boolean"}, "q": {"type": "boolean"}},
        "conditions": {**NAMED, "p": {"get_param": "p"}, "c": condition},
        "outputs": {"o": {"value": {"if": ["c", True, False]}}},
    }
    return output(definition(source, complete=False), Resources({}))


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ({"and": ["p", "f"]}, False),
        ({"and": ["p", "t"]}, Unknown()),
        ({"or": ["p", "t"]}, True),
        ({"or": ["f", "p"]}, Unknown()),
        ({"not": "p"}, Unknown()),
        ({"equals": [{"get_param": "q"}, True]}, Unknown()),
    ],
)
def test_a_decision_that_does_not_hang_on_the_unknown_is_made(condition: Any, value: Any) -> None:
    found = undecided(condition)
    assert isinstance(found, Unknown) if isinstance(value, Unknown) else found is value


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        ("{equals: {get_param: x}}", 19),
        ("{not: {equals: {get_param: x}}}", 25),
        ("{not: [{equals: {get_param: x}}]}", 26),
        ("{and: [true, {equals: {get_param: x}}]}", 32),
        ("{or: [false, {not: {equals: {get_param: x}}}]}", 38),
    ],
)
def test_the_place_of_a_broken_part_is_told(condition: str, column: int) -> None:
    text = """\
heat_template_version: 2021-04-16
parameters: {x: {type: json, default: [1]}}
outputs: {o: {value: {
    if: [CONDITION, 1, 2]}}}
"""
    with pytest.raises(InvalidDocument, match=r"write equals: \[VALUE, VALUE\]") as caught:
        output(definition(text.replace("CONDITION", condition)))
    position = caught.value.diagnostics[0].position
    assert position is not None
    assert (position.line, position.column) == (4, column)


AWS_NAMED: dict[str, Any] = {"T": {"Fn::Equals": [1, 1]}, "F": {"Fn::Equals": [1, 2]}}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Fn::Not": ["F"]}, True),
        ({"Fn::Not": [{"Condition": "T"}]}, False),
        ({"Fn::And": ["T", "F"]}, False),
        ({"Fn::Or": ["T", "F"]}, True),
        ({"Condition": "T"}, True),
        ({"Fn::Equals": [{"Ref": "x"}, [1]]}, True),
    ],
)
def test_conditions_of_aws_templates(condition: Any, holds: bool) -> None:
    conditions = {**AWS_NAMED, "c": condition}
    call = {"Fn::If": ["c", True, False]}
    assert aws_value_of(call, Conditions=conditions, given={"x": [1]}) is holds


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"Fn::Not": "F"}, "write Fn::Not: [CONDITION]"),
        ({"Fn::Not": ["F", "T"]}, "write Fn::Not: [CONDITION]"),
        ({"Fn::And": ["T"]}, "write Fn::And: [CONDITION, CONDITION, …]"),
        ({"Fn::Equals": [1]}, "write Fn::Equals: [VALUE, VALUE]"),
        ({"Condition": ["T"]}, "write Condition: NAME"),
        ({"Condition": "zz"}, "zz"),
    ],
)
def test_wrong_conditions_of_aws_templates(condition: Any, words: str) -> None:
    conditions = {**AWS_NAMED, "c": condition}
    assert words in aws_refusal({"Fn::If": ["c", 1, 2]}, Conditions=conditions)


def test_fn_if() -> None:
    assert aws_value_of({"Fn::If": ["F", 1, 2]}, Conditions=AWS_NAMED) == 2
    assert "write Fn::If: [CONDITION, THEN, ELSE]" in aws_refusal(
        {"Fn::If": ["F", 1]}, Conditions=AWS_NAMED
    )


def test_the_place_of_a_broken_part_of_an_aws_condition_is_told() -> None:
    text = """\
AWSTemplateFormatVersion: 2010-09-09
Parameters: {x: {Type: Json, Default: [1]}}
Outputs: {o: {Value: {
    Fn::If: [{Fn::Not: [{Fn::Equals: {Ref: x}}]}, 1, 2]}}}
"""
    with pytest.raises(InvalidDocument, match=r"write Fn::Equals: \[VALUE, VALUE\]") as caught:
        output(definition(text))
    assert str(caught.value.diagnostics[0].position) == "template:4:38"
