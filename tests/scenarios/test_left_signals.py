"""Signals that are left in the object store or in a queue, and fetched by who waits for them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from isotherm.core.states import Action, Status
from isotherm.core.values import reveal
from isotherm.engine.probe import Point
from isotherm.kit.cloud_api import CloudApi
from isotherm.localcloud.operations import FaultRule
from isotherm.ports.records import Resource
from isotherm.testing.local_world import Disturbance, LocalWorld, play_on_local_cloud
from isotherm.testing.scene import KillAt
from isotherm.testing.stage import Stage

CREATED = (Action.CREATE, Status.COMPLETE)
TRANSPORTS = ("TEMP_URL_SIGNAL", "ZAQAR_SIGNAL")


def template(transport: str, count: int = 1) -> str:
    condition = {"handle": {"get_resource": "h"}, "timeout": 300, "count": count}
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": {
                "h": {
                    "type": "OS::Heat::WaitConditionHandle",
                    "properties": {"signal_transport": transport},
                },
                "c": {"type": "OS::Heat::WaitCondition", "properties": condition},
            },
            "outputs": {"signal": {"value": {"get_attr": ["h", "signal"]}}},
        }
    )


async def row_of(stage: Stage, stack_id: str, name: str) -> Resource:
    return (await stage.rows(stack_id))[name]


async def put(api: CloudApi, address: str, body: object) -> None:
    """As a stranger would, who has nothing but the address."""
    path = urlsplit(address).path.split("/", 4)[-1]
    headers = {"Content-Type": "application/json"}
    content = json.dumps(body).encode()
    await api.call("object-store", "PUT", f"/{path}", content, headers=headers)


async def leave(stage: Stage, world: LocalWorld, stack_id: str, body: object) -> None:
    """What a server does that was told the attribute ``signal``."""
    api = await world.connect({})
    row = await row_of(stage, stack_id, "h")
    box = reveal(row.data["box"])
    await stage.clock.sleep(0.01)  # the store tells two versions apart by their time
    if row.properties["signal_transport"] == "TEMP_URL_SIGNAL":
        await put(api, box, body)
    else:
        message = {"messages": [{"body": body, "ttl": 600}]}
        await api.call("message", "POST", f"/queues/{box}/messages", message)


async def waiting(stage: Stage, transport: str, count: int = 1) -> str:
    stack_id = await stage.create(template(transport, count))
    await stage.clock.sleep(10)
    assert (await stage.stack(stack_id)).status is Status.IN_PROGRESS
    return stack_id


async def ended(stage: Stage, stack_id: str) -> tuple[Action, Status]:
    stack = await stage.settle(stack_id)
    return stack.action, stack.status


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_each_signal_counts_once(transport: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await waiting(stage, transport, 3)
            await leave(stage, world, stack_id, {"data": "a", "id": "one"})
            await leave(stage, world, stack_id, {"data": "b"})
            await stage.clock.sleep(20)
            assert (await stage.stack(stack_id)).status is Status.IN_PROGRESS
            await leave(stage, world, stack_id, {"reason": "third"})
            assert await ended(stage, stack_id) == CREATED
            noted = (await row_of(stage, stack_id, "h")).present_metadata
            told = [
                each.status_reason
                for each in await stage.events(stack_id)
                if each.action is Action.SIGNAL
            ]
            await stage.delete(stack_id)
            await stage.settle(stack_id)
        assert noted == {
            "one": {"status": "SUCCESS", "reason": "Signal 1 received", "data": "a"},
            "2": {"status": "SUCCESS", "reason": "Signal 2 received", "data": "b"},
            "3": {"status": "SUCCESS", "reason": "third", "data": None},
        }
        assert told == [
            "Signal: status:SUCCESS reason:Signal 1 received",
            "Signal: status:SUCCESS reason:Signal 2 received",
            "Signal: status:SUCCESS reason:third",
        ]
        assert world.objects() == {}
        assert world.domain.users == {}

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_signals_may_come_before_anybody_waits(transport: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        source = json.loads(template(transport))
        condition = source["resources"].pop("c")
        async with stage.worker():
            stack_id = await stage.create(json.dumps(source))
            assert await ended(stage, stack_id) == CREATED
            await leave(stage, world, stack_id, {"data": "early"})
            source["resources"]["c"] = condition
            await stage.update(stack_id, json.dumps(source))
            assert await ended(stage, stack_id) == (Action.UPDATE, Status.COMPLETE)
            data = (await row_of(stage, stack_id, "c")).attributes
            noted = (await row_of(stage, stack_id, "h")).present_metadata
        assert [each["data"] for each in noted.values()] == ["early"]
        assert data is not None

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_says_nothing_fails_the_wait(transport: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await waiting(stage, transport)
            await leave(stage, world, stack_id, ["not", "a", "map"])
            assert await ended(stage, stack_id) == (Action.CREATE, Status.FAILED)
        reason = (await stage.stack(stack_id)).status_reason
        assert "What was left as a signal is no JSON object" in reason

    play_on_local_cloud(scenario)


@pytest.mark.parametrize(
    ("transport", "operation"),
    [
        ("TEMP_URL_SIGNAL", "object-store.object.create"),
        ("TEMP_URL_SIGNAL", "object-store.object.delete"),
        ("ZAQAR_SIGNAL", "messaging.message.delete_many"),
    ],
)
@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_signal_that_is_not_taken_away_at_once_counts_once(
    transport: str, operation: str, drop: Any
) -> None:
    """No answer comes to what fetches it: the signal is found again, or not."""

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await waiting(stage, transport, 2)
            await leave(stage, world, stack_id, {"id": "x"})
            world.tap.arm(operation, 1, Disturbance(FaultRule(drop_reply=drop)))
            await stage.clock.sleep(60)
            assert (await stage.stack(stack_id)).status is Status.IN_PROGRESS
            assert world.tap.struck.is_set()
            await leave(stage, world, stack_id, {"id": "y"})
            assert await ended(stage, stack_id) == CREATED
            noted = (await row_of(stage, stack_id, "h")).present_metadata
        assert list(noted) == ["x", "y"]

    play_on_local_cloud(scenario)


# -- deployments -----------------------------------------------------------------------------


def deployment(transport: str, **properties: Any) -> str:
    given = {"config": {"get_resource": "c"}, "server": "a-server", "signal_transport": transport}
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": {
                "c": {
                    "type": "OS::Heat::SoftwareConfig",
                    "properties": {"group": "script", "outputs": [{"name": "result"}]},
                },
                "d": {"type": "OS::Heat::SoftwareDeployment", "properties": given | properties},
            },
        }
    )


async def told(stage: Stage) -> dict[str, Any]:
    """Inputs of what the server finds in its metadata."""
    ((_, config),) = await stage.store.software.configs_of_server("a-server")
    return {str(each["name"]): reveal(each["value"]) for each in config.inputs}


async def report(world: LocalWorld, inputs: dict[str, Any], body: object) -> None:
    """What the hooks of the agent do with these inputs."""
    api = await world.connect({})
    if "deploy_queue_id" in inputs:
        path = f"/queues/{inputs['deploy_queue_id']}/messages"
        await api.call("message", "POST", path, {"messages": [{"body": body, "ttl": 600}]})
    else:
        assert inputs["deploy_signal_verb"] == "PUT"
        await put(api, inputs["deploy_signal_id"], body)


async def deploying(stage: Stage, source: str) -> str:
    stack_id = await stage.create(source)
    await stage.clock.sleep(10)
    assert (await stage.stack(stack_id)).status is Status.IN_PROGRESS
    return stack_id


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_deployment_is_complete_when_its_report_was_left(transport: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await deploying(stage, deployment(transport))
            await report(world, await told(stage), {"result": "7", "deploy_status_code": 0})
            assert await ended(stage, stack_id) == CREATED
            row = await row_of(stage, stack_id, "d")
            (record,) = await stage.store.software.deployments(stage.project_id, "a-server")
            assert record.output_values is not None
            assert record.output_values["result"] == "7"
            await stage.clock.sleep(10)
            signals = [
                each.status_reason
                for each in await stage.events(stack_id)
                if each.action is Action.SIGNAL
            ]
            assert signals == [f"Signal: deployment {row.physical_id} succeeded"]
            await stage.delete(stack_id)
            await stage.settle(stack_id)
        assert world.objects() == {}
        assert world.domain.users == {}

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_report_of_failure_that_was_left_fails_the_deployment(transport: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await deploying(stage, deployment(transport))
            await report(world, await told(stage), {"deploy_status_code": 3})
            assert await ended(stage, stack_id) == (Action.CREATE, Status.FAILED)
        assert "non-zero status code: 3" in (await stage.stack(stack_id)).status_reason

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_late_report_on_a_former_version_is_not_taken_for_one_on_this(transport: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await deploying(stage, deployment(transport))
            first = await told(stage)
            await report(world, first, {"result": "1"})
            await stage.settle(stack_id)
            await stage.update(stack_id, deployment(transport, input_values={"size": "2"}))
            await stage.clock.sleep(5)
            await report(world, first, {"result": "late"})
            await stage.clock.sleep(30)
            assert (await stage.stack(stack_id)).status is Status.IN_PROGRESS
            await report(world, await told(stage), {"result": "2"})
            assert await ended(stage, stack_id) == (Action.UPDATE, Status.COMPLETE)
            (record,) = await stage.store.software.deployments(stage.project_id, "a-server")
            assert record.output_values is not None
            assert record.output_values["result"] == "2"
            await report(world, first, {"result": "very late"})
            await stage.delete(stack_id)
            await stage.settle(stack_id)
        assert world.objects() == {}, "a report that comes late makes its place anew"
        assert world.domain.users == {}

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("point", [Point.AFTER_INTENT, Point.AFTER_CALL, Point.BEFORE_OUTCOME])
def test_a_report_is_found_by_the_next_owner(transport: str, point: Point) -> None:
    """Whenever a worker dies: the deployment ends, and nothing is left of it."""

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        probe = KillAt(point, "d")
        async with stage.worker(probe):
            stack_id = await stage.create(deployment(transport))
            await stage.clock.sleep(5)
            if not probe.struck:
                await report(world, await told(stage), {"result": "7"})
                await stage.clock.sleep(5)
        assert probe.struck
        async with stage.worker():
            await stage.clock.sleep(100)
            if (await stage.stack(stack_id)).status is Status.IN_PROGRESS:
                await report(world, await told(stage), {"result": "7"})
            assert await ended(stage, stack_id) == CREATED
            await stage.delete(stack_id)
            await stage.settle(stack_id)
        assert world.objects() == {}
        assert world.domain.users == {}

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_where_the_cloud_has_no_such_service_a_handle_fails_and_goes_at_once(
    transport: str,
) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.missing |= {"object-store", "message"}
        async with stage.worker():
            begun = stage.clock.monotonic()
            stack_id = await stage.create(template(transport))
            assert await ended(stage, stack_id) == (Action.CREATE, Status.FAILED)
            reason = (await stage.stack(stack_id)).status_reason
            assert "EndpointNotFound: resources.h" in reason
            await stage.delete(stack_id)
            await stage.settle(stack_id)
            assert stage.clock.monotonic() - begun < 10
            assert not await stage.rows(stack_id)

    play_on_local_cloud(scenario)
