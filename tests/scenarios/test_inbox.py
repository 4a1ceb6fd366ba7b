"""What comes for a stack without overtaking it: in order, once, whatever dies in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.claims import claim_one
from tests.scenarios.templates import ref, things

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.ports.records import Message
from isotherm.ports.store import Fence, Writes
from isotherm.testing.scene import KillAt, Scene, play

TWO = things(a={}, b={"uses": ref("a")})
UNHEALTHY, HEALTHY = (Action.CHECK, Status.FAILED), (Action.CHECK, Status.COMPLETE)


async def complete(scene: Scene, template: str = TWO) -> str:
    async with scene.worker():
        stack_id = await scene.create(template)
        assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


async def state(scene: Scene, stack_id: str, name: str) -> tuple[Action, Status]:
    row = (await scene.rows(stack_id))[name]
    return row.action, row.status


async def emptied(scene: Scene, stack_id: str) -> None:
    """Wait until the inbox is empty."""
    while await scene.store.messages(stack_id):
        await scene.clock.sleep(0.1)


def test_a_mark_reaches_a_stack_that_does_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await complete(scene)
        async with scene.worker():
            await scene.mark(stack_id, "a")
            await emptied(scene, stack_id)
            assert await state(scene, stack_id, "a") == UNHEALTHY
            stack = await scene.stack(stack_id)
            assert (stack.action, stack.status) == (Action.CREATE, Status.COMPLETE)
            await scene.update(stack_id, TWO)
            await scene.settle(stack_id)
        assert scene.world.count("create") == 3, "the update replaced what was marked"
        assert (await scene.history(stack_id)).count("a CHECK_FAILED") == 1

    play(scenario)


def test_marks_have_their_effects_in_order_and_once() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await complete(scene)
        await scene.mark(stack_id, "a")
        await scene.mark(stack_id, "a", unhealthy=False)
        await scene.mark(stack_id, "b")
        async with scene.worker():
            await emptied(scene, stack_id)
        assert await state(scene, stack_id, "a") == HEALTHY
        assert await state(scene, stack_id, "b") == UNHEALTHY
        marks = [line for line in await scene.history(stack_id) if " CHECK_" in line]
        assert marks == ["a CHECK_FAILED", "a CHECK_COMPLETE", "b CHECK_FAILED"]

    play(scenario)


def test_a_mark_overtakes_nothing_and_is_taken_between_steps() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={"uses": ref("a")}, c={"uses": ref("b")}))
            while await state_or_none(scene, stack_id, "b") != (Action.CREATE, Status.IN_PROGRESS):
                await scene.clock.sleep(0.05)
            await scene.mark(stack_id, "a")
            await scene.mark(stack_id, "b")
            await scene.clock.sleep(0.05)
            assert await state(scene, stack_id, "a") == UNHEALTHY, "nobody works on it"
            assert await state(scene, stack_id, "b") == (Action.CREATE, Status.IN_PROGRESS)
            stack = await scene.settle(stack_id)
            await emptied(scene, stack_id)
        assert (stack.action, stack.status, stack.traversal) == (Action.CREATE, Status.COMPLETE, 1)
        assert await state(scene, stack_id, "b") == UNHEALTHY, "its step had ended by then"
        assert await state(scene, stack_id, "c") == (Action.CREATE, Status.COMPLETE)
        assert scene.world.count("create") == 3

    play(scenario)


async def state_or_none(scene: Scene, stack_id: str, name: str) -> tuple[Action, Status] | None:
    rows = await scene.rows(stack_id)
    return (rows[name].action, rows[name].status) if name in rows else None


def test_an_update_finds_what_was_marked_just_before() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await complete(scene)
        await scene.mark(stack_id, "b")
        await scene.update(stack_id, TWO)
        async with scene.worker():
            await scene.settle(stack_id)
        assert scene.world.count("create") == 3
        assert await state(scene, stack_id, "b") == (Action.CREATE, Status.COMPLETE)

    play(scenario)


@pytest.mark.parametrize("point", [Point.AFTER_INTENT, Point.AFTER_CALL, Point.AFTER_OUTCOME])
def test_a_mark_survives_the_death_of_its_owner(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await complete(scene)
        await scene.update(stack_id, things(a={"size": 2}, b={"uses": ref("a")}))
        await scene.mark(stack_id, "b")
        async with scene.worker(KillAt(point)):
            await scene.clock.sleep(1)
        async with scene.worker():
            await scene.settle(stack_id)
            await emptied(scene, stack_id)
        assert await state(scene, stack_id, "b") == (Action.CREATE, Status.COMPLETE)
        assert scene.world.count("create") == 3, "marked once, replaced once"
        assert (await scene.history(stack_id)).count("b CHECK_FAILED") == 1

    play(scenario)


def test_a_mark_on_what_is_no_longer_there_is_done_with() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await complete(scene)
        await scene.delete(stack_id)
        async with scene.worker():
            rows = await scene.rows(stack_id)
            await scene.settle(stack_id)
            assert not await scene.rows(stack_id)
            message = Message(
                id=new_id(),
                stack_id=stack_id,
                kind="mark",
                resource_id=rows["a"].id,
                at=scene.clock.now(),
                content={"unhealthy": True, "reason": ""},
            )
            await scene.store.post(message)
            await emptied(scene, stack_id)
        assert await scene.store.claim("a", 9, 60) == [], "nobody has to look at it for ever"

    play(scenario)


def test_what_only_a_newer_worker_understands_is_kept_for_it() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await complete(scene)
        strange = Message(id=new_id(), stack_id=stack_id, kind="dance", at=scene.clock.now())
        await scene.store.post(strange)
        await scene.mark(stack_id, "a")
        async with scene.worker():
            await scene.clock.sleep(60)
            assert await state(scene, stack_id, "a") == UNHEALTHY, "it keeps nothing else back"
            assert await scene.store.messages(stack_id) == [strange]
            await scene.update(stack_id, things(a={}))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        held = await claim_one(scene.store, "newer", stack_id, 60)
        assert held is not None
        assert held.epoch < 50, "nor was it claimed again and again"
        await scene.store.commit(Fence(lease=held), Writes(taken=[strange.id]))

    play(scenario)


def test_a_lost_wake_up_costs_no_more_than_the_polling_interval() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await complete(scene)
        async with scene.worker():
            await scene.clock.sleep(1)
            row = (await scene.rows(stack_id))["a"]
            await scene.store.post(
                Message(
                    id=new_id(),
                    stack_id=stack_id,
                    kind="mark",
                    resource_id=row.id,
                    at=scene.clock.now() + timedelta(0),
                    content={"unhealthy": True, "reason": "seen"},
                )
            )
            await scene.clock.sleep(scene.settings.poll_seconds + 1)
            assert await state(scene, stack_id, "a") == UNHEALTHY

    play(scenario)


def test_a_worker_stops_at_once_while_it_leaves_a_message_to_others() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await complete(scene)
        strange = Message(id=new_id(), stack_id=stack_id, kind="dance", at=scene.clock.now())
        async with scene.worker():
            await scene.store.post(strange)
            await scene.clock.sleep(scene.settings.poll_seconds + 1)
            before = scene.clock.monotonic()
        assert scene.clock.monotonic() - before < 0.5

    play(scenario)
