"""CloudWatch's own clients, as they come: boto3 and the aws command, as processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.clients.test_boto3 import aws
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

BEGINNING = """\
import datetime, json, time
import boto3
from botocore.exceptions import ClientError

client = boto3.client("cloudwatch")
NOW = datetime.datetime.now(datetime.timezone.utc)
MINUTE = datetime.timedelta(minutes=1)
HOST = [{"Name": "host", "Value": "a"}]
ALARM = dict(
    AlarmName="high", Namespace="App", MetricName="load", Dimensions=HOST, Statistic="Average",
    Period=60, EvaluationPeriods=1, Threshold=10, ComparisonOperator="GreaterThanThreshold",
)


def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]


def state(name="high"):
    (found,) = client.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return found["StateValue"]


def becomes(wanted, name="high"):
    for _ in range(160):
        if state(name) == wanted:
            return True
        time.sleep(0.5)
    return False


def tell(**facts):
    print(json.dumps(facts, default=str))


"""


def run(service: Service, tmp_path: Path, script: str) -> Any:
    file = tmp_path / "script.py"
    file.write_text(BEGINNING + script)
    done = subprocess.run(
        [sys.executable, str(file)],
        env=aws(service),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{service.log[-3000:]}"
    return json.loads(done.stdout)


def test_measures(service: Service, tmp_path: Path) -> None:
    told = run(
        service,
        tmp_path,
        """
LOAD = {
    "MetricName": "load", "Dimensions": HOST, "Unit": "Count", "Timestamp": NOW - MINUTE,
}
SUMS = {"SampleCount": 2, "Sum": 6, "Minimum": 1, "Maximum": 5}
client.put_metric_data(Namespace="App", MetricData=[
    {**LOAD, "Value": 4.0},
    {**LOAD, "Values": [1.0, 7.0], "Counts": [1.0, 2.0]},
    {"MetricName": "sum", "StatisticValues": SUMS},
])
# So many that boto3 packs them.
client.put_metric_data(Namespace="Many", MetricData=[
    {"MetricName": f"measure-{at}", "Value": at} for at in range(501)])
many = [len(each["Metrics"])
        for each in client.get_paginator("list_metrics").paginate(Namespace="Many")]
span = {"StartTime": NOW - 10 * MINUTE, "EndTime": NOW + MINUTE, "Period": 3600}
found = client.get_metric_statistics(
    Namespace="App", MetricName="load", Dimensions=HOST, Unit="Count",
    Statistics=["Average", "Sum", "Maximum", "SampleCount"], ExtendedStatistics=["p50"],
    **{**span, "Period": 60},
)
listed = client.list_metrics(
    Namespace="App", MetricName="load", Dimensions=[{"Name": "host"}], RecentlyActive="PT3H")
STAT = {"Metric": {"Namespace": "App", "MetricName": "load", "Dimensions": HOST}, "Stat": "Sum",
        "Period": 60}
period = {"StartTime": span["StartTime"], "EndTime": span["EndTime"]}
(data,) = client.get_metric_data(
    MetricDataQueries=[{"Id": "a", "MetricStat": STAT}], **period)["MetricDataResults"]
asked = [
    {"Id": "a", "MetricStat": STAT, "ReturnData": False},
    {"Id": "half", "Expression": "FILL(a, 0) / 2", "Label": "half at ${LAST_TIME}"},
]
(half,) = client.get_metric_data(
    MetricDataQueries=asked, ScanBy="TimestampDescending", LabelOptions={"Timezone": "+0130"},
    **period)["MetricDataResults"]
def maths(text, **more):
    return code(client.get_metric_data, MetricDataQueries=[
        {"Id": "a", "MetricStat": STAT}, {"Id": "e", "Expression": text, **more}], **period)
