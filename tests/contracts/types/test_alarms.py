"""OS::Aodh::*: what the cloud then has, and what an alarm does."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.contracts.types.beds import Account, Bed
from tests.contracts.types.stacks import LOOK_EVERY, Document, document, ref, resource

from isotherm.kit.services.alarm import ALARM

pytestmark = pytest.mark.slow

ONE: dict[str, Any] = {
    "metric": "cpu",
    "resource_id": "server",
    "resource_type": "instance",
    "aggregation_method": "mean",
    "granularity": 60,
    "evaluation_periods": 1,
    "comparison_operator": "gt",
    "threshold": 80,
}
COMMON = {"aggregation_method": "mean", "threshold": 80.0, "comparison_operator": "lt"}
SUB = {**ONE, "type": "gnocchi_resources_threshold"}
KINDS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "OS::Aodh::Alarm": (
        "threshold",
        {"meter_name": "cpu_util", "threshold": 50, "matching_metadata": {"a": "b"}},
        {"meter_name": "cpu_util", "threshold": 60, "statistic": "max", "period": 60},
    ),
    "OS::Aodh::GnocchiResourcesAlarm": (
        "gnocchi_resources_threshold",
        ONE,
        {**ONE, "metric": "disk", "threshold": 5.5},
    ),
    "OS::Aodh::GnocchiAggregationByMetricsAlarm": (
        "gnocchi_aggregation_by_metrics_threshold",
        {"metrics": ["a", "b"], **COMMON},
        {"metrics": ["c"], **COMMON, "granularity": 300},
    ),
    "OS::Aodh::GnocchiAggregationByResourcesAlarm": (
        "gnocchi_aggregation_by_resources_threshold",
        {"metric": "cpu", "resource_type": "instance", "query": '{"=": {"host": "b"}}', **COMMON},
        {"metric": "cpu", "resource_type": "instance", "query": '{"=": {"host": "d"}}', **COMMON},
    ),
    "OS::Aodh::CompositeAlarm": (
        "composite",
        {"composite_rule": {"operator": "or", "rules": [SUB, SUB]}},
        {"composite_rule": {"operator": "and", "rules": [SUB, {**SUB, "metric": "disk"}]}},
    ),
    "OS::Aodh::EventAlarm": (
        "event",
        {"query": [{"field": "traits.a", "op": "eq", "value": "b"}]},
        {"event_type": "image.*"},
    ),
}


@pytest.mark.parametrize("type_name", KINDS)
async def test_alarm(account: Account, bed: Bed, name: str, type_name: str) -> None:
    kind, before, after = KINDS[type_name]
    if not bed.local and type_name == "OS::Aodh::Alarm":
        pytest.skip("alarm services of today have no alarms on meters")

    def template(properties: dict[str, Any], **more: Any) -> Document:
        queues = {"queue": resource("OS::Zaqar::Queue")} if bed.local else {}
        return document({**queues, "alarm": resource(type_name, **properties, **more)})

    stacks, cloud = account.stacks, account.cloud
    told = ["http://example.org/a"]
    queues = {"alarm_queues": [ref("queue")]} if bed.local else {}
    stack = await stacks.create(
        name, template(before, alarm_actions=told, severity="critical", **queues)
    )
    physical_id = stack.ids["alarm"]
    alarm = await cloud.show(ALARM, physical_id)
    assert (alarm["type"], alarm["severity"], alarm["enabled"]) == (kind, "critical", True)
    assert alarm["repeat_actions"] is True
    if bed.local:
        told.append(f"trust+zaqar://?queue_name={stack.ids['queue']}")
    assert alarm["alarm_actions"] == told
    assert alarm["name"].startswith(f"{name}-alarm-")
    await stacks.update(stack, template(after, description="new", enabled=False))
    assert stack.ids["alarm"] == physical_id
    changed = await cloud.show(ALARM, physical_id)
    assert (changed["description"], changed["enabled"]) == ("new", False)
    assert (changed["severity"], changed["alarm_actions"]) == ("low", [])
    assert changed[f"{kind}_rule"] != alarm[f"{kind}_rule"]
    for each, value in after.items():
        if each not in ("composite_rule", "query"):
            assert changed[f"{kind}_rule"][each] == value
    await stacks.delete(stack)
    assert await account.gone(ALARM, physical_id)


async def test_a_combination_is_made_of_the_rules_of_its_alarms(
    account: Account, bed: Bed, name: str
) -> None:
    if not bed.local:
        pytest.skip("alarm services of today have no alarms on meters")

    def template(operator: str, *alarms: str) -> Document:
        meters = {
            each: resource("OS::Ceilometer::Alarm", meter_name=each, threshold=5)
            for each in ("one", "two")
        }
        both = resource(
            "OS::Ceilometer::CombinationAlarm",
            alarm_ids=[ref(each) for each in alarms],
            operator=operator,
        )
        return document({**meters, "both": both})

    stack = await account.stacks.create(name, template("or", "one", "two"))
    alarm = await account.cloud.show(ALARM, stack.ids["both"])
    assert [each["meter_name"] for each in alarm["composite_rule"]["or"]] == ["one", "two"]
    await account.stacks.update(stack, template("and", "two"))
    alarm = await account.cloud.show(ALARM, stack.ids["both"])
    assert {each["meter_name"] for each in alarm["composite_rule"]["and"]} == {"two"}
    await account.stacks.delete(stack)


async def measure(account: Account, machine: str, now: str) -> None:
    """A server that has much to do now."""
    body = {"id": machine, "metrics": {"cpu": {"archive_policy_name": "high"}}}
    await account.cloud.call("metric", "POST", "/v1/resource/instance", body)
    path = f"/v1/resource/generic/{machine}/metric/cpu/measures"
    await account.cloud.call("metric", "POST", path, [{"timestamp": now, "value": 99}])


async def time_of(admin: Account, bed: Bed) -> str:
    """By the cloud's clock, which other tests have put forward."""
    if not bed.local:
        return datetime.now(UTC).isoformat()
    now = (await admin.door("GET", "/clock"))["now"]
    return datetime.fromtimestamp(now, UTC).isoformat()


