"""Changes of a template that touch no property, and operations on unusual rows."""

from __future__ import annotations

import yaml
from tests.scenarios.templates import things

from isotherm.core.errors import Refused
from isotherm.core.states import Action, DeletionPolicy, Status
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault


def test_a_changed_deletion_policy_is_recorded() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={}))
            await scene.settle(stack_id)
            await scene.update(stack_id, things(a={"deletion_policy": "Retain"}, b={}))
            await scene.settle(stack_id)
            assert (await scene.rows(stack_id))["a"].deletion_policy is DeletionPolicy.RETAIN
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert [thing["name"].split("-")[1] for thing in scene.world.things.values()] == ["a"]

    play(scenario)


def test_an_external_thing_is_looked_at_and_never_changed() -> None:
    async def scenario(scene: Scene) -> None:
        def template(size: int) -> str:
            resource = {
                "type": "Test::Thing",
                "external_id": theirs["id"],
                "properties": {"size": size, "colour": "red"},
            }
            return yaml.safe_dump(
                {"heat_template_version": "2021-04-16", "resources": {"a": resource}}
            )

        theirs = scene.world.make({"name": "theirs"}, "")
        async with scene.worker():
            stack_id = await scene.create(template(1))
            stack = await scene.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            await scene.update(stack_id, template(2))
            stack = await scene.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert scene.world.things.keys() == {theirs["id"]}
        assert not scene.world.count("update")
        assert not scene.world.count("create")

    play(scenario)


def test_a_check_after_a_failed_delete_comes_to_an_end() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("delete", Fault(error=Refused("locked", status=409), count=1))
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.FAILED
            await scene.check(stack_id)
            stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.CHECK, Status.FAILED)
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        assert not scene.world.things

    play(scenario)


def test_a_failed_attempt_is_gone_when_the_stack_is_complete() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(status="ERROR", count=2))
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        assert scene.world.made == 3
        assert len(scene.world.things) == 1
        assert len(await scene.store.resources(stack_id)) == 1

    play(scenario)
