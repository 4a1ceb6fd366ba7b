"""The CloudWatch door as an application: old agents, whose it is, who may do what."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.asgi import Answer, send
from tests.desk import Desk

from isotherm.api.cloudwatch import build_cloudwatch
from isotherm.ports.watches import SeriesQuery

FORM = {"content-type": "application/x-www-form-urlencoded"}
ALARM: dict[str, Any] = {
    "AlarmName": "high",
    "Namespace": "App",
    "MetricName": "load",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 10.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
ARN = "arn:openstack:cloudwatch::demo-project:alarm:high"
STAT = {"Metric": {"Namespace": "App", "MetricName": "load"}, "Stat": "Sum", "Period": 60}
SPAN = {"StartTime": 1893456000, "EndTime": 1893459600}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "DeleteAlarms": {"AlarmNames": ["high"]},
    "DescribeAlarmsForMetric": {"Namespace": "App", "MetricName": "load"},
    "DisableAlarmActions": {"AlarmNames": ["high"]},
    "EnableAlarmActions": {"AlarmNames": ["high"]},
    "GetMetricData": {"MetricDataQueries": [{"Id": "a", "MetricStat": STAT}], **SPAN},
    "GetMetricStatistics": {
        "Namespace": "App",
        "MetricName": "load",
        "Statistics": ["Sum"],
        "Period": 60,
        **SPAN,
    },
    "ListTagsForResource": {"ResourceARN": ARN},
    "PutCompositeAlarm": {"AlarmName": "both", "AlarmRule": "ALARM(high)"},
    "PutMetricAlarm": ALARM,
    "PutMetricData": {"Namespace": "App", "MetricData": [{"MetricName": "load", "Value": 1.0}]},
    "SetAlarmState": {"AlarmName": "high", "StateValue": "OK", "StateReason": "r"},
    "TagResource": {"ResourceARN": ARN, "Tags": [{"Key": "a", "Value": "b"}]},
    "UntagResource": {"ResourceARN": ARN, "TagKeys": ["a"]},
}


async def ask(desk: Desk, action: str, user: str = "demo", **arguments: Any) -> Answer:
    headers = {
        "x-auth-token": f"{user}-token",
        "x-amz-target": f"GraniteServiceVersion20100801.{action}",
        "content-type": "application/x-amz-json-1.0",
    }
    body = json.dumps(arguments).encode()
    return await send(build_cloudwatch(desk.services), "POST", "/", body, headers)


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("PutMetricAlarm", {**ALARM, "EvaluateLowSampleCountPercentile": "never"}),
        ("PutMetricAlarm", {**ALARM, "ComparisonOperator": "GreaterThanUpperThreshold"}),
        ("PutMetricAlarm", {**ALARM, "Period": 5}),
        ("PutMetricAlarm", {**ALARM, "AlarmActions": ["arn:aws:sns:x:1:topic"]}),
        ("PutMetricAlarm", {**ALARM, "AlarmActions": [f"stack/p{n}" for n in range(6)]}),
        ("PutMetricAlarm", {**ALARM, "AlarmDescription": "x" * 1025}),
        ("PutMetricAlarm", {**ALARM, "AlarmName": "x" * 256}),
        ("PutMetricAlarm", {**ALARM, "Tags": [{"Key": "aws:x", "Value": "y"}]}),
        ("PutMetricAlarm", {**ALARM, "EvaluationPeriods": 10081}),
        ("PutMetricAlarm", {**ALARM, "Period": 10, "EvaluationPeriods": 1081}),
        ("GetMetricData", {**SPAN, "MetricDataQueries": []}),
        ("GetMetricData", {**SPAN, "MetricDataQueries": [{"Id": "A", "MetricStat": STAT}]}),
        ("GetMetricData", {**SPAN, "MetricDataQueries": [{"Id": "a", "MetricStat": STAT}] * 2}),
        (
            "GetMetricData",
            {
                "StartTime": 0,
                "EndTime": 1893456000,
                "MetricDataQueries": [{"Id": "a", "MetricStat": STAT}],
            },
        ),
        ("ListMetrics", {"RecentlyActive": "PT1H"}),
        ("DescribeAlarms", {"MaxRecords": 101}),
    ],
)
async def test_what_is_refused(desk: Desk, action: str, given: dict[str, Any]) -> None:
    answer = await ask(desk, action, **given)
    assert answer.status == 400
    assert answer.data["__type"] in ("InvalidParameterValue", "ValidationError")


async def test_old_agents_sign_measures_by_version_two(desk: Desk) -> None:
    at = desk.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    form = {
        "Action": "PutMetricData",
        "Version": "2010-08-01",
        "Namespace": "system/linux",
        "MetricData.member.1.MetricName": "load",
        "MetricData.member.1.Value": "7",
        "MetricData.member.1.Unit": "Count",
        "MetricData.member.1.Dimensions.member.1.Name": "group",
        "MetricData.member.1.Dimensions.member.1.Value": "g",
        "AWSAccessKeyId": "demo-token",
        "SignatureVersion": "2",
        "SignatureMethod": "HmacSHA256",
        "Timestamp": at,
    }
    app = build_cloudwatch(desk.services)
    for signature, status in (("wrong", 403), ("abc", 200)):
        body = urlencode({**form, "Signature": signature}).encode()
        assert (await send(app, "POST", "/", body, FORM)).status == status
    (found,) = await desk.store.watches.series(SeriesQuery(project_id="demo-project"))
    assert (found.namespace, found.name, found.dimensions) == (
        "system/linux",
        "load",
        (("group", "g"),),
    )
