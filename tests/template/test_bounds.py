"""Input that would take too long, or too much memory, is refused in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.template.support import Types

from isotherm.core.diagnostics import MOST_ERRORS, InvalidDocument
from isotherm.core.values import Value
from isotherm.template import EMPTY_ENVIRONMENT, check, load_template, parse_template, try_bind
from isotherm.template.limits import MAX_TEXT

HOT = "heat_template_version: 2021-04-16\n"
AWS = "AWSTemplateFormatVersion: '2010-09-09'\n"


class Here:
    """A scope in which every resource is there and has every attribute."""

    def reference(self, resource: str) -> str:
        return "id"

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Any:
        return "value"


def output(expression: str, head: str = "") -> str:
    return f"{HOT}{head}outputs: {{o: {{value: {expression}}}}}\n"


def refusal(source: str) -> str:
    """Why a template, or the value of its output, is refused."""
    try:
        definition, problems = try_bind(load_template(source), EMPTY_ENVIRONMENT, files={})
        problems.raise_errors()
        definition.evaluate(definition.outputs["o"].value, Here())
    except InvalidDocument as refused:
        return str(refused)
    raise AssertionError("the template was not refused")


def nested(opening: str, core: str, closing: str, depth: int) -> str:
    return opening * depth + core + closing * depth


BIG = f"parameters: {{p: {{type: string, default: {'x' * 100_000}}}}}\n"
READS = ", ".join(["{get_param: p}"] * 1000)
MANY = ", ".join(f"'{number}'" for number in range(10))


@pytest.mark.parametrize(
    ("expression", "head", "words"),
    [
        (
            nested("{str_replace: {template: xxxxxxxxxx, params: {x: ", "lol", "}}}", 30),
            "",
            "longer",
        ),
        (f"{{list_join: ['', [{READS}]]}}", BIG, "longer"),
        (f"{{list_join: ['', [[{READS}]]]}}", BIG, "longer"),
        (f"[{READS}]", BIG, f"all texts together have more than {MAX_TEXT} characters"),
        (
            "[" + ", ".join(["{str_split: ['x', {get_param: p}]}"] * 1000) + "]",
            BIG,
            "the functions have too much to do",
        ),
        (
            "{repeat: {for_each: {"
            + ", ".join(f"p{number}: [{MANY}]" for number in range(6))
            + "}, template: p0p1p2p3p4p5}}",
            "",
            "more than",
        ),
        (
            "{str_replace: {template: '"
            + "abcdefgh" * 5000
            + "', params: {abcdefgh: 1, "
            + ", ".join(f"k{number}: 1" for number in range(5000))
            + "}}}",
            "",
            "too many placeholders",
        ),
    ],
)
def test_values_do_not_grow_without_end(expression: str, head: str, words: str) -> None:
    assert words in refusal(output(expression, head))


def test_what_is_doubled_again_and_again_is_too_big() -> None:
    """It has little text, but each part of it takes memory."""
    value: Any = ["x"] * 10
    for _ in range(15):
        value = [value, value]
    source = output("{get_attr: [r, value]}", "resources: {r: {type: OS::Heat::Value}}\n")
    definition, _ = try_bind(load_template(source), EMPTY_ENVIRONMENT, files={})

    class Doubled(Here):
        def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Any:
            return value

    with pytest.raises(InvalidDocument, match="all texts together have more than"):
        definition.evaluate(definition.outputs["o"].value, Doubled())


@pytest.mark.parametrize(
    "number", ["0x" + "f" * 5000, "0" + "7" * 5000, "9" * 5000, "1" + ":59" * 1500]
)
def test_numbers_have_a_length(number: str) -> None:
    assert "is not a usable number" in refusal(f"{HOT}a: {number}")


def test_text_that_aliases_repeat_counts() -> None:
    source = f"{HOT}a: [&a {'x' * 100_000}, {', '.join(['*a'] * 1000)}]"
    assert "too big when its aliases are expanded" in refusal(source)


def test_conditions_may_not_lean_on_each_other_without_end() -> None:
    chain = "".join(f"  c{n}: {{not: c{n + 1}}}\n" for n in range(5000))
    source = f"{HOT}conditions:\n{chain}  c5000: true\noutputs: {{o: {{value: 1, condition: c0}}}}"
    assert "too many conditions depend on each other" in refusal(source)


def loop(items: str, body: str) -> str:
    return f"{AWS}Resources:\n  Fn::ForEach::A:\n  - a\n  - [{items}]\n  - {body}\n"


def test_loops_may_not_make_endless_text() -> None:
    items = ", ".join("z" * 1000 + str(number) for number in range(100))
    text = refusal(loop(items, "r${a}: {Type: OS::Heat::Value, X: '" + "${a}" * 10_000 + "'}"))
    assert text.count("the loops make too big a template") == 1


@pytest.mark.parametrize("pattern", ["((a{100}){100}){100}", "(ab){60000}", "a{999999999999}"])
def test_patterns_are_not_written_out_without_end(pattern: str) -> None:
    parameters = (
        f"parameters: {{p: {{type: string, constraints: [{{allowed_pattern: '{pattern}'}}]}}}}"
    )
    _, problems = parse_template(f"{HOT}{parameters}\n")
    assert "more than 50000 characters" in str(problems.errors[0])


@pytest.mark.parametrize("bound", [10**400, -(10**400)])
def test_ranges_know_numbers_of_any_size(bound: int) -> None:
    constraint = {"range": {"min": 10**400}}
    data: dict[str, Any] = {"type": "number", "default": bound, "constraints": [constraint]}
    source = {"heat_template_version": "2021-04-16", "parameters": {"p": data}}
    _, problems = parse_template(source)
    assert bool(problems.errors) is (bound < 0)


@pytest.mark.parametrize(
    "source",
    [
        HOT + "".join(f"section{number}: 1\n" for number in range(1000)),
        HOT + "a: 1\n" * 1000,
        f"{HOT}resources: {{r: {{type: OS::Nova::Server, properties: {{"
        + ", ".join(f"name{number}: 1" for number in range(1000))
        + "}}}",
    ],
)
def test_after_many_mistakes_nobody_looks_for_more(source: str) -> None:
    found = list(check(source, Types()))
    assert len(found) == MOST_ERRORS
    assert found[-1].text == f"there are more mistakes than these {MOST_ERRORS - 1}"


@pytest.mark.parametrize(
    "query", ["pow(99999999, 99999999)", "shiftBitsLeft(1, 99999999999)", "[1] * 1000000000"]
)
def test_queries_do_not_multiply_without_end(query: str) -> None:
    assert "too big" in refusal(output(f"{{yaql: {{expression: '{query}', data: {{}}}}}}"))


def test_a_template_may_not_make_queries_without_end() -> None:
    queries = ", ".join(["{yaql: {expression: '1', data: {}}}"] * 2000)
    assert "too much to do" in refusal(output(f"[{queries}]"))
