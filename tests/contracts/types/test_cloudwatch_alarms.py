"""AWS::CloudWatch::Alarm and OS::Heat::CWLiteAlarm: what the service then judges."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

pytestmark = pytest.mark.slow

WATCHED = {
    "Namespace": "App",
    "MetricName": "load",
    "Statistic": "Average",
    "Period": "60",
    "EvaluationPeriods": "1",
    "Threshold": "80",
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.mark.parametrize("type_name", ["AWS::CloudWatch::Alarm", "OS::Heat::CWLiteAlarm"])
async def test_alarm(account: Account, name: str, type_name: str) -> None:
    def template(**changed: Any) -> Document:
        return document(
            {"high": resource(type_name, **{**WATCHED, **changed})}, shown=attr("high", "show")
        )

    stack = await account.stacks.create(name, template(Dimensions=[{"Name": "a", "Value": "b"}]))
    alarm, shown = stack.ids["high"], stack.outputs["shown"]
    assert alarm.startswith(f"{name}-high-")
    assert shown["name"] == alarm
    assert (shown["threshold"], shown["period"]) == (80.0, 60)
    assert shown["series"]["dimensions"] == [["a", "b"]]
    again = template(
        Dimensions=[{"Name": "a", "Value": "b"}], Threshold="90.5", AlarmDescription="new"
    )
    await account.stacks.update(stack, again)
    assert stack.ids["high"] == alarm
    assert stack.outputs["shown"]["threshold"] == 90.5
    assert stack.outputs["shown"]["description"] == "new"
    await account.stacks.act(stack, "suspend")
    await account.stacks.act(stack, "resume")
    await account.stacks.delete(stack)


async def test_what_templates_for_aws_say_besides(account: Account, name: str) -> None:
    def template(**more: Any) -> Document:
        watched = {**WATCHED, "EvaluationPeriods": "3", **more}
        return document(
            {"high": resource("AWS::CloudWatch::Alarm", **watched)}, shown=attr("high", "show")
        )

    stack = await account.stacks.create(
        name,
        template(
            Unit="Percent", DatapointsToAlarm=2, TreatMissingData="breaching", ActionsEnabled=False
        ),
    )
    shown = stack.outputs["shown"]
    assert (shown["unit"], shown["evaluation_periods"], shown["datapoints"]) == ("Percent", 3, 2)
    assert (shown["missing"], shown["actions_enabled"]) == ("breaching", False)
    assert shown["statistic"] == "Average"
    await account.stacks.update(stack, template(Statistic=None, ExtendedStatistic="p99.9"))
    assert stack.outputs["shown"]["statistic"] == "p99.9"
    of_few = {"ExtendedStatistic": "p99.9", "EvaluateLowSampleCountPercentile": "ignore"}
    await account.stacks.update(stack, template(Statistic=None, **of_few))
    assert stack.outputs["shown"]["few_samples"] == "ignore"
    await account.stacks.update(stack, template())
    shown = stack.outputs["shown"]
    assert shown["few_samples"] == "evaluate"
    assert (shown["unit"], shown["datapoints"]) == ("", 3)
    assert (shown["missing"], shown["actions_enabled"]) == ("missing", True)
    await account.stacks.delete(stack)
    for wrong, told in (
        ({"Period": "15"}, "no multiple of 60"),
        ({"DatapointsToAlarm": 4}, "must be at most EvaluationPeriods"),
        ({"Statistic": None, "ExtendedStatistic": "p101"}, "is no statistic"),
        ({"Statistic": None}, "Statistic"),
        ({"ExtendedStatistic": "p99"}, "ExtendedStatistic"),
        ({"EvaluateLowSampleCountPercentile": "ignore"}, "that is a percentile"),
        ({"Unit": "Count", "Units": "Bytes"}, "cannot be used together with Units"),
    ):
        with pytest.raises(AssertionError, match=told):
            await account.stacks.begin(name, template(**wrong))


async def test_an_alarm_may_have_a_name_of_its_own(account: Account, name: str) -> None:
    called = f"alarm-of-{name}"

    def template(**more: Any) -> Document:
        watched = {**WATCHED, "AlarmName": called, **more}
        return document({"high": resource("AWS::CloudWatch::Alarm", **watched)})

    stack = await account.stacks.create(name, template())
    assert stack.ids == {"high": called}
    await account.stacks.update(stack, template(Threshold="3"))
    assert stack.ids == {"high": called}
    rival = await account.stacks.try_create(f"{name}-rival", template())
    assert rival.status == "CREATE_FAILED"
    assert f"There is an alarm {called} already" in rival.reason
    await account.stacks.delete(rival)
    # What the rival could not have is still there.
    await account.stacks.update(stack, template(Threshold="4"))
    await account.stacks.update(stack, template(AlarmName=f"{called}-new"))
    assert stack.ids == {"high": f"{called}-new"}
    await account.stacks.delete(stack)
    again = await account.stacks.create(name, template())
    await account.stacks.delete(again)


async def test_what_nobody_can_signal_is_refused(account: Account, name: str) -> None:
    template = document(
        {
            "high": resource(
                "AWS::CloudWatch::Alarm", **WATCHED, AlarmActions=["arn:aws:sns:x:1:topic"]
            )
        }
    )
    stack = await account.stacks.try_create(name, template)
    assert stack.status == "CREATE_FAILED"
    assert "topics, are not supported yet" in stack.reason


async def test_an_alarm_signals_a_policy_of_its_stack(account: Account, name: str) -> None:
    group = {"type": "OS::Heat::RandomString", "properties": {"length": 4}}
    stack = await account.stacks.create(
        name,
        document(
            {
                "group": resource(
                    "OS::Heat::AutoScalingGroup", min_size=1, max_size=3, resource=group
                ),
                "up": resource(
                    "OS::Heat::ScalingPolicy",
                    adjustment_type="change_in_capacity",
                    auto_scaling_group_id=ref("group"),
                    scaling_adjustment=1,
                ),
                "high": resource(
                    "AWS::CloudWatch::Alarm", **WATCHED, AlarmActions=[attr("up", "alarm_url")]
                ),
            },
            actions=attr("high", "show", "alarm_actions"),
        ),
    )
    assert "/v1/signal/" in stack.outputs["actions"][0]