async def test_an_alarm_goes_off(account: Account, admin: Account, bed: Bed, name: str) -> None:
    machine = str(uuid.uuid4())
    high = resource("OS::Aodh::GnocchiResourcesAlarm", **{**ONE, "resource_id": machine})
    stack = await account.stacks.create(name, document({"high": high}))
    await measure(account, machine, await time_of(admin, bed))
    if bed.local:
        await admin.door("PUT", "/clock", {"advance": 60})
    for _ in range(2000):
        if (await account.cloud.show(ALARM, stack.ids["high"]))["state"] == "alarm":
            return
        await asyncio.sleep(LOOK_EVERY)
    raise AssertionError("it never went off")


async def test_an_alarm_makes_a_group_grow(
    account: Account, admin: Account, bed: Bed, name: str
) -> None:
    """Through the address that users of the project signal, with a token by trust."""
    if not bed.local:
        pytest.skip("signals go to the orchestration service that the catalogue names")
    machine = str(uuid.uuid4())
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
                    cooldown=0,
                ),
                "high": resource(
                    "OS::Aodh::GnocchiResourcesAlarm",
                    **{**ONE, "resource_id": machine},
                    repeat_actions=False,
                    alarm_actions=[
                        {
                            "str_replace": {
                                "template": "trust+url",
                                "params": {"url": {"get_attr": ["up", "signal_url"]}},
                            }
                        }
                    ],
                ),
            },
            size={"get_attr": ["group", "current_size"]},
        ),
    )
    await measure(account, machine, await time_of(admin, bed))
    await admin.door("PUT", "/clock", {"advance": 60})
    for _ in range(400):
        shown = await account.stacks.show(stack)
        outputs = {each["output_key"]: each["output_value"] for each in shown["outputs"]}
        if outputs["size"] == 2:
            break
        await asyncio.sleep(LOOK_EVERY)
    assert outputs["size"] == 2
