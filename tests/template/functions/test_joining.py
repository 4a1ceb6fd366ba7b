"""list_join, Fn::Join: texts with a delimiter between them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import aws_refusal, aws_value_of, refusal, value_of

from isotherm.template.limits import MAX_TEXT

X = {"get_param": "x"}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (["-", ["a", "b"]], "a-b"),
        (["", ["a", None, "b"]], "ab"),
        (["-", ["a"], ["b", "c"]], "a-b-c"),
        (["-", []], ""),
        (["-", None], ""),
        (["-", [{"b": 1, "a": [2]}, ["c"]]], '{"a": [2], "b": 1}-["c"]'),
    ],
)
def test_list_join(argument: Any, value: str) -> None:
    assert value_of({"list_join": argument}) == value
    assert value_of({"list_join": X}, given={"x": argument}) == value


def test_a_list_that_a_conditional_leaves_out_is_an_empty_one() -> None:
    assert value_of({"list_join": ["-", {"if": [False, ["a"]]}]}) == ""


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ([5, ["a"]], 'the delimiter of "list_join" must be text'),
        (["-", "abc"], "must work on a list, not on text"),
        (["-", {"a": 1}], "must work on a list, not on a map"),
        (["-", 5], "must work on a list, not on a number"),
        (["-", [5]], "must be text, maps or lists, not 5"),
        ("abc", "write list_join: [DELIMITER, LIST, …]"),
        ([], "write list_join: [DELIMITER, LIST, …]"),
        (["-" * 20_000, ["a"] * 1000], f"longer than {MAX_TEXT} characters"),
    ],
)
def test_what_cannot_be_joined_is_refused(argument: Any, words: str) -> None:
    assert words in refusal({"list_join": argument})
    assert words in refusal({"list_join": X}, given={"x": argument})


@pytest.mark.parametrize("argument", [["-"], [X], {"a": X}, {"a": 1}])
def test_a_wrong_form_is_seen_before_anything_is_known(argument: Any) -> None:
    assert "write list_join: [DELIMITER, LIST, …]" in refusal({"list_join": argument})


@pytest.mark.parametrize("lists", [[["a"], ["b"]], [X, X]])
def test_early_versions_join_one_list_of_texts(lists: Any) -> None:
    old: dict[str, Any] = {"version": "2014-10-16", "given": {"x": ["a"]}}
    assert value_of({"list_join": ["-", ["a", "b"]]}, **old) == "a-b"
    assert "write list_join: [DELIMITER, LIST]" in refusal({"list_join": ["-", *lists]}, **old)
    assert "must be text, not {'a': 1}" in refusal({"list_join": ["-", [{"a": 1}]]}, **old)


@pytest.mark.parametrize("empty", ["", 0, False, {}])
def test_what_is_empty_is_a_list_in_later_versions_only(empty: Any) -> None:
    assert value_of({"list_join": ["-", empty]}, version="2015-10-15") == ""
    words = "must work on a list"
    assert words in refusal({"list_join": ["-", empty]}, version="2015-04-30")
    assert words in aws_refusal({"Fn::Join": ["-", empty]})
    assert aws_value_of({"Fn::Join": ["-", None]}) == ""


def test_fn_join() -> None:
    assert aws_value_of({"Fn::Join": [",", ["a", {"Ref": "AWS::StackName"}]]}) == "a,stack"
    assert "write Fn::Join: [DELIMITER, LIST]" in aws_refusal({"Fn::Join": [",", ["a"], ["b"]]})
    assert value_of({"Fn::Join": [",", ["a", "b"]]}, version="2013-05-23") == "a,b"


def test_an_argument_that_a_conditional_leaves_out_is_none_at_all() -> None:
    call = {"list_join": {"if": [False, ["-", ["a"]]]}}
    assert "write list_join: [DELIMITER, LIST, …]" in refusal(call)
