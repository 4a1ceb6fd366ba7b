"""list_concat, list_concat_unique, filter, contains."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import definition, output, refusal, value_of

from isotherm.template.limits import MAX_ITEMS

X = {"get_param": "x"}


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ({"list_concat": [["a"], None, ["b", "a"]]}, ["a", "b", "a"]),
        ({"list_concat": []}, []),
        ({"list_concat_unique": [["a", 1], ["b", "a", 1]]}, ["a", 1, "b"]),
        (
            {"list_concat_unique": [[{"a": 1}, [1]], [[1], {"a": 1}, {"a": 2}]]},
            [{"a": 1}, [1], {"a": 2}],
        ),
        ({"filter": [["a"], ["a", "b", "a"]]}, ["b"]),
        ({"filter": [None, ["a"]]}, ["a"]),
        ({"filter": [["a"], None]}, None),
        ({"contains": ["a", ["a", "b"]]}, True),
        ({"contains": ["c", ["a", "b"]]}, False),
        ({"contains": ["ell", "hello"]}, True),
        ({"contains": [1, [1]]}, True),
    ],
)
def test_values(call: dict[str, Any], value: Any) -> None:
    ((name, argument),) = call.items()
    assert value_of(call) == value
    assert value_of({name: X}, given={"x": argument}) == value


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"list_concat": "ab"}, "write list_concat: [LIST, …]"),
        ({"list_concat": [["a"], "b"]}, "only lists can be put together, not 'b'"),
        ({"list_concat_unique": {"a": 1}}, "write list_concat_unique: [LIST, …]"),
        ({"filter": [["a"]]}, "write filter: [VALUES, LIST]"),
        ({"filter": ["a", ["a"]]}, "write filter: [VALUES, LIST]"),
        ({"filter": [["a"], "a"]}, "write filter: [VALUES, LIST]"),
        ({"filter": {"a": 1}}, "write filter: [VALUES, LIST]"),
        ({"contains": ["a"]}, "write contains: [VALUE, LIST-OR-TEXT]"),
        ({"contains": [1, "abc"]}, "a text contains texts, not 1"),
        ({"contains": ["a", 5]}, '"contains" looks into a list or text, not into 5'),
        ({"contains": ["a", {"a": 1}]}, '"contains" looks into a list or text'),
    ],
)
def test_refusals(call: dict[str, Any], words: str) -> None:
    ((name, argument),) = call.items()
    assert words in refusal(call)
    assert words in refusal({name: X}, given={"x": argument})


@pytest.mark.parametrize("name", ["filter", "contains"])
def test_the_number_of_arguments_is_seen_before_they_are_known(name: str) -> None:
    assert f"write {name}: [" in refusal({name: [X]}, given={"x": []})


def test_conditions_may_ask_what_a_list_contains() -> None:
    conditions = {"c": {"contains": ["a", X]}}
    for items, value in ((["a"], 1), ([], 2)):
        assert value_of({"if": ["c", 1, 2]}, given={"x": items}, conditions=conditions) == value


GAP: dict[str, Any] = {"if": [False, ["a"]]}


def test_a_place_that_a_conditional_leaves_out_keeps_its_meaning() -> None:
    assert value_of({"filter": [GAP, ["a", "b"]]}) == ["a", "b"]
    assert value_of({"filter": [["a"], GAP]}) is None
    assert value_of({"list_concat": [GAP, ["b"]]}) == ["b"]
    assert "looks into a list or text, not into None" in refusal({"contains": ["a", GAP]})


def test_what_a_conditional_may_leave_out_is_a_reference_all_the_same() -> None:
    resources = {"r": {"type": "OS::Heat::Value"}}
    call = {"filter": [{"if": [True, [{"get_resource": "r"}]]}, ["id-of-r", "b"]]}
    source = {"heat_template_version": "2021-04-16", "resources": resources}
    stack = definition({**source, "outputs": {"o": {"value": call}}})
    assert stack.outputs["o"].references == {"r"}
    assert output(stack) == ["b"]


def test_lists_have_a_limit() -> None:
    thousand = {"get_param": "x"}
    call = {"list_concat": [thousand] * (MAX_ITEMS // 1000 + 1)}
    found = refusal(call, given={"x": ["a"] * 1000})
    assert f"the list is longer than {MAX_ITEMS} items" in found
