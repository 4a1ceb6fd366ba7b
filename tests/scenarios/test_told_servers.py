"""Servers that do not ask for their metadata: they are sent to an object, or to a queue."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isotherm.core.states import Action, Status
from isotherm.core.values import reveal
from isotherm.engine.probe import Point
from isotherm.kit.deployments import COMPLETE
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.localcloud.operations import FaultRule
from isotherm.testing.local_world import Disturbance, LocalWorld, play_on_local_cloud
from isotherm.testing.scene import KillAt
from isotherm.testing.stage import Stage

TRANSPORTS = ("POLL_TEMP_URL", "ZAQAR_MESSAGE")


def template(transport: str, *deployments: str, **server: Any) -> str:
    """A server, and deployments to it that nobody reports on."""
    config = {"type": "OS::Heat::SoftwareConfig", "properties": {"config": "true"}}
    deployed = {
        name: {
            "type": "OS::Heat::SoftwareDeployment",
            "properties": {
                "config": {"get_resource": "config"},
                "server": {"get_resource": "server"},
                "name": name,
                "signal_transport": "NO_SIGNAL",
            },
        }
        for name in deployments
    }
    properties = {"software_config_transport": transport, **server.pop("properties", {})}
    host = {"type": "OS::Heat::DeployedServer", "properties": properties, **server}
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": {"server": host, "config": config, **deployed},
            "outputs": {"agent": {"value": {"get_attr": ["server", "os_collect_config"]}}},
        }
    )


async def settings(stage: Stage, stack_id: str) -> dict[str, Any]:
    """What the image was told of where to look."""
    row = (await stage.rows(stack_id))["server"]
    found: dict[str, Any] = reveal(row.data["os-collect-config"])
    return found


async def collected(stage: Stage, world: LocalWorld, way: dict[str, Any]) -> dict[str, Any] | None:
    """What an agent finds with that section of its settings; it takes messages away."""
    await stage.clock.sleep(5)
    api = await world.connect({})
    if "metadata_url" in way:
        address = way["metadata_url"].partition("?")[0]
        path = address.split("/", 6)[-1]
        content = await api.call("object-store", "GET", f"/{path}")
        found: dict[str, Any] = json.loads(content) if isinstance(content, bytes) else content
        return found
    taken = await api.call("message", "DELETE", f"/queues/{way['queue_id']}/messages?pop=1")
    messages = taken["messages"]
    return dict(messages[0]["body"]) if messages else None


def names(metadata: dict[str, Any] | None) -> list[str]:
    assert metadata is not None
    return [each["name"] for each in metadata["deployments"]]


def section(agent: dict[str, Any]) -> dict[str, Any]:
    """Of its settings, what its collector goes by."""
    found: dict[str, Any] = agent[agent["collectors"][0]]
    return found


async def settled(stage: Stage, stack_id: str, action: Action) -> None:
    stack = await stage.settle(stack_id)
    assert (stack.action, stack.status) == (action, Status.COMPLETE), stack.status_reason


async def gone(stage: Stage, world: LocalWorld, stack_id: str) -> None:
    await stage.delete(stack_id)
    await stage.settle(stack_id)
    assert world.objects() == {}
    assert world.domain.users == {}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_each_change_reaches_the_server(transport: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(template(transport, metadata={"role": "web"}))
            await settled(stage, stack_id, Action.CREATE)
            agent = await settings(stage, stack_id)
            first = await collected(stage, world, section(agent))
            assert first == {"role": "web", "deployments": [], "os-collect-config": agent}
            await stage.update(stack_id, template(transport, "b", "a", metadata={"role": "web"}))
            await settled(stage, stack_id, Action.UPDATE)
            assert names(await collected(stage, world, section(agent))) == ["a", "b"]
            await stage.update(stack_id, template(transport, "a", metadata={"role": "db"}))
            await settled(stage, stack_id, Action.UPDATE)
            last = await collected(stage, world, section(agent))
            assert names(last) == ["a"]
            assert last is not None
            assert last["role"] == "db"
            await gone(stage, world, stack_id)

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_deployments_from_elsewhere_reach_the_server(transport: str) -> None:
    """Such as users make without a stack."""

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(template(transport))
            await settled(stage, stack_id, Action.CREATE)
            server = (await stage.rows(stack_id))["server"].physical_id or ""
            now, software = stage.clock.now(), stage.store.software
            config = SoftwareConfig(
                id="c", project_id=stage.project_id, name="by hand", created_at=now
            )
            await software.put_config(config)
            made = Deployment(
                id="d", project_id=stage.project_id, server_id=server, config_id="c",
                status=COMPLETE, created_at=now,
            )  # fmt: skip
            await software.put_deployment(made)
            way = section(await settings(stage, stack_id))
            assert names(await collected(stage, world, way)) == ["by hand"]
            await software.remove_deployment("d")
            assert names(await collected(stage, world, way)) == []

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("point", [Point.AFTER_INTENT, Point.AFTER_CALL, Point.AFTER_OUTCOME])
@pytest.mark.parametrize("resource", ["server", "a"])
def test_whoever_dies_the_server_is_told(transport: str, point: Point, resource: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        probe = KillAt(point, resource)
        async with stage.worker(probe):
            stack_id = await stage.create(template(transport, "a"))
            await stage.clock.sleep(20)
        assert probe.struck
        async with stage.worker():
            await settled(stage, stack_id, Action.CREATE)
            way = section(await settings(stage, stack_id))
            assert names(await collected(stage, world, way)) == ["a"]
            await gone(stage, world, stack_id)

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("point", [Point.BEFORE_OUTCOME, Point.AFTER_OUTCOME])
def test_whoever_dies_the_server_is_told_other_metadata(point: Point) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(template("POLL_TEMP_URL", metadata={"role": "web"}))
            await settled(stage, stack_id, Action.CREATE)
            await stage.clock.sleep(5)
        probe = KillAt(point, "server")
        async with stage.worker(probe):
            await stage.update(stack_id, template("POLL_TEMP_URL", metadata={"role": "db"}))
            await stage.clock.sleep(20)
        assert probe.struck
        async with stage.worker():
            await settled(stage, stack_id, Action.UPDATE)
            found = await collected(stage, world, section(await settings(stage, stack_id)))
            assert found is not None
            assert found["role"] == "db"

    play_on_local_cloud(scenario)


@pytest.mark.parametrize(
    ("transport", "operation"),
    [
        ("POLL_TEMP_URL", "object-store.object.create"),
        ("ZAQAR_MESSAGE", "messaging.message.create"),
        ("ZAQAR_MESSAGE", "messaging.message.delete_many"),
    ],
)
@pytest.mark.parametrize("rule", [FaultRule(status=503), FaultRule(drop_reply="after")])
def test_what_fails_is_told_again(transport: str, operation: str, rule: FaultRule) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(template(transport))
            await settled(stage, stack_id, Action.CREATE)
            await stage.clock.sleep(5)
            world.tap.arm(operation, 1, Disturbance(rule))
            await stage.update(stack_id, template(transport, "a"))
            await settled(stage, stack_id, Action.UPDATE)
            await stage.clock.sleep(100)
            assert world.tap.struck.is_set()
            way = section(await settings(stage, stack_id))
            assert names(await collected(stage, world, way)) == ["a"]

    play_on_local_cloud(scenario)


def test_messages_that_nobody_takes_do_not_pile_up() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(template("ZAQAR_MESSAGE"))
            await settled(stage, stack_id, Action.CREATE)
            for count in range(1, 4):
                source = template("ZAQAR_MESSAGE", *(f"d{n}" for n in range(count)))
                await stage.update(stack_id, source)
                await settled(stage, stack_id, Action.UPDATE)
                await stage.clock.sleep(5)
            way = section(await settings(stage, stack_id))
            assert names(await collected(stage, world, way)) == ["d0", "d1", "d2"]
            assert await collected(stage, world, way) is None

    play_on_local_cloud(scenario)


def test_an_agent_hears_of_another_transport_where_it_looked_until_then() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(template("POLL_TEMP_URL", "a"))
            await settled(stage, stack_id, Action.CREATE)
            former = section(await settings(stage, stack_id))
            await stage.update(stack_id, template("ZAQAR_MESSAGE", "a"))
            await settled(stage, stack_id, Action.UPDATE)
            told = await collected(stage, world, former)
            assert told is not None
            agent = told["os-collect-config"]
            assert agent["collectors"] == ["zaqar", "local"]
            assert agent["request"] == {"metadata_url": None}
            assert names(await collected(stage, world, section(agent))) == ["a"]
            await gone(stage, world, stack_id)

    play_on_local_cloud(scenario)


def test_the_object_is_where_the_template_wants_it() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            chosen = {"deployment_swift_data": {"container": "told", "object": "web"}}
            source = template("POLL_TEMP_URL", "a", properties=chosen)
            stack_id = await stage.create(source)
            await settled(stage, stack_id, Action.CREATE)
            way = section(await settings(stage, stack_id))
            assert "/told/web?" in way["metadata_url"]
            assert names(await collected(stage, world, way)) == ["a"]
            chosen["deployment_swift_data"]["object"] = "other"
            await stage.update(stack_id, template("POLL_TEMP_URL", "a", properties=chosen))
            await settled(stage, stack_id, Action.UPDATE)
            way = section(await settings(stage, stack_id))
            assert "/told/other?" in way["metadata_url"]
            assert names(await collected(stage, world, way)) == ["a"]
            await gone(stage, world, stack_id)

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_virtual_machine_is_told_and_leaves_nothing(transport: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        source = json.loads(template(transport, "a"))
        source["resources"]["server"] = {
            "type": "OS::Nova::Server",
            "properties": {
                "image": "cirros",
                "flavor": "m1.tiny",
                "networks": [{"network": "private"}],
                "user_data_format": "SOFTWARE_CONFIG",
                "software_config_transport": transport,
            },
        }
        async with stage.worker():
            stack_id = await stage.create(json.dumps(source))
            await settled(stage, stack_id, Action.CREATE)
            agent = await settings(stage, stack_id)
            assert agent["collectors"][0] == "ec2"
            way = agent[agent["collectors"][1]]
            assert names(await collected(stage, world, way)) == ["a"]
            await gone(stage, world, stack_id)

    play_on_local_cloud(scenario)
