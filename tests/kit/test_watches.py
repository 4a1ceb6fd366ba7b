"""Sums of values, and what alarms make of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from isotherm.kit.judging import judge, judge_rule, judge_values, values_of, window_of
from isotherm.kit.measures import (
    PERIODS,
    Point,
    Sample,
    Series,
    Sum,
    gathered,
    is_extended,
    is_period,
    kept_period,
    may_be_judged,
    span_of,
    sum_of,
)
from isotherm.kit.metric_queries import Query
from isotherm.kit.watches import State, Watch

NOW = datetime(2026, 1, 1, 12, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def total(*values: float) -> Sum:
    return sum_of((value, 1.0) for value in values)


def watch(**fields: Any) -> Watch:
    given: dict[str, Any] = {
        "id": "i",
        "project_id": "p",
        "name": "high",
        "series": Series(project_id="p", namespace="N", name="cpu"),
        "statistic": "Average",
        "period": 60,
        "threshold": 10.0,
        "comparison": "GreaterThanThreshold",
        "state_at": NOW,
        "updated_at": NOW,
        "look_at": NOW,
    }
    return Watch(**given | fields)


def judged(of: Watch, *values: float | None) -> State:
    """With these values in the last whole periods."""
    _, end = window_of(of, NOW)
    spans = [end - (at + 1) * timedelta(seconds=of.period) for at in range(len(values))][::-1]
    known = {at: each for at, each in zip(spans, values, strict=True) if each is not None}
    return judge_values(of, known, NOW).state


def test_a_series_is_known_by_all_that_it_is() -> None:
    series = Series(project_id="p", namespace="N", name="cpu", dimensions=(("host", "a"),))
    assert series.id == replace(series).id
    others = {"project_id": "q", "namespace": "M", "name": "disk", "dimensions": ()}
    assert len({series.id, *(replace(series, **{k: v}).id for k, v in others.items())}) == 5


@pytest.mark.parametrize(
    ("statistic", "value"),
    [
        ("SampleCount", 4.0),
        ("Sum", 10.0),
        ("Minimum", 1.0),
        ("Maximum", 4.0),
        ("Average", 2.5),
        ("p50", 2.0),
        ("p100", 4.0),
        ("p99.9", 4.0),
    ],
)
def test_what_is_made_of_values(statistic: str, value: float) -> None:
    assert total(1, 2).plus(total(3, 4)).statistic(statistic) == value


@pytest.mark.parametrize(
    ("statistic", "value"),
    [
        ("p90", 9.0),
        ("tm90", 5.0),
        ("tm5", 1.0),
        ("tm0", None),
        ("tc50", 5.0),
        ("ts50", 15.0),
        ("wm90", 5.4),
        ("IQM", 5.5),
        ("PR(1:2)", None),
    ],
)
def test_what_is_made_of_the_values_up_to_one(statistic: str, value: float | None) -> None:
    found = total(*range(1, 11)).statistic(statistic)
    assert found == value if value is None else found == pytest.approx(value)


def test_which_statistics_there_are_besides() -> None:
    offered = ("p0", "p99.99", "tm90", "IQM", "p101", "p", "x9", "TM(1%:2%)")
    assert [each for each in offered if is_extended(each)] == ["p0", "p99.99", "tm90", "IQM"]


def test_many_values_are_rounded_and_very_many_forgotten() -> None:
    some = total(*(1000 + each for each in range(100)))
    more = some.plus(total(*(1100 + each for each in range(100))))
    assert len(more.values) <= 150
    assert more.statistic("p50") == pytest.approx(1099, rel=0.005)
    many = total(*(each * 1.37**each for each in range(1, 400)))
    assert many.values == {}
    assert many.statistic("p50") is None
    assert many.plus(total(1)).statistic("p50") is None
    assert Sum(count=3, total=6, low=2, high=2).statistic("p50") == 2
    assert Sum(count=0, total=0, low=0, high=0).statistic("Average") is None
    assert Sum(count=0, total=0, low=0, high=0).statistic("wm50") is None
    odd = Sum(count=2, total=3, low=1, high=2, values={"1.0": 1.0, "2.0": 1.0})
    assert odd.statistic("p101") == 2.0


def test_spans_are_put_together() -> None:
    at = span_of(NOW, 60)
    points = [Point(at=at + step * MINUTE, unit="", sum=total(step)) for step in (1, 0, 5)]
    found = gathered(points, 300)
    assert {each: held.total for each, held in found.items()} == {at: 1.0, at + 5 * MINUTE: 5.0}
    assert [kept_period(each) for each in (60, 120, 300, 900, 3600, 7200, 90, 1, 30)] == [
        *(60, 60, 300, 300, 3600, 3600, 60, 1, 1)
    ]


def test_periods_that_can_be_asked_and_judged() -> None:
    seconds = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120)
    assert [each for each in seconds if is_period(each)] == [1, 5, 10, 20, 30, 60, 120]
    assert [each for each in seconds if may_be_judged(each)] == [10, 20, 30, 60, 120]


@pytest.mark.parametrize(("fine", "periods"), [(False, PERIODS), (True, (1, *PERIODS))])
def test_over_what_a_value_is_summed_up(fine: bool, periods: tuple[int, ...]) -> None:
    of = Series(project_id="p", namespace="N", name="cpu")
    assert Sample(series=of, at=NOW, unit="", sum=total(1), fine=fine).periods == periods


TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
_A, _O, _SAME = State.ALARM, State.OK, State.INSUFFICIENT_DATA
AWS_TELLS: list[tuple[int, list[float | None], tuple[State, ...]]] = [
    # Of the last three, all must lie outside; then two of them.
    (3, [9, None, 11, None, 11], (_O, _O, _O, _O)),
    (3, [None, None, None, None, 9], (_O, _O, _O, _O)),
    (3, [None, None, None, None, None], (_SAME, _SAME, _A, _O)),
    (3, [9, 11, 11, None, 11], (_A, _A, _A, _A)),
    (3, [None, None, 11, None, None], (_A, _SAME, _A, _O)),
    (2, [9, None, 11, None, 11], (_A, _A, _A, _A)),
    (2, [9, 9, 11, 9, 11], (_A, _A, _A, _A)),
    (2, [9, None, 11, None, None], (_O, _O, _A, _O)),
    (2, [None, None, None, None, 9], (_O, _O, _A, _O)),
    (2, [None, None, None, None, 11], (_A, _SAME, _A, _O)),
]
"""The examples of Amazon's own documentation, with what each treatment makes of them."""


