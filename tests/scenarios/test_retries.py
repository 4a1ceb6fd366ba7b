"""What is tried again, and what is cleared away before."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scenarios.templates import SERVER, ref, server, template, things

from isotherm.core.errors import Denied
from isotherm.core.states import Status
from isotherm.localcloud.compute.state import Compute
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.scene import Scene, play
from isotherm.testing.stage import Stage
from isotherm.testing.world import Fault

NO_HOST = "No valid host was found."


def allow_one_server(world: LocalWorld) -> None:
    for service in world.local.services:
        if isinstance(service, Compute):
            service.quotas.defaults["instances"] = 1


def count(world: LocalWorld, kind: str) -> int:
    return len(world.objects().get(kind, ()))


def test_a_failed_object_makes_room_for_the_next_attempt() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        allow_one_server(world)
        world.local.inject("compute.server.create", state="ERROR", message=NO_HOST, count=1)
        async with stage.worker():
            stack_id = await stage.create(server())
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert [each["vm_state"] for each in world.objects()["compute.server"]] == ["active"]
        assert len(await stage.store.resources(stack_id)) == 1
        history = [each for each in await stage.history(stack_id) if each.startswith("server ")]
        assert history == [
            "server CREATE_IN_PROGRESS",
            "server CREATE_FAILED",
            "server DELETE_IN_PROGRESS",
            "server DELETE_COMPLETE",
            "server CREATE_IN_PROGRESS",
            "server CREATE_COMPLETE",
        ]

    play_on_local_cloud(scenario)


def test_of_several_failures_the_first_is_told() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.local.inject("compute.server.create", state="ERROR", message=NO_HOST, count=1)
        world.local.inject("compute.server.delete", status=403, message="locked")
        allow_one_server(world)
        async with stage.worker():
            stack_id = await stage.create(server())
            stack = await stage.settle(stack_id)
        assert stack.status is Status.FAILED
        assert NO_HOST in stack.status_reason
        assert "Quota" not in stack.status_reason

    play_on_local_cloud(scenario)


def test_failed_attempts_of_one_update_after_the_other_do_not_pile_up() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.local.inject("compute.server.create", state="ERROR", message=NO_HOST)
        networks = [{"network": "private", "port_extra_properties": {"value_specs": {}}}]
        async with stage.worker():
            stack_id = await stage.create(server(networks=networks))
            await stage.settle(stack_id)
            for name in ("b", "c", "d"):
                await stage.update(stack_id, server(networks=networks, name=name))
                stack = await stage.settle(stack_id)
                assert NO_HOST in stack.status_reason
                assert count(world, "compute.server") <= 1
                assert count(world, "network.port") <= 1
            world.local.injector.replace({})
            await stage.update(stack_id, server(networks=networks, name="e"))
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert [each["name"] for each in world.objects()["compute.server"]] == ["e"]
        assert count(world, "network.port") == 1

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("operation", ["network.port.create", "compute.server.create"])
def test_a_conflict_that_passes_is_waited_out(operation: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.local.inject(operation, status=409, count=3)
        port = ("OS::Neutron::Port", {"network": "private"})
        networks = [{"port": ref("port")}]
        async with stage.worker():
            stack_id = await stage.create(
                template(port=port, server=("OS::Nova::Server", {**SERVER, "networks": networks}))
            )
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert (count(world, "network.port"), count(world, "compute.server")) == (1, 1)

    play_on_local_cloud(scenario)


def test_a_detach_that_is_refused_for_now_is_tried_again() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        attachment = {"instance_uuid": ref("server"), "volume_id": ref("volume")}
        async with stage.worker():
            stack_id = await stage.create(
                template(
                    server=("OS::Nova::Server", SERVER),
                    volume=("OS::Cinder::Volume", {"size": 1}),
                    attachment=("OS::Cinder::VolumeAttachment", attachment),
                )
            )
            await stage.settle(stack_id)
            world.local.inject("compute.attachment.delete", status=409, count=3)
            await stage.delete(stack_id)
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert world.objects() == {}

    play_on_local_cloud(scenario)


def test_an_outage_during_a_look_fails_nothing() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.local.frame.timings.seconds = {"compute.server.create": 60.0}
        world.local.inject("compute.server.show", status=500, skip=3, count=20)
        async with stage.worker():
            stack_id = await stage.create(server())
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert world.local.calls.applied["compute.server.create"] == 1

    play_on_local_cloud(scenario)


def test_a_wait_of_hours_ends_well() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.local.frame.timings.seconds = {"compute.server.create": 10_000.0}
        async with stage.worker():
            stack_id = await stage.create(server(), timeout_mins=600)
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason

    play_on_local_cloud(scenario)


def test_a_replacement_that_failed_once_gets_the_port_of_the_old_server() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        def with_port(**more: Any) -> str:
            return template(
                port=("OS::Neutron::Port", {"network": "private"}),
                server=(
                    "OS::Nova::Server",
                    {**SERVER, "networks": [{"port": ref("port")}], **more},
                ),
            )

        async with stage.worker():
            stack_id = await stage.create(with_port())
            await stage.settle(stack_id)
            world.local.inject("compute.server.create", state="ERROR", message=NO_HOST, count=1)
            await stage.update(stack_id, with_port(config_drive=True))
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        rows = await stage.rows(stack_id)
        (port,) = world.objects()["network.port"]
        assert port["device_id"] == rows["server"].physical_id
        assert count(world, "compute.server") == 1

    play_on_local_cloud(scenario)


def test_one_user_who_may_look_no_more_does_not_fail_another() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 30.0
        scene.world.inject("list", Fault(error=Denied("the trust is dead", status=401), count=1))
        async with scene.worker():
            made = [await scene.create(things(a={}), name=name) for name in ("one", "two", "three")]
            stacks = [await scene.settle(each) for each in made]
        assert sorted(each.status for each in stacks) == ["COMPLETE", "COMPLETE", "FAILED"]

    play(scenario)
