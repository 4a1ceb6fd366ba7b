"""str_replace and its stricter forms, Fn::Replace: placeholders in a text."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import aws_refusal, aws_value_of, refusal, value_of

from isotherm.template.limits import MAX_TEXT

X = {"get_param": "x"}
ALL = ("str_replace", "str_replace_strict", "str_replace_vstrict")


def replace(template: Any, params: Any, name: str = "str_replace") -> dict[str, Any]:
    return {name: {"template": template, "params": params}}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("template", "params", "value"),
    [
        ("hello $a, $a", {"$a": "x"}, "hello x, x"),
        ("$a $ab", {"$a": "x", "$ab": "y"}, "x y"),
        ("$a", {"$a": 5}, "5"),
        ("$a", {"$a": 1.5}, "1.5"),
        ("$a", {"$a": True}, "True"),
        ("$a", {"$a": {"c": 1, "b": [2]}}, '{"b": [2], "c": 1}'),
        ("a b", {"a": "b", "b": "a"}, "b a"),
        ("plain", {}, "plain"),
    ],
)
def test_placeholders_are_replaced_in_one_pass(
    name: str, template: str, params: Any, value: str
) -> None:
    call = replace(template, params, name)
    assert value_of(call) == value
    assert value_of({name: X}, given={"x": call[name]}) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [("str_replace", " x"), ("str_replace_strict", " x"), ("str_replace_vstrict", None)],
)
def test_an_empty_value_is_no_value_for_the_strictest(name: str, value: str | None) -> None:
    for empty in (None, ""):
        call = replace("$a $b", {"$a": empty, "$b": "x"}, name)
        if value is None:
            assert 'placeholder "$a" of "str_replace_vstrict" has no value' in refusal(call)
        else:
            assert value_of(call) == value
    assert value_of(replace("$a", {"$a": 0}, name)) == "0"


@pytest.mark.parametrize("name", ALL[1:])
def test_the_stricter_forms_want_every_placeholder_to_occur(name: str) -> None:
    unused = {"$b": "x", "$c": "x", "$a": "y"}
    assert value_of(replace("$a", unused)) == "y"
    assert "not in the template: $b, $c" in refusal(replace("$a", unused, name))


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ({"template": 5, "params": {}}, 'the template of "str_replace" must be text'),
        ({"template": "a", "params": ["a"]}, 'the params of "str_replace" must be a map'),
        ({"template": "a", "params": None}, 'the params of "str_replace" must be a map'),
        ({"template": "a"}, "write str_replace: {template: TEXT"),
        (["a", {"a": "b"}], "write str_replace: {template: TEXT"),
        ({"template": "a", "params": {"": "b"}}, 'a placeholder of "str_replace" has no name'),
        (
            {"template": "a" * 20_000, "params": {"a": "b" * 1000}},
            f"longer than {MAX_TEXT} characters",
        ),
    ],
)
def test_refusals(argument: Any, words: str) -> None:
    assert words in refusal({"str_replace": argument})
    assert words in refusal({"str_replace": X}, given={"x": argument})


@pytest.mark.parametrize("params", [["a", X], "abc"])
def test_params_that_are_no_map_are_seen_before_they_are_known(params: Any) -> None:
    call = replace(X, params)
    assert 'the params of "str_replace" must be a map' in refusal(call, given={"x": "a"})


def test_early_versions_put_in_texts_and_numbers_only() -> None:
    call = replace("$a", {"$a": ["b"]})
    assert "must be text or numbers" in refusal(call, version="2014-10-16")
    assert value_of(call, version="2015-10-15") == '["b"]'


def test_fn_replace() -> None:
    assert aws_value_of({"Fn::Replace": [{"$a": "x"}, "$a-$a"]}) == "x-x"
    assert "write Fn::Replace: [{NAME: VALUE, …}, TEXT]" in aws_refusal({"Fn::Replace": ["a"]})
    assert "must be text or numbers" in aws_refusal({"Fn::Replace": [{"a": ["b"]}, "a"]})
