"""Leases that run out: nothing begins without one, and nothing is made twice because of it."""

from __future__ import annotations

import asyncio

from tests.scenarios.templates import ref, things

from isotherm.core.states import Status
from isotherm.engine.probe import Point
from isotherm.engine.settings import EngineSettings
from isotherm.ports.store import Lease, StoreUnavailable
from isotherm.testing.scene import KillAt, Scene, play


def test_a_create_that_comes_late_is_waited_for() -> None:
    """The cloud works on a dead worker's call until long after the next one looked."""

    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(things(a={}))
        async with scene.worker(KillAt(Point.AFTER_INTENT, "a")):
            await scene.clock.sleep(1)
        name = (await scene.rows(stack_id))["a"].physical_name
        async with scene.worker(), asyncio.TaskGroup() as tasks:
            tasks.create_task(_make_late(scene, name, scene.settings.lease_seconds + 30))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert scene.world.made == 1
        assert (await scene.rows(stack_id))["a"].physical_id in scene.world.things

    play(scenario)


async def _make_late(scene: Scene, name: str, seconds: float) -> None:
    await scene.clock.sleep(seconds)
    scene.world.make({"name": name}, "")


def test_nothing_is_begun_when_the_lease_may_end_before_it_does() -> None:
    async def scenario(scene: Scene) -> None:
        # No renewal ever gets through.
        scene.settings = EngineSettings(renew_seconds=1e6, call_seconds=10)
        scene.world.building = 25
        stack_id = await scene.create(things(a={}, b={"uses": ref("a")}))
        async with scene.worker():
            await scene.clock.sleep(39)
            assert scene.world.count("create") == 1
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert scene.world.made == 2

    play(scenario)


def test_a_worker_outlives_a_database_that_stays_away() -> None:
    async def scenario(scene: Scene) -> None:
        claim, left = scene.store.claim, 3

        async def failing(owner: str, limit: int, seconds: float) -> list[Lease]:
            nonlocal left
            left -= 1
            if left >= 0:
                raise StoreUnavailable("away")
            return await claim(owner, limit, seconds)

        scene.store.claim = failing  # type: ignore[method-assign]
        async with scene.worker():
            stack = await scene.settle(await scene.create(things(a={})))
        assert stack.status is Status.COMPLETE
        assert left < 0

    play(scenario)


def test_an_overtaking_is_noticed_without_its_wake_up() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 3000
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.clock.sleep(5)
            scene.bus.wake = _lose  # type: ignore[method-assign]
            await scene.delete(stack_id)
            begun = scene.clock.monotonic()
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        assert scene.clock.monotonic() - begun < 2 * scene.settings.renew_seconds
        assert not scene.world.things

    play(scenario)


async def _lose(topic: str, key: str) -> None:
    pass


def test_a_clock_that_is_set_back_freezes_no_stack_and_gives_it_no_more_time() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 50
        stack_id = await scene.create(things(a={}), timeout_mins=5)
        async with scene.worker(KillAt(Point.AFTER_INTENT, "a")):
            await scene.clock.sleep(1)
        scene.clock.set_forth(-86400)
        begun = scene.clock.monotonic()
        async with scene.worker():
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        # Long enough for what the dead worker had under way, and no longer.
        assert scene.clock.monotonic() - begun < 60 + 50 + 10
        assert scene.world.made == 1

    play(scenario)


def test_a_clock_that_is_set_back_ends_no_later_what_runs_out_of_time() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 1e5
        stack_id = await scene.create(things(a={}), timeout_mins=5)
        async with scene.worker():
            await scene.clock.sleep(10)
        scene.clock.set_forth(-86400)
        begun = scene.clock.monotonic()
        async with scene.worker():
            stack = await scene.settle(stack_id)
        assert stack.status is Status.FAILED
        assert "timed out" in stack.status_reason
        assert scene.clock.monotonic() - begun < 5 * 60 + 30

    play(scenario)


def test_a_clock_that_jumps_ahead_makes_nothing_twice() -> None:
    """To the next worker it seems as if the one before it had been dead for a day, while a
    call of it is under way."""

    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(things(a={}))
        async with asyncio.TaskGroup() as tasks:
            async with scene.worker(KillAt(Point.AFTER_INTENT, "a")):
                await scene.clock.sleep(1)
            name = (await scene.rows(stack_id))["a"].physical_name
            tasks.create_task(_make_late(scene, name, 20))
            async with scene.worker():
                # It looks, and finds the stack owned.
                await scene.clock.sleep(6)
                scene.clock.set_forth(86400)
                stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert scene.world.made == 1

    play(scenario)