tell(
    points=found["Datapoints"],
    listed=listed["Metrics"],
    many=many,
    data=data,
    half=half,
    maths=[maths("a *"), maths("1"), maths("SEARCH('x', 'Sum')"), maths("e + 1"),
           maths("a", AccountId="1")],
    wrong=[
        code(client.put_metric_data, Namespace="App", MetricData=[{"MetricName": "a"}]),
        code(client.put_metric_data, Namespace="App", MetricData=[
            {"MetricName": "a", "Value": 1, "Timestamp": NOW - 30000 * MINUTE}]),
        code(client.get_metric_statistics, Namespace="App", MetricName="load", **span),
        code(client.get_metric_statistics, Namespace="App", MetricName="load", Statistics=["Sum"],
             **{**span, "Period": 90}),
        code(client.get_metric_statistics, Namespace="App", MetricName="load",
             ExtendedStatistics=["p101"], **span),
        code(client.put_metric_data, Namespace="App", MetricData=[{**LOAD, "Value": 2.0 ** 361}]),
        code(client.put_metric_data, Namespace="App", MetricData=[
            {"MetricName": "a", "Value": 1, "Dimensions": [
                {"Name": f"d{n}", "Value": "x"} for n in range(1000)]}]),
        code(client.put_metric_data, Namespace="App", MetricData=[
            {"MetricName": "a", "Value": 1, "StorageResolution": 2}]),
        code(client.put_metric_data, Namespace="App", MetricData=[
            {"MetricName": "a", "StatisticValues": {**SUMS, "Minimum": 9}}]),
        code(client.put_metric_data, Namespace="App", MetricData=[
            {"MetricName": "a", "Values": [1], "Counts": [0]}]),
    ],
)
""",
    )
    (point,) = told["points"]
    assert told["many"] == [500, 1]
    assert (point["SampleCount"], point["Sum"], point["Maximum"]) == (4.0, 19.0, 7.0)
    assert point["ExtendedStatistics"] == {"p50": 4.0}
    assert point["Unit"] == "Count"
    assert (told["data"]["Values"], told["data"]["StatusCode"]) == ([19.0], "Complete")
    assert told["half"]["Label"].endswith(" +0130")
    assert sorted(told["half"]["Values"])[-1] == 9.5
    assert len(told["half"]["Values"]) >= 10
    assert told["maths"] == ["ValidationError"] * 5
    (listed,) = told["listed"]
    assert listed["Dimensions"] == [{"Name": "host", "Value": "a"}]
    assert told["wrong"] == [
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "MissingParameter",
        *["InvalidParameterValue"] * 7,
    ]


def test_alarms(service: Service, tmp_path: Path) -> None:
    told = run(
        service,
        tmp_path,
        """
client.put_metric_alarm(**ALARM, AlarmDescription="d", TreatMissingData="notBreaching")
(made,) = client.describe_alarms(AlarmNamePrefix="hi")["MetricAlarms"]
first = made["StateValue"]
client.set_alarm_state(AlarmName="high", StateValue="ALARM", StateReason="by hand",
                       StateReasonData='{"by": "hand"}')
by_hand = state()
client.disable_alarm_actions(AlarmNames=["high"])
(off,) = client.describe_alarms_for_metric(
    Namespace="App", MetricName="load", Dimensions=HOST)["MetricAlarms"]
client.enable_alarm_actions(AlarmNames=["high"])
ends = becomes("OK")
past = [each["HistoryItemType"] for each in client.describe_alarm_history(
    AlarmName="high", ScanBy="TimestampAscending")["AlarmHistoryItems"]]
(after,) = client.describe_alarms(AlarmNames=["high"])["MetricAlarms"]
wrong = [
    code(client.put_metric_alarm, **{**ALARM, "Period": 15}),
    code(client.put_metric_alarm, **{**ALARM, "DatapointsToAlarm": 2}),
    code(client.put_metric_alarm, **ALARM, AlarmActions=["arn:aws:sns:x:y:z"]),
    code(client.put_metric_alarm, **{**ALARM, "ComparisonOperator": "LessThanLowerThreshold"}),
    code(client.set_alarm_state, AlarmName="high", StateValue="OK", StateReason="r",
         StateReasonData="no JSON"),
    code(client.set_alarm_state, AlarmName="no", StateValue="OK", StateReason="r"),
    code(client.delete_alarms, AlarmNames=["high", "no"]),
]
client.delete_alarms(AlarmNames=["high"])
left = client.describe_alarms(AlarmNames=["high"])["MetricAlarms"]
tell(made=made, first=first, by_hand=by_hand, off=off, ends=ends, past=past, wrong=wrong, left=left,
     after=json.loads(after["StateReasonData"]))
