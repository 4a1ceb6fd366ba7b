"""yaql: queries over data, within bounds."""

from __future__ import annotations

import time
from typing import Any

import pytest
from tests.template.support import refusal, value_of

from isotherm.template.functions import query_engine


def query(expression: str, data: Any = None) -> dict[str, Any]:
    return {"yaql": {"expression": expression, "data": data}}


@pytest.mark.parametrize(
    ("expression", "data", "value"),
    [
        ("$.data.where($ > 1)", [1, 2, 3], [2, 3]),
        ("dict($.data.items())", {"a": 1}, {"a": 1}),
        ("$.data =~ 'a.c'", "xabcx", True),
        ("$.data !~ 'a.c'", "xabcx", False),
        ("$.data.matches('a.c')", "xabcx", True),
        ("regex('A.c', ignoreCase => true).matches($.data)", "xabcx", True),
        ("regex('a.c').search($.data)", "xabcx", "abc"),
        ("regex('[ab]').searchAll($.data).toList()", "xabcx", ["a", "b"]),
        ("regex(',|;').split($.data)", "a,b;c", ["a", "b", "c"]),
        ("$.data.split(regex(',|;'))", "a,b;c", ["a", "b", "c"]),
        ("regex('b+').replace($.data, 'x')", "abbc", "axc"),
        ("isRegex(regex('a'))", None, True),
        ("$.data.toSet().orderBy($)", [2, 1, 2], [1, 2]),
        ("datetime('2020-01-02T03:04:05')", None, "2020-01-02T03:04:05.000000"),
        ("timespan(hours => 1)", None, "1:00:00"),
        ("dict(true => null, 1.5 => [1])", None, {"true": None, "1.5": [1]}),
    ],
)
def test_answers(expression: str, data: Any, value: Any) -> None:
    assert value_of(query(expression, data)) == value


@pytest.mark.parametrize(
    ("expression", "data", "words"),
    [
        ("foo(", None, "Bad expression"),
        ("$" * 30_000, None, "longer than"),
        ("(" * 3_000, None, "Bad expression"),
        ("$.nothing", None, "nothing"),
        ("unknown()", None, "Unknown function"),
        ("range(1, 1000).toList()", None, "200"),
        ("'x' * 100000", None, "memory"),
        ("$.data =~ '('", "x", "unterminated"),
        ("9" * 5000, None, "Bad expression: not understood"),
        ("1" + "+1" * 3000, None, "nested too deeply"),
    ],
)
def test_refusals(expression: str, data: Any, words: str) -> None:
    assert words.lower() in refusal(query(expression, data)).lower()


@pytest.mark.parametrize(
    "argument",
    [
        [{"get_param": "q"}],
        {"get_param": "data"},
        {"expression": {"get_param": "q"}, "dat": 1},
        {"expresion": {"get_param": "q"}},
        {"expression": "1", "dat": 1},
        {"data": 1},
        ["1"],
        "1",
    ],
)
def test_a_wrong_form_is_refused(argument: Any) -> None:
    given = {"q": "1", "data": {"a": 1}}
    assert "write yaql: {expression: TEXT, data: ANY}" in refusal({"yaql": argument}, given=given)


def test_an_expression_may_be_computed() -> None:
    given = {"q": "$.data + 1", "all": {"expression": "$.data + 2", "data": 1}}
    assert value_of({"yaql": {"expression": {"get_param": "q"}, "data": 1}}, given=given) == 2
    assert value_of({"yaql": {"get_param": "all"}}, given=given) == 3
    call = {"yaql": {"expression": {"get_param": "all"}, "data": 1}}
    assert "the expression must be text" in refusal(call, given=given)
    assert "the expression must be text" in refusal({"yaql": {"expression": 5}})


def test_a_bad_expression_is_seen_though_its_data_is_not_known() -> None:
    call = {"yaql": {"expression": "foo(", "data": {"get_param": "x"}}}
    assert "Bad expression" in refusal(call, given={"x": [1]})


def test_conditions_may_query() -> None:
    conditions = {"c": {"yaql": {"expression": "$.data > 1", "data": {"get_param": "x"}}}}
    assert value_of({"if": ["c", "y", "n"]}, given={"x": 2}, conditions=conditions) == "y"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("regex('(a|a)+$').matches($.data)", "a pattern takes too long"),
        ("$.data =~ '(a|a)+$'", "a pattern takes too long"),
        (
            "range(199).select(range(199).select(range(199).select($ * $).sum()).sum()).sum()",
            "the query takes too long",
        ),
    ],
)
def test_queries_cannot_hang(expression: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_engine, "MAX_SECONDS", 0.2)
    started = time.monotonic()
    assert words in refusal(query(expression, "a" * 60 + "b"))
    assert time.monotonic() - started < 20


def test_a_query_that_memory_does_not_suffice_for_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def too_much(value: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(query_engine, "_plain", too_much)
    assert "the query takes too much memory" in refusal(query("$.data", [1]))
