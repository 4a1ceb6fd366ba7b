"""Fn::Select, Fn::FindInMap, Fn::GetAZs: picking from lists and maps."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import aws_refusal, aws_value_of, definition, value_of

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Unknown

X = {"Ref": "x"}
MAPPINGS = {"M": {"small": {"size": 1, "5": "five"}}}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ([0, ["a", "b"]], "a"),
        (["1", ["a", "b"]], "b"),
        ([-1, ["a", "b"]], "b"),
        ([2, ["a", "b"]], ""),
        ([-3, ["a", "b"]], ""),
        ([0, None], ""),
        ([0, ""], ""),
        (["k", {"k": "v"}], "v"),
        (["z", {"k": "v"}], ""),
        ([1, '["a", "b"]'], "b"),
        (["k", '{"k": "v"}'], "v"),
    ],
)
def test_fn_select(argument: Any, value: Any) -> None:
    assert aws_value_of({"Fn::Select": argument}) == value
    assert aws_value_of({"Fn::Select": X}, given={"x": argument}) == value


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("abc", "write Fn::Select: [INDEX-OR-KEY, LIST-OR-MAP]"),
        ([0], "write Fn::Select: [INDEX-OR-KEY, LIST-OR-MAP]"),
        ([0, 5], "write Fn::Select: [INDEX-OR-KEY, LIST-OR-MAP]"),
        (["a", ["b"]], "an index of a list must be a whole number"),
        ([None, ["b"]], "an index of a list must be a whole number"),
        ([0, {"k": "v"}], "a key of a map must be text"),
        ([0, "no json"], "the text to select from is not JSON"),
    ],
)
def test_what_cannot_be_selected_from_is_refused(argument: Any, words: str) -> None:
    assert words in aws_refusal({"Fn::Select": argument})
    assert words in aws_refusal({"Fn::Select": X}, given={"x": argument})


@pytest.mark.parametrize("argument", [[X], {"a": X}, {"a": 1}])
def test_a_wrong_form_is_seen_before_anything_is_known(argument: Any) -> None:
    assert "write Fn::Select:" in aws_refusal({"Fn::Select": argument}, given={"x": 1})


def test_early_hot_selects_as_well() -> None:
    for version in ("2013-05-23", "2014-10-16", "2015-04-30"):
        assert value_of({"Fn::Select": [1, ["a", "b"]]}, version=version) == "b"


def test_fn_find_in_map() -> None:
    def find(*keys: Any) -> Any:
        return aws_value_of(
            {"Fn::FindInMap": [*keys]}, Mappings=MAPPINGS, given={"x": "small", "n": 5}
        )

    assert find("M", "small", "size") == 1
    assert find("M", X, "size") == 1
    assert find("M", "small", 5) == find("M", "small", {"Ref": "n"}) == "five"


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        (["N", "small", "size"], '"N"'),
        (
            ["M", "smal", "size"],
            'mapping "M" has no key "smal" (did you mean \'small\'?)',
        ),
        (["M", "small", "size", "x"], "write Fn::FindInMap: [MAPPING, KEY, KEY]"),
        (["M", "small"], "write Fn::FindInMap: [MAPPING, KEY, KEY]"),
        (["M", X], "write Fn::FindInMap: [MAPPING, KEY, KEY]"),
        (["M", "small", ["size"]], "write Fn::FindInMap: [MAPPING, KEY, KEY]"),
        ("M", "write Fn::FindInMap: [MAPPING, KEY, KEY]"),
        ({"M": X}, "write Fn::FindInMap: [MAPPING, KEY, KEY]"),
        (X, "write Fn::FindInMap: [MAPPING, KEY, KEY]"),
    ],
)
def test_what_is_in_no_mapping_is_refused(argument: Any, words: str) -> None:
    found = aws_refusal({"Fn::FindInMap": argument}, Mappings=MAPPINGS, given={"x": "small"})
    assert words in found


DEFAULT = {"DefaultValue": "none"}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (["M", "small", "size", DEFAULT], 1),
        (["M", "small", "zz", DEFAULT], "none"),
        (["M", "zz", "size", DEFAULT], "none"),
        (["Zz", "small", "size", {"DefaultValue": [X]}], ["q"]),
        ([X, X, X, DEFAULT], "none"),
    ],
)
def test_a_default_for_what_is_in_no_mapping(argument: Any, value: Any) -> None:
    given = {"x": "q"}
    assert aws_value_of({"Fn::FindInMap": argument}, Mappings=MAPPINGS, given=given) == value


def test_a_default_that_is_no_value_leaves_a_gap() -> None:
    call = {"Fn::FindInMap": ["M", "zz", "size", {"DefaultValue": {"Ref": "AWS::NoValue"}}]}
    assert aws_value_of({"a": call, "b": [call]}, Mappings=MAPPINGS) == {"b": []}


@pytest.mark.parametrize("default", ["none", {}, {"Default": 1}, ["none"], [X], {"a": X}, X])
def test_defaults_that_are_none_are_refused(default: Any) -> None:
    call = {"Fn::FindInMap": ["M", "small", "zz", default]}
    words = "write Fn::FindInMap: [MAPPING, KEY, KEY]"
    assert words in aws_refusal(call, Mappings=MAPPINGS, given={"x": "q"})


def test_the_older_format_has_no_defaults() -> None:
    call = {"Fn::FindInMap": ["M", "small", "zz", DEFAULT]}
    source = {"Mappings": MAPPINGS, "Outputs": {"o": {"Value": call}}}
    with pytest.raises(InvalidDocument, match="write Fn::FindInMap"):
        definition({"HeatTemplateFormatVersion": "2012-12-12", **source})


def test_fn_get_azs_waits_for_the_cloud() -> None:
    assert isinstance(aws_value_of({"Fn::GetAZs": ""}), Unknown)
    assert isinstance(value_of({"Fn::GetAZs": ""}, version="2013-05-23"), Unknown)
