"""Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn: what rules assert about lists."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import aws_refusal, aws_value_of


def decided(condition: Any, **options: Any) -> Any:
    call = {"Fn::If": ["c", True, False]}
    return aws_value_of(call, Conditions={"c": condition}, **options)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Fn::Contains": [["a", "b"], "a"]}, True),
        ({"Fn::Contains": [["a", "b"], "c"]}, False),
        ({"Fn::EachMemberEquals": [["a", "a"], "a"]}, True),
        ({"Fn::EachMemberEquals": [["a", "b"], "a"]}, False),
        ({"Fn::EachMemberEquals": [[], "a"]}, True),
        ({"Fn::EachMemberIn": [["a", "b"], ["b", "a", "c"]]}, True),
        ({"Fn::EachMemberIn": [["a", "d"], ["b", "a", "c"]]}, False),
    ],
)
def test_they_decide(condition: Any, holds: bool) -> None:
    assert decided(condition) is holds


@pytest.mark.parametrize("name", ["Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn"])
@pytest.mark.parametrize("argument", ["a", [["a"]], ["a", "b"], {"a": 1}])
def test_a_list_and_a_value_are_wanted(name: str, argument: Any) -> None:
    found = aws_refusal({"Fn::If": ["c", 1, 2]}, Conditions={"c": {name: argument}})
    assert f"write {name}: [LIST, " in found


def test_each_member_in_wants_two_lists() -> None:
    condition = {"Fn::EachMemberIn": [["a"], "abc"]}
    assert "write Fn::EachMemberIn: [LIST, LIST]" in aws_refusal(
        {"Fn::If": ["c", 1, 2]}, Conditions={"c": condition}
    )