@pytest.mark.parametrize(
    ("fields", "values", "state"),
    [
        ({}, [11], State.ALARM),
        ({}, [9], State.OK),
        ({"comparison": "LessThanThreshold"}, [9], State.ALARM),
        ({"comparison": "GreaterThanOrEqualToThreshold"}, [10], State.ALARM),
        ({"comparison": "LessThanOrEqualToThreshold"}, [11], State.OK),
        ({"evaluation_periods": 3, "datapoints": 3}, [11, 11, 9], State.OK),
        ({"evaluation_periods": 3, "datapoints": 2}, [11, 9, 11], State.ALARM),
        ({}, [None], State.INSUFFICIENT_DATA),
        ({"missing": "breaching"}, [None], State.ALARM),
        ({"missing": "notBreaching", "state": State.ALARM}, [None], State.OK),
        ({"missing": "ignore", "state": State.ALARM}, [None], State.ALARM),
        # What came a little earlier stands for what is missing.
        ({}, [11, None], State.ALARM),
        ({"evaluation_periods": 2, "datapoints": 2, "missing": "breaching"}, [11], State.ALARM),
        ({"evaluation_periods": 2, "datapoints": 2, "missing": "notBreaching"}, [11], State.OK),
        (
            {
                "evaluation_periods": 2,
                "datapoints": 2,
                "missing": "ignore",
                "state": State.ALARM,
            },
            [11],
            State.ALARM,
        ),
        ({"period": 300, "statistic": "p50"}, [11], State.ALARM),
        *(
            (
                {
                    "evaluation_periods": 3,
                    "datapoints": datapoints,
                    "missing": missing,
                    "state": State.INSUFFICIENT_DATA,
                },
                values,
                state,
            )
            for datapoints, values, states in AWS_TELLS
            for missing, state in zip(TREATMENTS, states, strict=True)
        ),
    ],
)
def test_what_an_alarm_becomes(
    fields: dict[str, Any], values: list[float | None], state: State
) -> None:
    assert judged(watch(**fields), *values) is state


def test_the_actions_of_each_state() -> None:
    told = watch(alarm_actions=("a",), ok_actions=("o",), insufficient_actions=("i",))
    assert told.actions(State.ALARM) == ("a",)
    assert told.actions(State.OK) == ("o",)
    assert told.actions(State.INSUFFICIENT_DATA) == ("i",)
    assert watch(alarm_actions=("a",), actions_enabled=False).actions(State.ALARM) == ()
    assert told.arn == "arn:openstack:cloudwatch::p:alarm:high"


