"""repeat: a template filled in for every combination of values."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import refusal, value_of

from isotherm.template.limits import MAX_ITEMS, MAX_TEXT

X = {"get_param": "x"}
MANY = ["a"] * 1001


def repeat(template: Any, permutations: Any = None, /, **for_each: Any) -> dict[str, Any]:
    flag = {} if permutations is None else {"permutations": permutations}
    return {"repeat": {"for_each": for_each, "template": template, **flag}}


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (repeat("v-i", i=["a", "b"]), ["v-a", "v-b"]),
        (repeat("i:j", i=["a", "b"], j=["1", "2"]), ["a:1", "a:2", "b:1", "b:2"]),
        (repeat("i:j", False, i=["a", "b"], j=["1", "2"]), ["a:1", "b:2"]),
        (repeat("i:j", True, i=["a"], j=["1", "2"]), ["a:1", "a:2"]),
        (repeat({"i": ["ii", 5, None]}, i=["a"]), [{"a": ["aa", 5, None]}]),
        (repeat("i", i={"k": 1, "l": 2}), ["k", "l"]),
        (repeat("i", i=None), []),
        (repeat("i", i=[]), []),
        (repeat("ij", i=["a"], j=None), []),
    ],
)
def test_the_template_is_filled_in_for_every_combination(call: Any, value: Any) -> None:
    assert value_of(call) == value


@pytest.mark.parametrize("call", [repeat("v-i", i=X), {"repeat": X}])
def test_what_to_repeat_may_be_told_later(call: Any) -> None:
    later = ["a"] if call != {"repeat": X} else {"for_each": {"i": ["a"]}, "template": "v-i"}
    assert value_of(call, given={"x": later}) == ["v-a"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (repeat("i", i="text"), "values to repeat over must be lists or maps"),
        (repeat("i", False, i={"k": 1}), "values to repeat over must be lists"),
        (repeat("i", i=[1]), "only texts can be filled in"),
        (repeat("i", i=[{"a": 1}]), "only texts can be filled in"),
        (repeat("ij", False, i=["a"], j=["b", "c"]), "all lists must be equally long"),
        (repeat("i"), "nothing to repeat over"),
        (repeat("ij", i=MANY, j=MANY), f"more than {MAX_ITEMS} combinations"),
        (repeat("i" * 20_000, i=["a" * 1000]), f"more than {MAX_TEXT} characters"),
        (repeat("i", "yes", i=["a"]), "write repeat: {for_each:"),
        (repeat("i", X, i=["a"]), "permutations must be true or false"),
        ({"repeat": {"template": "i"}}, "write repeat: {for_each:"),
        ({"repeat": {"template": X}}, "write repeat: {for_each:"),
        ({"repeat": {"for_each": ["a"], "template": "i"}}, "write repeat: {for_each:"),
        ({"repeat": {"for_each": ["a"], "template": X}}, "write repeat: {for_each:"),
        ({"repeat": {"for_each": [X], "template": "i"}}, "write repeat: {for_each:"),
        ({"repeat": [X]}, "write repeat: {for_each:"),
        ({"repeat": X}, "write repeat: {for_each:"),
    ],
)
def test_what_cannot_be_repeated_is_refused(call: Any, words: str) -> None:
    assert words in refusal(call, given={"x": ["a"]})


def test_lists_may_be_as_long_as_the_limit_item_by_item() -> None:
    assert len(value_of(repeat("ij", False, i=MANY, j=MANY))) == 1001


@pytest.mark.parametrize(("version", "fine"), [("2015-04-30", False), ("2016-10-14", True)])
def test_maps_are_repeated_over_since_newton(version: str, fine: bool) -> None:
    call = repeat("i", i={"k": 1})
    if fine:
        assert value_of(call, version=version) == ["k"]
    else:
        assert "values to repeat over must be lists" in refusal(call, version=version)


def test_before_pike_nothing_is_said_of_permutations() -> None:
    call = repeat("ij", False, i=["a", "b"], j=["1"])
    assert value_of(call, version="2016-10-14") == ["a1", "b1"]


def test_what_a_conditional_leaves_out() -> None:
    gap = {"if": [False, "i"]}
    assert "nothing to repeat over" in refusal(repeat("i", i={"if": [False, ["a"]]}))
    assert value_of(repeat(gap, i=["a", "b"])) == [None, None]


def test_before_pike_permutations_are_not_even_looked_at() -> None:
    call = repeat("i", X, i=["a"])
    assert value_of(call, version="2016-10-14", given={"x": [1]}) == ["a"]
