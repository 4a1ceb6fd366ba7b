"""A service leaves the catalogue: what is there waits for it, and stays until it is back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from tests.scenarios.templates import template

from isotherm.core.states import Action, Status
from isotherm.localcloud.operations import FaultRule
from isotherm.ports.records import Resource, Stack
from isotherm.testing.local_world import Disturbance, LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage

NO_MORE = "The cloud's catalogue has no dns service any more."
OUTAGE = 600.0
ZONE = template(
    zone=("OS::Designate::Zone", {"name": "a.example.", "email": "me@example.org", "ttl": 60}),
)
OTHER = ZONE.replace("60", "90")


async def a_zone(stage: Stage, world: LocalWorld) -> str:
    stack_id = await stage.create(ZONE)
    stack = await stage.settle(stack_id)
    assert stack.status is Status.COMPLETE, stack.status_reason
    world.missing.add("dns")
    return stack_id


def state(found: Stack | Resource) -> str:
    return f"{found.action}_{found.status}"


@pytest.mark.parametrize(
    ("ask", "action"),
    [
        (lambda stage, stack_id: stage.delete(stack_id), Action.DELETE),
        (lambda stage, stack_id: stage.update(stack_id, OTHER), Action.UPDATE),
        (lambda stage, stack_id: stage.check(stack_id), Action.CHECK),
    ],
)
def test_it_is_waited_for_and_missed_in_the_end(
    ask: Callable[[Stage, str], Awaitable[None]], action: Action
) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await a_zone(stage, world)
            await ask(stage, stack_id)
            began = stage.clock.monotonic()
            stack = await stage.settle(stack_id, within=2 * OUTAGE)
            assert stage.clock.monotonic() - began >= OUTAGE
            assert state(stack) == f"{action}_FAILED"
            assert f"EndpointNotFound: resources.zone: {NO_MORE}" in stack.status_reason
            world.missing.clear()
            await ask(stage, stack_id)
            assert state(await stage.settle(stack_id)) == f"{action}_COMPLETE"
        assert ("dns.zone" in world.objects()) is (action is not Action.DELETE)

    play_on_local_cloud(scenario)


def test_it_comes_back_in_time() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await a_zone(stage, world)
            await stage.delete(stack_id)
            await stage.clock.sleep(OUTAGE / 2)
            world.missing.clear()
            assert state(await stage.settle(stack_id, within=OUTAGE / 2)) == "DELETE_COMPLETE"
        assert "dns.zone" not in world.objects()

    play_on_local_cloud(scenario)


def test_it_leaves_with_an_answer_that_nobody_got() -> None:
    """Whether there is a zone nobody knows: it is looked for until it can be."""

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.tap.arm("dns.zone.create", 1, Disturbance(FaultRule(drop_reply="after")))
        async with stage.worker():
            stack_id = await stage.create(ZONE)
            await world.tap.struck.wait()
            world.missing.add("dns")
            stack = await stage.settle(stack_id, within=2 * OUTAGE)
            assert state(stack) == "CREATE_FAILED"
            await stage.delete(stack_id)
            assert state(await stage.settle(stack_id, within=2 * OUTAGE)) == "DELETE_FAILED"
            world.missing.clear()
            await stage.delete(stack_id)
            assert state(await stage.settle(stack_id)) == "DELETE_COMPLETE"
        assert "dns.zone" not in world.objects()

    play_on_local_cloud(scenario)


@pytest.mark.parametrize("verb", ["skip", "forget"])
def test_who_does_not_want_to_wait_says_so(verb: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await a_zone(stage, world)
            await stage.delete(stack_id)
            await stage.clock.sleep(5)
            await stage.order(stack_id, "zone", verb)
            assert state(await stage.settle(stack_id, within=60)) == "DELETE_COMPLETE"
        assert "dns.zone" in world.objects()

    play_on_local_cloud(scenario)


def test_what_was_not_made_can_be_skipped() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.missing.add("dns")
        async with stage.worker():
            stack_id = await stage.create(ZONE)
            assert state(await stage.settle(stack_id, within=60)) == "CREATE_FAILED"
            await stage.order(stack_id, "zone", "skip")
            await stage.clock.sleep(60)
            assert state((await stage.rows(stack_id))["zone"]) == "CHECK_COMPLETE"
            await stage.delete(stack_id)
            assert state(await stage.settle(stack_id, within=60)) == "DELETE_COMPLETE"

    play_on_local_cloud(scenario)
