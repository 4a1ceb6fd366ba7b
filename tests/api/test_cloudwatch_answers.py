"""What clients of CloudWatch send packed, and what they are told in parts."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from tests.api.test_cloudwatch import ALARM, ask
from tests.asgi import Answer, send
from tests.desk import Desk

from isotherm.api.cloudwatch import build_cloudwatch

METRIC = {"Namespace": "App", "MetricName": "load", "Dimensions": [{"Name": "host", "Value": "a"}]}


async def measured(desk: Desk, values: list[float], **more: Any) -> dict[str, Any]:
    """One value a minute; gives the span that they are in."""
    now = desk.clock.now().timestamp() // 60 * 60
    start = now - 60 * len(values)
    data = [
        {
            "MetricName": "load",
            "Dimensions": METRIC["Dimensions"],
            "Timestamp": start + 60 * at,
            "Value": value,
            **more,
        }
        for at, value in enumerate(values)
    ]
    answer = await ask(desk, "PutMetricData", Namespace="App", MetricData=data)
    assert answer.status == 200, answer.content
    return {"StartTime": start, "EndTime": now}


def query(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"Id": name, "MetricStat": {"Metric": METRIC, "Stat": "Sum", "Period": 60}, **more}


# -- packed bodies -------------------------------------------------------------------------------


async def packed(desk: Desk, body: bytes, encoding: str = "gzip") -> Answer:
    headers = {
        "x-auth-token": "demo-token",
        "x-amz-target": "GraniteServiceVersion20100801.PutMetricData",
        "content-type": "application/x-amz-json-1.0",
        "content-encoding": encoding,
    }
    return await send(build_cloudwatch(desk.services), "POST", "/", body, headers)


async def test_boto3_packs_what_is_long(desk: Desk) -> None:
    data = [{"MetricName": f"m{at}", "Value": 1.0} for at in range(600)]
    body = json.dumps({"Namespace": "App", "MetricData": data}).encode()
    assert (await packed(desk, gzip.compress(body))).status == 200
    listed = (await ask(desk, "ListMetrics", Namespace="App")).data["Metrics"]
    assert len(listed) == 500
    assert (await packed(desk, body, "identity")).status == 200


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (b"{}", "gzip", "InvalidParameterValue"),
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip", "InvalidParameterValue"),
        (gzip.compress(b"{}", mtime=0) * 2, "gzip", "InvalidParameterValue"),
        (b"{}", "br", "InvalidParameterValue"),
        (gzip.compress(b" " * 50_000_000, mtime=0), "gzip", "RequestLimitExceeded"),
    ],
)
async def test_what_cannot_be_unpacked_is_refused(
    desk: Desk, body: bytes, encoding: str, code: str
) -> None:
    refused = await packed(desk, body, encoding)
    assert (refused.status, refused.data["__type"]) == (400, code)


# -- units ---------------------------------------------------------------------------------------


async def test_without_a_unit_there_is_a_datapoint_for_each(desk: Desk) -> None:
    span = await measured(desk, [4.0], Unit="Percent")
    await measured(desk, [7.0], Unit="Count")
    asked = {**METRIC, **span, "Period": 60, "Statistics": ["Sum"]}
    points = (await ask(desk, "GetMetricStatistics", **asked)).data["Datapoints"]
    assert {each["Unit"]: each["Sum"] for each in points} == {"Percent": 4.0, "Count": 7.0}
    points = (await ask(desk, "GetMetricStatistics", **asked, Unit="Count")).data["Datapoints"]
    assert [(each["Unit"], each["Sum"]) for each in points] == [("Count", 7.0)]


# -- pages and labels ----------------------------------------------------------------------------


async def test_data_come_in_pages_that_are_together_what_there_is(desk: Desk) -> None:
    span = await measured(desk, [1.0, 2.0, 3.0, 4.0, 5.0])
    none = {"Metric": {**METRIC, "MetricName": "none"}, "Stat": "Sum", "Period": 60}
    asked = {
        **span,
        "MetricDataQueries": [query("a"), {"Id": "n", "MetricStat": none}, query("b")],
        "ScanBy": "TimestampAscending",
        "MaxDatapoints": 3,
    }
    told: dict[str, list[float]] = {}
    states, token, pages = [], None, 0
    while pages == 0 or token:
        more: dict[str, Any] = {"NextToken": token} if token else {}
        answer = (await ask(desk, "GetMetricData", **asked, **more)).data
        for each in answer["MetricDataResults"]:
            assert len(each["Values"]) == len(each["Timestamps"])
            told.setdefault(each["Id"], []).extend(each["Values"])
            states.append((each["Id"], each["StatusCode"]))
        token, pages = answer.get("NextToken"), pages + 1
    whole = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert (told, pages) == ({"a": whole, "n": [], "b": whole}, 4)
    assert states[:2] == [("a", "PartialData"), ("a", "Complete")]
    assert states[-1] == ("b", "Complete")


@pytest.mark.parametrize("wrong", [{"NextToken": "x"}, {"MaxDatapoints": 200_000}])
async def test_pages_that_cannot_be(desk: Desk, wrong: dict[str, Any]) -> None:
    span = await measured(desk, [1.0])
    refused = await ask(desk, "GetMetricData", **span, MetricDataQueries=[query()], **wrong)
    assert refused.status == 400


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("plain", "plain"),
        ("${LABEL}: ${MIN} to ${MAX}", "load: 1 to 5"),
        ("${FIRST} ${LAST} ${SUM} ${AVG} ${DATAPOINT_COUNT}", "1 2 8 2.66667 3"),
        ("${PROP('MetricName')} of ${PROP('Dim.host')} ${PROP('Stat')}", "load of a Sum"),
        ("${PROP('Dim.none')}", "--"),
    ],
)
async def test_labels_tell_of_their_lines(desk: Desk, label: str, written: str) -> None:
    span = await measured(desk, [1.0, 5.0, 2.0])
    asked = {**span, "MetricDataQueries": [query(Label=label)]}
    (told,) = (await ask(desk, "GetMetricData", **asked)).data["MetricDataResults"]
    assert told["Label"] == written


@pytest.mark.parametrize(
    ("label", "zone", "written"),
    [
        ("${MAX_TIME}", None, "2025-12-31 23:58:00 +0000"),
        ("${LAST_TIME}", "+0130", "2026-01-01 01:29:00 +0130"),
        ("${MIN_TIME}", "-0800", "2025-12-31 15:57:00 -0800"),
        ("${FIRST_TIME_RELATIVE}", None, "0:03:00 ago"),
        (
            "${FIRST_LAST_TIME_RANGE}",
            "+0100",
            "2026-01-01 00:57:00 +0100 - 2026-01-01 00:59:00 +0100",
        ),
        (
            "${MIN_MAX_TIME_RANGE}",
            None,
            "2025-12-31 23:57:00 +0000 - 2025-12-31 23:58:00 +0000",
        ),
        ("${FIRST_LAST_RANGE} ${MIN_MAX_RANGE}", None, "1 4"),
    ],
)
async def test_labels_tell_times_in_the_zone_that_is_asked_for(
    desk: Desk, label: str, zone: str | None, written: str
) -> None:
    span = await measured(desk, [1.0, 5.0, 2.0])
    more = {"LabelOptions": {"Timezone": zone}} if zone else {}
    asked = {**span, **more, "MetricDataQueries": [query(Label=label)]}
    (told,) = (await ask(desk, "GetMetricData", **asked)).data["MetricDataResults"]
    assert told["Label"] == written


async def test_a_zone_that_is_none_is_refused(desk: Desk) -> None:
    span = await measured(desk, [1.0])
    for zone in ("UTC", "+9900", "0100"):
        asked = {**span, "MetricDataQueries": [query()], "LabelOptions": {"Timezone": zone}}
        refused = await ask(desk, "GetMetricData", **asked)
        assert refused.data["__type"] == "ValidationError"
        assert "+0130" in refused.data["message"]


async def test_metrics_that_are_recently_active_are_listed_alone(desk: Desk) -> None:
    await measured(desk, [1.0])
    old = desk.clock.now().timestamp() - 4 * 3600
    data = [{"MetricName": "old", "Value": 1.0, "Timestamp": old}]
    await ask(desk, "PutMetricData", Namespace="App", MetricData=data)
    for more, names in (({}, {"load", "old"}), ({"RecentlyActive": "PT3H"}, {"load"})):
        listed = (await ask(desk, "ListMetrics", **more)).data["Metrics"]
        assert {each["MetricName"] for each in listed} == names


async def test_a_label_that_cannot_be_written_is_refused(desk: Desk) -> None:
    span = await measured(desk, [1.0])
    refused = await ask(
        desk, "GetMetricData", **span, MetricDataQueries=[query(Label="${WORST_TIME}")]
    )
    assert refused.data["__type"] == "ValidationError"
    assert "WORST_TIME" in refused.data["message"]


async def test_values_of_high_resolution_are_told_by_the_second(desk: Desk) -> None:
    end = desk.clock.now().timestamp() // 60 * 60
    start = end - 60
    data = [
        {"MetricName": "load", "Timestamp": start + at, "Value": at, "StorageResolution": 1}
        for at in (1.0, 4.0, 12.0)
    ]
    await ask(desk, "PutMetricData", Namespace="App", MetricData=data)
    metric = {"Namespace": "App", "MetricName": "load"}
    for period, told in ((1, [1.0, 4.0, 12.0]), (5, [5.0, 12.0]), (30, [17.0]), (60, [17.0])):
        span: dict[str, Any] = {"StartTime": start, "EndTime": end, "Period": period}
        found = await ask(desk, "GetMetricStatistics", **metric, **span, Statistics=["Sum"])
        assert [each["Sum"] for each in found.data["Datapoints"]] == told
    stat = {"Metric": metric, "Stat": "Maximum", "Period": 10}
    queries = [{"Id": "a", "MetricStat": stat}]
    asked: dict[str, Any] = {"StartTime": start, "EndTime": end, "MetricDataQueries": queries}
    found = await ask(desk, "GetMetricData", **asked, ScanBy="TimestampAscending")
    assert found.data["MetricDataResults"][0]["Values"] == [4.0, 12.0]
    for period in (2, 15, 45, 90):
        span = {"StartTime": start, "EndTime": end, "Period": period}
        refused = await ask(desk, "GetMetricStatistics", **metric, **span, Statistics=["Sum"])
        assert refused.data["__type"] == "InvalidParameterValue"


# -- alarms --------------------------------------------------------------------------------------


async def test_a_state_that_is_set_has_its_reason_for_programs(desk: Desk) -> None:
    await ask(desk, "PutMetricAlarm", **ALARM)
    told = {"AlarmName": "high", "StateValue": "ALARM", "StateReason": "tried"}
    await ask(desk, "SetAlarmState", **told, StateReasonData='{"by": "hand"}')
    (shown,) = (await ask(desk, "DescribeAlarms")).data["MetricAlarms"]
    assert shown["StateReasonData"] == '{"by": "hand"}'
    past = (await ask(desk, "DescribeAlarmHistory", HistoryItemType="StateUpdate")).data
    (item,) = past["AlarmHistoryItems"]
    known = json.loads(item["HistoryData"])
    assert known["newState"] == {
        "stateValue": "ALARM",
        "stateReason": "tried",
        "stateReasonData": {"by": "hand"},
    }
    assert known["oldState"]["stateValue"] == "INSUFFICIENT_DATA"
    for wrong in ("no JSON", "[]", json.dumps({"x": "y" * 4000})):
        refused = await ask(desk, "SetAlarmState", **told, StateReasonData=wrong)
        assert refused.data["__type"] == "InvalidParameterValue"


async def test_what_few_samples_are_worth_is_shown_of_percentiles(desk: Desk) -> None:
    wanted = {**ALARM, "EvaluateLowSampleCountPercentile": "ignore"}
    del wanted["Statistic"]
    made = await ask(desk, "PutMetricAlarm", **wanted, ExtendedStatistic="p99")
    assert made.status == 200
    (shown,) = (await ask(desk, "DescribeAlarms")).data["MetricAlarms"]
    assert shown["EvaluateLowSampleCountPercentile"] == "ignore"


async def test_a_key_of_a_tag_that_is_reserved_is_named(desk: Desk) -> None:
    given = {**ALARM, "Tags": [{"Key": "aws:x", "Value": "y"}]}
    refused = await ask(desk, "PutMetricAlarm", **given)
    assert refused.status == 400
    assert b"do not begin with aws:" in refused.content
