"""Sums of values, and what alarms make of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from isotherm.kit.measures import Point, Series, Sum, gathered, kept_period, span_of, sum_of
from isotherm.kit.watches import State, Watch, judge, window_of

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
    sums = {at: total(each) for at, each in zip(spans, values, strict=True) if each is not None}
    return judge(of, sums, NOW)[0]


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


def test_a_percentile_of_values_that_nobody_remembers_is_unknown() -> None:
    many = total(*range(100)).plus(total(*range(100, 200)))
    assert many.values == {}
    assert many.statistic("p50") is None
    assert many.plus(total(1)).statistic("p50") is None
    assert Sum(count=3, total=6, low=2, high=2).statistic("p50") == 2
    assert total(*range(200)).values == {}
    assert Sum(count=0, total=0, low=0, high=0).statistic("Average") is None
    odd = Sum(count=2, total=3, low=1, high=2, values={"1.0": 1.0, "2.0": 1.0})
    assert odd.statistic("p101") == 2.0


def test_spans_are_put_together() -> None:
    at = span_of(NOW, 60)
    points = [Point(at=at + step * MINUTE, unit="", sum=total(step)) for step in (1, 0, 5)]
    found = gathered(points, 300)
    assert {each: held.total for each, held in found.items()} == {at: 1.0, at + 5 * MINUTE: 5.0}
    assert [kept_period(each) for each in (60, 120, 300, 900, 3600, 7200, 90)] == [
        *(60, 60, 300, 300, 3600, 3600, 60)
    ]


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
        in (judge(watch(), {end - MINUTE: total(11)}, NOW)[1])
    )
