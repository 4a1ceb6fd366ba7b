"""What may have happened already is looked at before it is done again, or undone."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from tests.scenarios.templates import SERVER, ref, template, things

from isotherm.core.errors import Denied, Lost, Refused
from isotherm.core.states import Action, Status
from isotherm.kit.services.compute import SERVER as HOST
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.scene import Scene, play
from isotherm.testing.stage import Stage
from isotherm.testing.world import Fault


def count(world: LocalWorld, kind: str) -> int:
    return len(world.objects().get(kind, ()))


def test_a_key_pair_that_was_made_unheard_is_made_anew_under_its_name() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        key = template(key=("OS::Nova::KeyPair", {"name": "mine"}))
        # Every answer is lost, and so is every look at what became of it.
        world.local.inject("compute.keypair.create", drop_reply="after")
        world.local.inject("compute.keypair.show", status=403)
        async with stage.worker():
            stack_id = await stage.create(key)
            assert (await stage.settle(stack_id)).status is Status.FAILED
            world.local.injector.replace({})
            await stage.update(stack_id, key)
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert [each["name"] for each in world.objects()["compute.keypair"]] == ["mine"]

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("action", ["check", "update", "delete"])
def test_what_failed_before_it_was_begun_holds_nothing_up(action: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        broken = {
            "heat_template_version": "2021-04-16",
            "resources": {
                "value": {"type": "OS::Heat::Value", "properties": {"value": "nonsense"}},
                "group": {
                    "type": "OS::Neutron::SecurityGroup",
                    "properties": {"rules": {"get_attr": ["value", "value"]}},
                },
            },
        }
        async with stage.worker():
            stack_id = await stage.create(yaml.safe_dump(broken))
            assert (await stage.settle(stack_id)).status is Status.FAILED
            if action == "check":
                await stage.check(stack_id)
                stack = await stage.settle(stack_id)
                assert stack.status is Status.FAILED
                assert "never made" in stack.status_reason
            if action == "update":
                await stage.update(stack_id, template(group=("OS::Neutron::SecurityGroup", {})))
                stack = await stage.settle(stack_id)
                assert stack.status is Status.COMPLETE, stack.status_reason
                assert count(world, "network.security_group") == 1
            await stage.delete(stack_id)
            stack = await stage.settle(stack_id)
        assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
        assert world.objects() == {}

    play_on_local_cloud(scenario)


def test_an_attachment_to_a_server_that_never_was_can_be_deleted() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        nowhere = {"instance_uuid": "00000000-0000-0000-0000-00000000dead", "volume_id": ref("v")}
        async with stage.worker():
            stack_id = await stage.create(
                template(
                    v=("OS::Cinder::Volume", {"size": 1}),
                    a=("OS::Cinder::VolumeAttachment", nowhere),
                )
            )
            assert (await stage.settle(stack_id)).status is Status.FAILED
            await stage.delete(stack_id)
            stack = await stage.settle(stack_id)
        assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
        assert world.objects() == {}

    play_on_local_cloud(scenario)


def test_a_check_does_not_take_for_whole_what_was_never_made() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=Refused("no room", status=413)))
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
            await scene.check(stack_id)
            stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.CHECK, Status.FAILED)
            await scene.update(stack_id, things(a={}))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert len(scene.world.things) == 1

    play(scenario)


def test_what_was_found_again_can_be_moved_and_lets_go() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        def attached(to: str) -> str:
            moved = {"instance_uuid": ref(to), "volume_id": ref("volume")}
            return template(
                one=("OS::Nova::Server", SERVER),
                two=("OS::Nova::Server", SERVER),
                volume=("OS::Cinder::Volume", {"size": 1}),
                attachment=("OS::Cinder::VolumeAttachment", moved),
            )

        world.local.inject("compute.attachment.create", drop_reply="after", count=1)
        async with stage.worker():
            stack_id = await stage.create(attached("one"))
            await stage.settle(stack_id)
            await stage.update(stack_id, attached("two"))
            stack = await stage.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            rows = await stage.rows(stack_id)
            held = [each["server_id"] for each in world.objects()["block-storage.attachment"]]
            assert held == [rows["two"].physical_id]
            await stage.delete(stack_id)
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert world.objects() == {}

    play_on_local_cloud(scenario)


def test_an_attach_that_was_refused_once_does_not_hang() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        def attached(to: str) -> str:
            moved = {"instance_uuid": ref(to), "volume_id": ref("volume")}
            return template(
                one=("OS::Nova::Server", SERVER),
                two=("OS::Nova::Server", SERVER),
                volume=("OS::Cinder::Volume", {"size": 1}),
                attachment=("OS::Cinder::VolumeAttachment", moved),
            )

        async with stage.worker():
            stack_id = await stage.create(attached("one"))
            await stage.settle(stack_id)
            world.local.inject("compute.attachment.create", status=503, count=1)
            await stage.update(stack_id, attached("two"))
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("then", ["delete", "back", "on"])
def test_a_resize_that_was_overtaken_is_brought_to_an_end(then: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        def attached(flavor: str, **more: Any) -> str:
            link = {"instance_uuid": ref("server"), "volume_id": ref("volume")}
            return template(
                server=("OS::Nova::Server", {**SERVER, "flavor": flavor, **more}),
                volume=("OS::Cinder::Volume", {"size": 1}),
                attachment=("OS::Cinder::VolumeAttachment", link),
            )

        world.local.frame.timings.seconds = {"compute.server.resize": 30.0}
        async with stage.worker():
            stack_id = await stage.create(attached("m1.tiny"))
            await stage.settle(stack_id)
            await stage.update(stack_id, attached("m1.small"))
            await stage.clock.sleep(10)
            if then == "delete":
                await stage.delete(stack_id)
            else:
                flavor = "m1.small" if then == "on" else "m1.tiny"
                await stage.update(stack_id, attached(flavor, metadata={"a": "b"}))
            stack = await stage.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
        if then == "delete":
            assert world.objects() == {}
            return
        found = world.objects()["compute.server"][0]
        assert (found["vm_state"], found["flavor"]["name"]) == ("active", flavor)
        reverted = world.local.calls.applied["compute.server.revert_resize"]
        assert reverted == (1 if then == "back" else 0)

    play_on_local_cloud(scenario)


def test_a_lost_update_is_looked_at_before_it_is_repeated() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(template(v=("OS::Cinder::Volume", {"size": 1})))
            await stage.settle(stack_id)
            world.local.inject("block-storage.volume.extend", drop_reply="after", count=1)
            await stage.update(stack_id, template(v=("OS::Cinder::Volume", {"size": 2})))
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert [each["size"] for each in world.objects()["block-storage.volume"]] == [2]

    play_on_local_cloud(scenario)


def test_a_create_without_any_answer_fails_with_what_was_seen() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=Lost("the connection broke"), count=99))
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.FAILED
        assert "the connection broke" in stack.status_reason
        assert not scene.world.things

    play(scenario)


@pytest.mark.parametrize("moved", [False, True])
def test_an_attachment_waits_until_its_server_is_at_rest(moved: bool) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        two = {
            "one": ("OS::Nova::Server", SERVER),
            "two": ("OS::Nova::Server", SERVER),
            "volume": ("OS::Cinder::Volume", {"size": 1}),
        }

        def attached(to: str) -> str:
            link = {"instance_uuid": ref(to), "volume_id": ref("volume")}
            return template(**two, link=("OS::Cinder::VolumeAttachment", link))

        async with stage.worker():
            stack_id = await stage.create(attached("one") if moved else template(**two))
            await stage.settle(stack_id)
            host = (await stage.rows(stack_id))["two"].physical_id or ""
            world.local.frame.timings.seconds = {"compute.server.rebuild": 100.0}
            api = await world.connect({})
            image = await api.find("glance.image", "cirros")
            await api.act(HOST, host, "rebuild", {"imageRef": image})
            await stage.update(stack_id, attached("two"))
            stack = await stage.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        held = [each["server_id"] for each in world.objects()["block-storage.attachment"]]
        assert held == [host]

    play_on_local_cloud(scenario)


def test_an_object_that_cannot_be_looked_at_holds_up_nothing_else() -> None:
    async def scenario(scene: Scene) -> None:
        refused = Refused("no room", status=413)
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={}))
            await scene.settle(stack_id)
            scene.world.inject("update", Fault(error=refused))
            await scene.update(stack_id, things(a={"size": 2}, b={}))
            assert (await scene.settle(stack_id)).status is Status.FAILED
            locked = (await scene.rows(stack_id))["a"].physical_id or ""
            denied = Denied("not yours any more", status=403)
            scene.world.inject("show", Fault(error=denied, count=99_999, named=locked))
            scene.world.inject("delete", Fault(error=denied, count=99, named="-a-"))
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id, within=4000)
        assert (stack.action, stack.status) == (Action.DELETE, Status.FAILED)
        assert "not yours any more" in stack.status_reason
        assert [each["id"] for each in scene.world.things.values()] == [locked]

    play(scenario)
