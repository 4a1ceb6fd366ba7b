"""Signals that have another resource of the stack made anew."""

from __future__ import annotations

from typing import Any

from tests.scenarios.templates import nested, ref, thing

from isotherm import kit
from isotherm.core.states import Action, Status
from isotherm.kit import Properties, prop
from isotherm.testing.scene import Scene, play


class RestarterProperties(Properties):
    target: str = prop("What to make anew.")


class Restarter(kit.NamedType[RestarterProperties]):
    name = "Test::Restarter"
    takes_signals = True

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received:
        return kit.Received("told", renews=signalled.properties["target"])


def restarter(of: Any) -> dict[str, Any]:
    return {"type": Restarter.name, "properties": {"target": of}}


TEMPLATE = nested(
    {
        "a": thing(),
        "b": thing(uses=ref("a")),
        "other": thing(),
        "restarter": restarter(ref("a")),
        "lost": restarter("somewhere else"),
    }
)


async def made(scene: Scene, source: str = TEMPLATE) -> str:
    stack_id = await scene.create(source)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


def test_a_signal_has_a_resource_made_anew_by_an_update_of_the_stack() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            before = await scene.rows(stack_id)
            await scene.signal(stack_id, "restarter")
            await scene.clock.sleep(60)
            stack, after = await scene.stack(stack_id), await scene.rows(stack_id)
            events = await scene.events(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE)
        assert after["a"].physical_id != before["a"].physical_id
        assert after["b"].properties["uses"] == after["a"].physical_id
        assert after["other"].physical_id == before["other"].physical_id
        assert len(scene.world.things) == 3
        told = {(each.resource_name, str(each.action), each.status_reason) for each in events}
        assert ("restarter", "SIGNAL", "told") in told
        assert ("a", "CHECK", "restarter was signalled") in told
        assert (stack.name, "UPDATE", "Stack UPDATE started") in told

    play(scenario, types=(Restarter(),))


def test_a_signal_that_comes_while_it_is_made_anew_finds_that_done() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            await scene.signal(stack_id, "restarter")
            await scene.clock.sleep(0.5)
            assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
            await scene.signal(stack_id, "restarter")
            await scene.clock.sleep(60)
            ended = await scene.stack(stack_id)
        assert (ended.action, ended.status) == (Action.UPDATE, Status.COMPLETE)
        assert (scene.world.made, len(scene.world.things)) == (4, 3)

    play(scenario, types=(Restarter(),))


def test_what_is_no_resource_of_the_stack_is_left_alone_and_the_event_says_so() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            await scene.signal(stack_id, "lost")
            await scene.clock.sleep(60)
            stack, events = await scene.stack(stack_id), await scene.events(stack_id)
        assert (stack.action, stack.status) == (Action.CREATE, Status.COMPLETE)
        told = [each.status_reason for each in events if each.action is Action.SIGNAL]
        assert told == ["told: no resource of the stack is somewhere else"]

    play(scenario, types=(Restarter(),))