""",
    )
    assert told["first"] in ("INSUFFICIENT_DATA", "OK")
    assert told["made"]["Dimensions"] == [{"Name": "host", "Value": "a"}]
    assert told["by_hand"] == "ALARM"
    assert told["off"]["StateReasonData"] == '{"by": "hand"}'
    assert told["off"]["ActionsEnabled"] is False
    assert (told["after"]["threshold"], told["after"]["period"]) == (10.0, 60)
    assert told["ends"] is True
    assert told["past"][0] == "ConfigurationUpdate"
    assert told["past"].count("StateUpdate") >= 2
    assert told["wrong"] == [
        "InvalidParameterValue",
        "ValidationError",
        *["InvalidParameterValue"] * 3,
        *["ResourceNotFound"] * 2,
    ]
    assert told["left"] == []


def test_alarms_on_maths_and_about_alarms(service: Service, tmp_path: Path) -> None:
    told = run(
        service,
        tmp_path,
        """
def stat(name):
    return {"Metric": {"Namespace": "Web", "MetricName": name}, "Stat": "Sum", "Period": 60}

rate = [
    {"Id": "errors", "MetricStat": stat("errors"), "ReturnData": False},
    {"Id": "all", "MetricStat": stat("all"), "ReturnData": False},
    {"Id": "share", "Expression": "100 * errors / all"},
]
PLAIN = dict(EvaluationPeriods=1, Threshold=5, ComparisonOperator="GreaterThanThreshold")
client.put_metric_alarm(AlarmName="failing", Metrics=rate, Tags=[{"Key": "team", "Value": "web"}],
                        **PLAIN)
client.put_composite_alarm(
    AlarmName="page", AlarmRule='ALARM("failing") AND NOT (OK(failing) OR FALSE)')
client.put_metric_data(Namespace="Web", MetricData=[
    {"MetricName": "errors", "Value": 10, "Timestamp": NOW - MINUTE},
    {"MetricName": "all", "Value": 100, "Timestamp": NOW - MINUTE}])
goes_off = becomes("ALARM", "failing")

