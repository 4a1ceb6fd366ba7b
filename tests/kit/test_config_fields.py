"""Inputs and outputs of software configurations: what authors write, and what clients see."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.kit.config_fields import inputs_of, outputs_of


def test_what_is_left_out_has_the_usual_values() -> None:
    assert inputs_of([{"name": "a"}]) == [{"name": "a", "type": "String"}]
    assert outputs_of([{"name": "a"}]) == [{"name": "a", "type": "String", "error_output": False}]
    assert inputs_of(None) == outputs_of(None) == inputs_of({}) == outputs_of("") == []


def test_what_is_said_is_kept() -> None:
    given = {"name": 7, "description": "seven", "type": "Json", "default": {"a": 1}, "value": 5}
    assert inputs_of([given]) == [{**given, "name": "7"}]
    assert inputs_of([{"name": "a", "replace_on_change": "true"}])[0]["replace_on_change"] is True
    assert outputs_of([{"name": "a", "error_output": True}])[0]["error_output"] is True


@pytest.mark.parametrize(
    ("kind", "default", "shown"),
    [
        ("Number", "7", 7),
        ("Boolean", "True", True),
        ("CommaDelimitedList", "a, b", ["a", "b"]),
        ("CommaDelimitedList", ["a"], ["a"]),
        ("Json", [1, 2], "[1, 2]"),
        ("Json", '{"a": 1}', '{"a": 1}'),
        ("CommaDelimitedList", "", ""),
        ("String", "x", "x"),
        ("String", 5, "5"),
        ("String", True, "True"),
        ("Number", True, True),
        ("Number", "", ""),
        ("Boolean", "", ""),
        ("String", None, ""),
        ("Number", None, 0),
        ("Boolean", None, False),
        ("Json", None, {}),
        ("CommaDelimitedList", None, []),
    ],
)
def test_a_default_is_shown_in_the_form_of_its_type(kind: str, default: Any, shown: Any) -> None:
    assert inputs_of([{"name": "a", "type": kind, "default": default}])[0]["default"] == shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("a", "inputs must be a list"),
        ({"name": "a"}, "inputs must be a list"),
        (["a"], "an input must be a map, not 'a'"),
        ([{"name": "a", "error_output": True}], "an input has no error_output; it may have name,"),
        ([{"type": "String"}], "an input has no name"),
        ([{"name": "a", "type": "Text"}], "'Text' is no type of an input: give one of"),
        ([{"name": "a", "type": "Number", "default": "x"}], "a: 'x' is not a number"),
        ([{"name": "a", "type": "Boolean", "default": "x"}], "a: 'x' is neither true nor false"),
        ([{"name": "a", "type": "Json", "default": 5}], "a: 5 is neither JSON text nor a map"),
        ([{"name": "a", "type": "CommaDelimitedList", "default": 5}], "a: 5 is no list"),
        ([{"name": "a", "default": {"x": 1}}], "a: {'x': 1} is no text"),
        ([{"name": [1]}], "name: .1. is no text"),
        ([{"name": "a", "type": ""}], "'' is no type of an input: give one of"),
        ([{"name": "a", "replace_on_change": "x"}], "a: 'x' is neither true nor false"),
        ([{"name": "a", "replace_on_change": ""}], "a: '' is neither true nor false"),
    ],
)
def test_what_does_not_fit_is_told(given: Any, told: str) -> None:
    with pytest.raises(ValueError, match="^" + told.replace("'", "['\"]")):
        inputs_of(given)


def test_null_is_what_is_empty() -> None:
    given = {"name": None, "description": None, "type": None, "replace_on_change": False}
    assert inputs_of([given]) == [{"name": "", "description": "", "type": "String"}]