def test_a_reason_tells_the_values() -> None:
    _, end = window_of(watch(), NOW)
    assert (
        "1 out of the last 1 datapoints [11] was greater than the threshold (10)"
        in judge_values(watch(), {end - MINUTE: 11.0}, NOW).reason
    )


def points(*values: float) -> list[Point]:
    """In the last whole minutes."""
    _, end = window_of(watch(), NOW)
    return [
        Point(at=end - (at + 1) * MINUTE, unit="", sum=total(each))
        for at, each in enumerate(reversed(values))
    ]


def test_an_alarm_on_one_metric_compares_its_values() -> None:
    of = watch(statistic="Maximum")
    assert of.series is not None
    known = values_of(of, {of.series.id: points(3, 12)}, NOW)
    assert list(known.values()) == [3.0, 12.0]
    assert values_of(of, {}, NOW) == {}


def test_an_alarm_on_several_compares_what_is_computed() -> None:
    one = Series(project_id="p", namespace="N", name="a")
    query = Query(id="a", series=one, statistic="Sum", period=60, returned=False)
    asked = Query(id="e", expression="a * 2")
    of = watch(series=None, queries=(query, asked))
    assert list(values_of(of, {one.id: points(7)}, NOW).values()) == [14.0]
    for wrong in ("1", "nobody", "[a, a]"):
        other = watch(series=None, queries=(query, Query(id="e", expression=wrong)))
        assert values_of(other, {one.id: points(7)}, NOW) == {}


def test_an_alarm_about_others_follows_them() -> None:
    of = watch(series=None, rule="ALARM(a) AND NOT ALARM(b)")
    assert of.composite
    alarming = watch(name="a", state=State.ALARM)
    assert judge_rule(of, {"a": alarming}).state is State.ALARM
    both = judge_rule(of, {"a": alarming, "b": watch(name="b", state=State.ALARM)})
    assert both.state is State.OK
    assert both.reason == "The rule is false: ALARM(a) AND NOT ALARM(b)"
    told = json.loads(both.data)["triggeringAlarms"]
    assert [each["arn"].rpartition(":")[2] for each in told] == ["a", "b"]
    assert told[0]["state"] == {"value": "ALARM", "timestamp": "2026-01-01T12:00:30.000+0000"}
    same = watch(series=None, rule="ALARM(a)", state=State.OK, reason="as it was", reason_data="{}")
    unchanged = judge_rule(same, {})
    assert (unchanged.state, unchanged.reason, unchanged.data) == (State.OK, "as it was", "{}")


def test_programs_are_told_by_what_values_it_was_judged() -> None:
    of = watch(evaluation_periods=2, unit="Count")
    assert of.series is not None
    known = [replace(each, unit="Count") for each in points(9, 11)]
    assert json.loads(judge(of, {of.series.id: known}, NOW).data) == {
        "version": "1.0",
        "queryDate": "2026-01-01T12:00:30.000+0000",
        "startDate": "2026-01-01T11:58:00.000+0000",
        "statistic": "Average",
        "unit": "Count",
        "period": 60,
        "recentDatapoints": [9.0, 11.0],
        "threshold": 10.0,
        "evaluatedDatapoints": [
            {"timestamp": "2026-01-01T11:58:00.000+0000", "value": 9.0},
            {"timestamp": "2026-01-01T11:59:00.000+0000", "value": 11.0},
        ],
    }
    unknown = json.loads(judge(watch(series=None, period=60), {}, NOW).data)
    assert unknown["recentDatapoints"] == []
    assert not {"startDate", "statistic", "unit"} & unknown.keys()


@pytest.mark.parametrize(
    ("statistic", "count", "changes"),
    [
        *(("p99", 999, False), ("p99", 1000, True), ("p10", 99, False), ("p10", 100, True)),
        *(("p100", 100_000, False), ("Average", 1, True), ("tm99", 1, True)),
    ],
)
def test_a_percentile_of_few_values_may_change_nothing(
    statistic: str, count: int, changes: bool
) -> None:
    of = watch(statistic=statistic, few_samples="ignore", reason="before")
    assert of.series is not None
    _, end = window_of(of, NOW)
    known = {of.series.id: [Point(at=end - MINUTE, unit="", sum=sum_of([(11.0, float(count))]))]}
    verdict = judge(of, known, NOW)
    assert verdict.state is (State.ALARM if changes else State.INSUFFICIENT_DATA)
    assert (verdict.reason == "before") is not changes
    assert judge(replace(of, few_samples="evaluate"), known, NOW).state is State.ALARM