def composite():
    (found,) = client.describe_alarms(
        AlarmNames=["page"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    return found

for _ in range(60):
    if composite()["StateValue"] == "ALARM":
        break
    time.sleep(0.5)
(failing,) = client.describe_alarms(AlarmNames=["failing", "page"])["MetricAlarms"]
arn = failing["AlarmArn"]
client.tag_resource(ResourceARN=arn, Tags=[{"Key": "more", "Value": "x"}])
client.untag_resource(ResourceARN=arn, TagKeys=["more", "nothing"])
children = client.describe_alarms(ChildrenOfAlarmName="page")["MetricAlarms"]
parents = client.describe_alarms(ParentsOfAlarmName="failing")["CompositeAlarms"]
rule = client.put_composite_alarm
loop = [code(rule, AlarmName="page", AlarmRule="OK(page)"),
        code(client.delete_alarms, AlarmNames=["failing"])]
past = client.describe_alarm_history(AlarmTypes=["CompositeAlarm"])["AlarmHistoryItems"]
rule(AlarmName="quiet", AlarmRule="NOT OK(page)", ActionsSuppressor=arn,
     ActionsSuppressorWaitPeriod=60, ActionsSuppressorExtensionPeriod=120)
for _ in range(60):
    (quiet,) = client.describe_alarms(AlarmNames=["quiet"],
                                      AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    if quiet["StateValue"] == "ALARM":
        break
    time.sleep(0.2)
client.delete_alarms(AlarmNames=["page", "quiet"])
wrong = [
    code(rule, AlarmName="x", AlarmRule="ALARM(nobody)"),
    code(rule, AlarmName="x", AlarmRule="ALARM("),
    code(rule, AlarmName="loop", AlarmRule="TRUE", ActionsSuppressor="loop",
         ActionsSuppressorWaitPeriod=1, ActionsSuppressorExtensionPeriod=1),
    code(rule, AlarmName="failing", AlarmRule="TRUE"),
    code(rule, AlarmName="x", AlarmRule="TRUE", ActionsSuppressor="failing"),
    code(client.tag_resource, ResourceARN=arn + "x", Tags=[{"Key": "a", "Value": "b"}]),
    code(client.list_tags_for_resource, ResourceARN="arn:aws:cloudwatch:x:1:alarm:failing"),
    code(client.put_metric_alarm, AlarmName="x", Metrics=rate[:2], **PLAIN),
    code(client.put_metric_alarm, AlarmName="x", Metrics=rate, MetricName="m", **PLAIN),
    code(client.put_metric_alarm, AlarmName="x", Metrics=[
        {"Id": "e", "Expression": "ANOMALY_DETECTION_BAND(m)"}], **PLAIN),
    code(client.put_metric_alarm, AlarmName="x", Metrics=rate, ThresholdMetricId="share", **PLAIN),
]
tags = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
client.delete_alarms(AlarmNames=["failing"])
tell(goes_off=goes_off, composite=past[0]["HistorySummary"], failing=failing, tags=tags,
     children=[each["AlarmName"] for each in children], wrong=wrong,
     parents=[each["AlarmName"] for each in parents], quiet=quiet, loop=loop)
""",
    )
    assert told["goes_off"] is True
    assert told["composite"].endswith("to ALARM")
    assert [each["Id"] for each in told["failing"]["Metrics"]] == ["errors", "all", "share"]
    assert "MetricName" not in told["failing"]
    assert told["tags"] == [{"Key": "team", "Value": "web"}]
    assert (told["children"], told["parents"]) == (["failing"], ["page"])
    assert told["loop"] == ["ValidationError"] * 2
    quiet = told["quiet"]
    assert (quiet["StateValue"], quiet["ActionsSuppressedBy"]) == ("ALARM", "Alarm")
    assert quiet["ActionsSuppressor"] == "failing"
    periods = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
    assert [quiet[each] for each in periods] == [60, 120]
    assert "failing goes off" in quiet["ActionsSuppressedReason"]
    assert told["wrong"] == [
        *["ValidationError"] * 5,
        *["ResourceNotFoundException"] * 2,
        "ValidationError",
        "InvalidParameterCombination",
        "ValidationError",
        "InvalidParameterValue",
    ]


SCALED = """\
heat_template_version: 2021-04-16
resources:
  group:
    type: OS::Heat::AutoScalingGroup
    properties:
      {min_size: 1, max_size: 3, resource: {type: OS::Heat::RandomString}}
  up:
    type: OS::Heat::ScalingPolicy
    properties:
      adjustment_type: change_in_capacity
      auto_scaling_group_id: {get_resource: group}
      scaling_adjustment: 1
      cooldown: 0
outputs:
  address: {value: {get_attr: [up, alarm_url]}}
  size: {value: {get_attr: [group, current_size]}}
"""


def test_an_alarm_makes_a_group_grow(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(SCALED)
    service.create_stack(str(file), "scaled")
    address = service.read("stack", "output", "show", "scaled", "address")["output_value"]
    told = run(
        service,
        tmp_path,
        f"""
client.put_metric_alarm(
    **{{**ALARM, "AlarmName": "grow", "MetricName": "busy"}}, AlarmActions=[{address!r}])
client.put_metric_data(Namespace="App", MetricData=[
    {{"MetricName": "busy", "Dimensions": HOST, "Value": 99.0, "Timestamp": NOW - MINUTE}}])
goes_off = becomes("ALARM", "grow")
done = []
for _ in range(60):
    done = [each["HistorySummary"] for each in client.describe_alarm_history(
        AlarmName="grow", HistoryItemType="Action")["AlarmHistoryItems"]]
    if done:
        break
    time.sleep(0.5)
client.delete_alarms(AlarmNames=["grow"])
tell(goes_off=goes_off, done=done)
""",
    )
    assert told["goes_off"] is True
    (done,) = told["done"]
    assert done.startswith("Successfully executed action")
    assert "Signature" not in done
    assert service.settle("scaled").endswith("_COMPLETE")
    assert service.read("stack", "output", "show", "scaled", "size")["output_value"] == 2
    service.delete_stack("scaled")


def test_the_aws_command(service: Service) -> None:
    program = str(Path(sys.executable).with_name("aws"))
    command = ["cloudwatch", "put-metric-data", "--namespace", "Cli", "--metric-name", "x"]
    for arguments in ([*command, "--value", "3"], ["cloudwatch", "list-metrics"]):
        done = subprocess.run(
            [program, *arguments],
            env=aws(service),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    names = [each["MetricName"] for each in json.loads(done.stdout)["Metrics"]]
    assert "x" in names
