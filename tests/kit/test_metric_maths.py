"""Expressions over metrics: what comes of them, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from isotherm.kit import metric_maths
from isotherm.kit.maths_syntax import MathsError
from isotherm.kit.measures import Series
from isotherm.kit.metric_maths import OFFERED, Maths
from isotherm.kit.metric_queries import Line, Query

BEGIN = datetime(2026, 1, 4, 23, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SERIES = Series(project_id="p", namespace="N", name="m")


def line(*values: float | None) -> Line:
    return {BEGIN + at * MINUTE: each for at, each in enumerate(values) if each is not None}


LINES = {
    "a": line(1, 2, 4, None, 3),
    "b": line(10, 0, 5, 5, None),
    "none": line(),
}


def maths(expression: str, **others: str) -> Maths:
    queries = [Query(id=name, series=SERIES, statistic="Sum", period=60) for name in LINES]
    queries += [Query(id=name, expression=text) for name, text in others.items()]
    queries.append(Query(id="e", expression=expression))
    return Maths(queries, LINES, (BEGIN, BEGIN + 5 * MINUTE))


def answer(expression: str, **others: str) -> list[list[float | None]]:
    found = maths(expression, **others).answer("e")
    times = [BEGIN + at * MINUTE for at in range(5)]
    return [[each.get(when) for when in times] for each in found]


N = None


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("a", [1, 2, 4, N, 3]),
        ("a + 1", [2, 3, 5, N, 4]),
        ("1 + a * 2", [3, 5, 9, N, 7]),
        ("(1 + a) * 2", [4, 6, 10, N, 8]),
        ("-a", [-1, -2, -4, N, -3]),
        ("2 ^ a", [2, 4, 16, N, 8]),
        ("a - b", [-9, 2, -1, N, N]),
        ("a / b", [0.1, N, 0.8, N, N]),
        ("100*(a/(a+b))", [pytest.approx(100 / 11), 100, pytest.approx(400 / 9), N, N]),
        ("(-a) ^ 0.5", [N, N, N, N, N]),
        ("a > 1.5", [0, 1, 1, N, 1]),
        ("a >= 2 AND a < 4", [0, 1, 0, N, 1]),
        ("a == 1 || a != 1 && a <= 2", [1, 1, 0, N, 0]),
        ("SUM([a, b])", [11, 2, 9, 5, 3]),
        ("AVG([a, b])", [5.5, 1, 4.5, 5, 3]),
        ("MAX([a, b])", [10, 2, 5, 5, 3]),
        ("MIN([a, b])", [1, 0, 4, 5, 3]),
        ("STDDEV([a, b])", [4.5, 1, 0.5, 0, 0]),
        ("SUM(METRICS())", [11, 2, 9, 5, 3]),
        ('SUM(METRICS("b"))', [10, 0, 5, 5, N]),
        ("SUM(METRICS('nothing'))", [N, N, N, N, N]),
        ("a / SUM(a) * 10", [1, 2, 4, N, 3]),
        ("a * AVG(none)", [0, 0, 0, N, 0]),
        ("DATAPOINT_COUNT([a, b])", [2, 2, 2, 1, 1]),
        ("TIME_SERIES(DATAPOINT_COUNT(a))", [4, 4, 4, 4, 4]),
        ("TIME_SERIES(METRIC_COUNT(METRICS()))", [3, 3, 3, 3, 3]),
        ("ABS(0 - a)", [1, 2, 4, N, 3]),
        ("CEIL(a / 2)", [1, 1, 2, N, 2]),
        ("FLOOR(a / 2)", [0, 1, 2, N, 1]),
        ("LOG(a) * 0", [0, 0, 0, N, 0]),
        ("LOG10(b)", [1, N, pytest.approx(0.69897), pytest.approx(0.69897), N]),
        ("TIME_SERIES(ABS(2 - 4))", [2, 2, 2, 2, 2]),
        ("FILL(a, 0)", [1, 2, 4, 0, 3]),
        ("FILL(a, REPEAT)", [1, 2, 4, 4, 3]),
        ("FILL(a, linear)", [1, 2, 4, 3.5, 3]),
        ("FILL(none, REPEAT)", [N, N, N, N, N]),
        ("FILL(b, a)", [10, 0, 5, 5, 3]),
        ("SUM(FILL(METRICS(), 0))", [11, 2, 9, 5, 3]),
        ("IF(a > 2, a, 0)", [0, 0, 4, N, 3]),
        ("IF(a > 2, a)", [N, N, 4, N, 3]),
        ("IF(a > 2, 1, b)", [10, 0, 1, N, 1]),
        ("IF(1, a, b)", [1, 2, 4, N, 3]),
        ("IF(0, a, b)", [10, 0, 5, 5, N]),
        ("DIFF(a)", [N, 1, 2, N, -1]),
        ("DIFF_TIME(a)", [N, 60, 60, N, 120]),
        ("RATE(a)", [N, 1 / 60, 2 / 60, N, -1 / 120]),
        ("RUNNING_SUM(a)", [1, 3, 7, N, 10]),
        ("TIME_SERIES(PERIOD(a))", [60, 60, 60, 60, 60]),
        ("MINUTE(a)", [0, 1, 2, N, 4]),
        ("HOUR(a) + DATE(a) + DAY(a) + MONTH(a)", [35, 35, 35, N, 35]),
        ("YEAR(a)", [2026, 2026, 2026, N, 2026]),
        ("EPOCH(a) - EPOCH(a)", [0, 0, 0, N, 0]),
        ("FIRST([b, a])", [10, 0, 5, 5, N]),
        ("LAST([b, a])", [1, 2, 4, N, 3]),
        ("FIRST(METRICS('nothing'))", [N, N, N, N, N]),
        ("sum([a, b])", [11, 2, 9, 5, 3]),
        ("1e1 + .5 + 1.5e0 + a", [13, 14, 16, N, 15]),
    ],
)
def test_one_line(expression: str, values: list[Any]) -> None:
    assert answer(expression) == [values]


A, B = [1, 2, 4, N, 3], [10, 0, 5, 5, N]


@pytest.mark.parametrize(
    ("expression", "lines"),
    [
        ("[a, b]", [A, B]),
        ("[]", []),
        ("METRICS('b') * 2", [[20, 0, 10, 10, N]]),
        ("2 * METRICS('b')", [[20, 0, 10, 10, N]]),
        ("ABS([a, b])", [A, B]),
        ("REMOVE_EMPTY(METRICS())", [A, B]),
        ("SLICE([a, b], 1)", [B]),
        ("SLICE([a, b], 0, 2)", [A, B]),
        ("SORT(METRICS(), MAX, DESC)", [B, A]),
        ("SORT(METRICS(), AVG, ASC)", [A, B]),
        ("SORT(METRICS(), SUM, DESC, 1)", [B]),
    ],
)
def test_several_lines(expression: str, lines: list[Any]) -> None:
    assert answer(expression) == lines


def test_an_expression_may_use_others() -> None:
    assert answer("half + 1", half="a / 2", all="half") == [[1.5, 2, 3, N, 2.5]]
    assert answer("half + half", half="a / 2") == [A]


def test_times_are_those_of_the_period() -> None:
    queries = [Query(id="e", expression="TIME_SERIES(3)", period=120)]
    span = (BEGIN, BEGIN + 5 * MINUTE)
    assert list(Maths(queries, {}, span).answer("e")[0]) == [
        BEGIN + at * MINUTE for at in (0, 2, 4)
    ]
    bare = Maths([Query(id="e", expression="TIME_SERIES(3)")], {}, span)
    assert len(bare.answer("e")[0]) == 5


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("1 + 2", "use TIME_SERIES"),
        ("SUM(a)", "use TIME_SERIES"),
        ("nobody", "no query 'nobody'"),
        ("e + 1", "leads to itself"),
        ("NOSUCH(a)", "no function NOSUCH"),
        ("SEARCH('x', 'Sum', 60)", "SEARCH is not supported yet"),
        ("ANOMALY_DETECTION_BAND(a, 2)", "not supported yet"),
        ("ABS(a, b)", "ABS is given 2 arguments"),
        ("METRICS(a)", "nothing, or a text"),
        ("FILL(a)", "FILL is given"),
        ("FILL(a, METRICS())", "one value, or one time series"),
        ("FILL(1, 0)", "a number stands where a time series"),
        ("SORT(METRICS(), a, b)", "SORT is given"),
        ("SORT(METRICS(), MAX, DESC, a)", "a time series stands where a number"),
        ("IF(METRICS(), 1)", "IF is given numbers"),
        ("METRICS() + METRICS()", "Two lists"),
        ("[1]", "time series only"),
        ("'text' + 1", "no value to compute with"),
        ("a * (1 / 0)", "cannot be computed"),
        ("a +", "Nobody expected 'the end'"),
        ("a b", "Nobody expected 'b'"),
        ("a ? b", "Nobody expected '\\? b'"),
        ("(a", "lacks a '\\)'"),
        ("SUM(a b)", "lacks a ','"),
        ("SUM(a", "lacks a ','"),
        ("", "Nobody expected 'the end'"),
        ("(" * 100 + "a" + ")" * 100, "nested too deeply"),
        ("-" * 100 + "a", "nested too deeply"),
        ("a" * 3000, "at most 2048"),
    ],
)
def test_what_is_refused(expression: str, told: str) -> None:
    with pytest.raises(MathsError, match=f"(?i){told}"):
        answer(expression)


def test_work_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric_maths, "_MOST_WORK", 50)
    with pytest.raises(MathsError, match="too much to compute"):
        answer("+".join(["a"] * 30))


def test_what_is_offered_is_known() -> None:
    assert {"ABS", "FILL", "IF", "METRICS", "RATE", "SORT", "SUM"} <= set(OFFERED)


def test_values_are_read_from_the_longest_sums_that_make_a_period() -> None:
    assert [Query(id="a", period=each).kept_period for each in (60, 600, 7200)] == [60, 300, 3600]
