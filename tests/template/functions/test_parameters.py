"""get_param: the value of a parameter, or what lies inside it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import refusal, value_of

from isotherm.core.values import Secret

GIVEN = {
    "j": {"a": ["x", {"b": 1}], "0": "zero"},
    "s": "text",
    "name": "j",
    "5": "five",
    "path": ["j", "a", 0],
}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("s", "text"),
        (["s"], "text"),
        (["j", "a", 0], "x"),
        (["j", "a", "0"], "x"),
        (["j", "a", -2], "x"),
        (["j", "a", "-1", "b"], 1),
        (["j", "0"], "zero"),
        (["s", 1], "e"),
        ([{"get_param": "name"}, "a", 0], "x"),
        ({"get_param": "path"}, "x"),
        ([5], "five"),
        (["j", "zz"], ""),
        (["j", "a", 7], ""),
        (["j", "a", "x"], ""),
        (["j", 0], ""),
        (["j", "a", 1, "b", "deeper"], ""),
    ],
)
def test_values_and_the_way_into_them(argument: Any, value: Any) -> None:
    assert value_of({"get_param": argument}, given=GIVEN) == value


@pytest.mark.parametrize("argument", ["", [], [["j"]], [{"a": 1}], {"a": 1}, 5])
def test_a_wrong_form_is_refused(argument: Any) -> None:
    words = "write get_param: NAME or get_param: [NAME, KEY-OR-INDEX, …]"
    assert words in refusal({"get_param": argument}, given=GIVEN)


def test_what_nobody_declared_is_refused() -> None:
    found = refusal({"get_param": "nmae"}, given=GIVEN)
    assert "nmae" in found
    assert "did you mean 'name'?" in found


def test_conditions_read_parameters() -> None:
    conditions = {"c": {"equals": [{"get_param": ["j", "a", 0]}, "x"]}}
    assert value_of({"if": ["c", 1, 2]}, given=GIVEN, conditions=conditions) == 1


def test_the_way_into_a_secret_is_secret() -> None:
    parameters = {"k": {"type": "json", "hidden": True, "default": {"a": 1}}}
    assert value_of({"get_param": ["k", "a"]}, parameters=parameters) == Secret(1)
    assert value_of({"get_param": ["k", "zz"]}, parameters=parameters) == Secret("")
