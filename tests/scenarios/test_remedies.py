"""What is stuck is freed by an order: for one resource at any depth, or for a whole stack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.scenarios.templates import nested, ref, stack, thing, things

from isotherm.core.errors import Lost, Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Outcome, Pending
from isotherm.ports.records import Operation, Resource, Stack
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault, Thing, ThingProperties

CHAIN = things(a={}, b={"uses": ref("a")}, c={"uses": ref("b")})
GROWN = things(a={}, b={"uses": ref("a"), "size": 2}, c={"uses": ref("b")})
STATE = tuple[Action, Status]


def hanging() -> Fault:
    """The next thing that is made for ``b`` is never ready."""
    return Fault(status="BUILDING", named="-b-")


async def until(scene: Scene, stack_id: str, name: str, state: STATE) -> Resource:
    while True:
        row = (await scene.rows(stack_id)).get(name)
        if row is not None and (row.action, row.status) == state and row.physical_id:
            return row
        await scene.clock.sleep(0.25)


async def hung_create(scene: Scene) -> tuple[str, Resource]:
    scene.world.inject("create", hanging())
    stack_id = await scene.create(CHAIN)
    row = await until(scene, stack_id, "b", (Action.CREATE, Status.IN_PROGRESS))
    await scene.clock.sleep(600)
    return stack_id, row


async def taken(scene: Scene, stack_id: str) -> None:
    while await scene.store.messages(stack_id):
        await scene.clock.sleep(0.25)


async def nothing_lost(scene: Scene, stack_id: str, *left: str) -> None:
    """Rows name all that there is but for what was ``left`` on purpose, and nothing twice."""
    rows = await scene.store.resources(stack_id)
    for child in await scene.store.children(stack_id):
        rows += await scene.store.resources(child.id)
    named = [row.physical_id for row in rows if row.type == "Test::Thing" and row.physical_id]
    assert len(named) == len(set(named))
    assert {*named, *left} == scene.world.things.keys()
    assert not [row for row in rows if row.status is Status.IN_PROGRESS or row.remedy]


def state(found: Stack | Resource) -> str:
    return f"{found.action}_{found.status}"


async def texts(scene: Scene, stack_id: str, name: str = "b") -> str:
    events = await scene.events(stack_id)
    return "\n".join(each.status_reason for each in events if each.resource_name == name)


def test_a_create_that_hangs_is_retried() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, row = await hung_create(scene)
            await scene.order(stack_id, "b", "retry")
            assert state(await scene.settle(stack_id, within=60)) == "CREATE_COMPLETE"
        assert row.physical_id not in scene.world.things
        assert scene.world.made == 4
        await nothing_lost(scene, stack_id)
        assert "retry ordered by demo" in await texts(scene, stack_id)

    play(scenario)


def test_a_create_that_hangs_is_taken_as_it_is() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, row = await hung_create(scene)
            await scene.order(stack_id, "b", "skip")
            assert state(await scene.settle(stack_id, within=60)) == "CREATE_COMPLETE"
            skipped = (await scene.rows(stack_id))["b"]
            assert (state(skipped), skipped.physical_id) == ("CHECK_COMPLETE", row.physical_id)
            assert skipped.reference == row.physical_id
            assert "as ordered by demo" in skipped.status_reason
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert not scene.world.things

    play(scenario)


def test_a_create_that_hangs_is_given_an_object() -> None:
    async def scenario(scene: Scene) -> None:
        mine = scene.world.make({"name": "mine"}, "")["id"]
        async with scene.worker():
            stack_id, row = await hung_create(scene)
            await scene.order(stack_id, "b", "adopt", mine)
            assert state(await scene.settle(stack_id, within=60)) == "CREATE_COMPLETE"
        rows = await scene.rows(stack_id)
        assert rows["b"].physical_id == rows["b"].reference == mine
        assert scene.world.things[rows["c"].physical_id or ""]["uses"] == mine
        assert row.physical_id not in scene.world.things, "what it had is removed"
        await nothing_lost(scene, stack_id)

    play(scenario)


def test_what_hangs_is_forgotten_and_another_is_made() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, row = await hung_create(scene)
            await scene.order(stack_id, "b", "forget")
            assert state(await scene.settle(stack_id, within=60)) == "CREATE_COMPLETE"
        assert f"its object {row.physical_id} stays" in await texts(scene, stack_id)
        assert scene.world.made == 4
        await nothing_lost(scene, stack_id, row.physical_id or "")

    play(scenario)


@pytest.mark.parametrize("verb", ["retry", "skip", "replace", "forget", "adopt"])
def test_an_update_that_hangs_is_freed(verb: str) -> None:
    async def scenario(scene: Scene) -> None:
        mine = scene.world.make({"name": "mine", "size": 2}, "")["id"]
        async with scene.worker():
            stack_id = await scene.create(CHAIN)
            await scene.settle(stack_id)
            old = (await scene.rows(stack_id))["b"].physical_id or ""
            scene.world.inject("update", Fault(status="UPDATING"))
            scene.world.inject("update", Fault(status="ACTIVE"))
            await scene.update(stack_id, GROWN)
            await until(scene, stack_id, "b", (Action.UPDATE, Status.IN_PROGRESS))
            await scene.clock.sleep(600)
            await scene.order(stack_id, "b", verb, mine if verb == "adopt" else "")
            assert state(await scene.settle(stack_id, within=60)) == "UPDATE_COMPLETE"
            assert (await scene.rows(stack_id))["b"].properties["size"] == 2
            left = {"forget": [old, mine], "adopt": []}.get(verb, [mine])
            await nothing_lost(scene, stack_id, *left)
            assert (old in scene.world.things) is (verb not in ("replace", "adopt"))
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert scene.world.things.keys() == set(left)

    play(scenario)


@pytest.mark.parametrize("verb", ["retry", "skip", "forget"])
def test_a_removal_that_hangs_is_freed(verb: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(CHAIN)
            await scene.settle(stack_id)
            scene.world.removing = 1e9
            await scene.delete(stack_id)
            row = await until(scene, stack_id, "c", (Action.DELETE, Status.IN_PROGRESS))
            await scene.clock.sleep(600)
            scene.world.removing = 1.0
            if verb == "retry":
                scene.world.things[row.physical_id or ""]["_gone_at"] = None
            await scene.order(stack_id, "c", verb)
            assert state(await scene.settle(stack_id, within=60)) == "DELETE_COMPLETE"
        left = set() if verb == "retry" else {row.physical_id}
        assert scene.world.things.keys() == left

    play(scenario)


@pytest.mark.parametrize("verb", ["skip", "adopt", "forget"])
def test_what_has_failed_is_settled_in_a_stack_that_does_nothing(verb: str) -> None:
    async def scenario(scene: Scene) -> None:
        mine = scene.world.make({"name": "mine"}, "")["id"]
        async with scene.worker():
            scene.world.inject("create", Fault(status="ERROR", named="-b-", count=9))
            stack_id = await scene.create(CHAIN)
            assert state(await scene.settle(stack_id)) == "CREATE_FAILED"
            failed = (await scene.rows(stack_id))["b"]
            await scene.order(stack_id, "b", verb, mine if verb == "adopt" else "")
            await taken(scene, stack_id)
            ended = await scene.settle(stack_id, within=60)
            assert state(ended) == "CREATE_FAILED", "the stack stays what it is"
            row = (await scene.rows(stack_id)).get("b")
            if verb == "forget":
                assert row is None
            else:
                assert row is not None
                assert state(row) == "CHECK_COMPLETE"
                assert row.physical_id == (mine if verb == "adopt" else failed.physical_id)
            scene.world.faults.clear()
            await scene.update(stack_id, CHAIN)
            assert state(await scene.settle(stack_id)) == "UPDATE_COMPLETE"
        left = [] if verb == "adopt" else [mine]
        await nothing_lost(scene, stack_id, *left, *_kept(verb, failed))

    play(scenario)


def _kept(verb: str, row: Resource) -> list[str]:
    return [row.physical_id or ""] if verb == "forget" else []


@pytest.mark.parametrize("verb", ["retry", "replace"])
def test_what_has_failed_is_made_anew_by_the_update_that_follows_the_order(verb: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            scene.world.inject("create", Fault(error=Refused("no"), named="-b-"))
            stack_id = await scene.create(CHAIN)
            await scene.settle(stack_id)
            await scene.order(stack_id, "b", verb)
            await scene.update(stack_id, CHAIN)
            assert state(await scene.settle(stack_id)) == "UPDATE_COMPLETE"
        await nothing_lost(scene, stack_id)
        assert f"{verb} ordered by demo" in await texts(scene, stack_id)

    play(scenario)


def test_what_is_sound_is_replaced_now() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(CHAIN)
            await scene.settle(stack_id)
            old = (await scene.rows(stack_id))["b"].physical_id
            await scene.order(stack_id, "b", "replace")
            await scene.update(stack_id, CHAIN)
            assert state(await scene.settle(stack_id)) == "UPDATE_COMPLETE"
        assert (await scene.rows(stack_id))["b"].physical_id != old
        await nothing_lost(scene, stack_id)
        assert scene.world.made == 4

    play(scenario)


def test_an_object_that_is_not_there_is_not_adopted() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, row = await hung_create(scene)
            await scene.order(stack_id, "b", "adopt", "nothing")
            await taken(scene, stack_id)
            await scene.clock.sleep(60)
            assert (await scene.rows(stack_id))["b"].physical_id == row.physical_id
            assert "adopt ordered by demo was refused" in await texts(scene, stack_id)
            own = (await scene.rows(stack_id))["a"].physical_id or ""
            await scene.order(stack_id, "b", "adopt", own)
            await taken(scene, stack_id)
            await scene.clock.sleep(60)
            assert "belongs to a resource already" in await texts(scene, stack_id)
            scene.world.things[row.physical_id or ""]["_status"] = "ACTIVE"
            assert state(await scene.settle(stack_id, within=600)) == "CREATE_COMPLETE"
        assert scene.world.made == 3
        await nothing_lost(scene, stack_id)

    play(scenario)


def test_an_order_for_what_has_been_done_by_then_is_only_told() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, row = await hung_create(scene)
            await scene.order(stack_id, "a", "skip")
            scene.world.things[row.physical_id or ""]["_status"] = "ACTIVE"
            assert state(await scene.settle(stack_id, within=600)) == "CREATE_COMPLETE"
            await taken(scene, stack_id)
            await scene.settle(stack_id)
        assert state((await scene.rows(stack_id))["a"]) == "CREATE_COMPLETE"
        assert "nothing of it is left to be skipped" in await texts(scene, stack_id, "a")

    play(scenario)


class Sleepless(Thing):
    """A thing that takes its time to fall asleep."""

    async def suspend(self, ctx: Context[ThingProperties]) -> Outcome:
        return Pending(1)


@pytest.mark.parametrize("verb", ["skip", "retry"])
def test_a_suspension_that_hangs_is_freed(verb: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(b={}))
            await scene.settle(stack_id)
            (only,) = scene.world.things.values()
            only["_status"] = "DROWSY"
            await scene.start(stack_id, Operation.SUSPEND)
            await until(scene, stack_id, "b", (Action.SUSPEND, Status.IN_PROGRESS))
            await scene.clock.sleep(600)
            await scene.order(stack_id, "b", verb)
            if verb == "retry":
                await taken(scene, stack_id)
                only["_status"] = "ACTIVE"
            assert state(await scene.settle(stack_id, within=60)) == "SUSPEND_COMPLETE"
            await scene.start(stack_id, Operation.RESUME)
            assert state(await scene.settle(stack_id, within=60)) == "RESUME_COMPLETE"

    play(scenario, types=[Sleepless()])


@pytest.mark.parametrize("verb", ["retry", "skip", "forget"])
def test_what_hangs_in_a_nested_stack_is_freed(verb: str) -> None:
    async def scenario(scene: Scene) -> None:
        kid = nested({"b": thing(), "c": thing(uses=ref("b"))})
        scene.world.inject("create", hanging())
        async with scene.worker():
            stack_id = await scene.create(nested({"n": stack("kid.yaml")}), files={"kid.yaml": kid})
            while not (inside := await scene.store.children(stack_id)):
                await scene.clock.sleep(0.25)
            row = await until(scene, inside[0].id, "b", (Action.CREATE, Status.IN_PROGRESS))
            await scene.clock.sleep(600)
            await scene.order(inside[0].id, "b", verb)
            assert state(await scene.settle(stack_id, within=60)) == "CREATE_COMPLETE"
        await nothing_lost(scene, stack_id, *_kept(verb, row))

    play(scenario)


def test_a_nested_stack_that_hangs_is_brought_on_by_a_retry_of_its_resource() -> None:
    async def scenario(scene: Scene) -> None:
        kid = nested({"b": thing()})
        scene.world.inject("create", hanging())
        async with scene.worker():
            stack_id = await scene.create(nested({"n": stack("kid.yaml")}), files={"kid.yaml": kid})
            await until(scene, stack_id, "n", (Action.CREATE, Status.IN_PROGRESS))
            await scene.clock.sleep(600)
            await scene.order(stack_id, "n", "retry")
            await scene.clock.sleep(60)
            inside = await scene.store.children(stack_id)
            assert len(inside) == 1
            for each in scene.world.things.values():
                each["_status"] = "ACTIVE"
            assert state(await scene.settle(stack_id, within=600)) == "CREATE_COMPLETE"
        await nothing_lost(scene, stack_id)

    play(scenario)


async def _release(scene: Scene, stack_id: str) -> Stack:
    await scene.start(stack_id, Operation.RELEASE)
    return await scene.settle(stack_id, within=60)


def test_a_stack_that_hangs_is_released() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, row = await hung_create(scene)
            assert state(await _release(scene, stack_id)) == "CREATE_FAILED"
            released = (await scene.rows(stack_id))["b"]
            assert (state(released), released.physical_id) == ("CREATE_FAILED", row.physical_id)
            await nothing_lost(scene, stack_id)
            await scene.update(stack_id, CHAIN)
            assert state(await scene.settle(stack_id)) == "UPDATE_COMPLETE"
        await nothing_lost(scene, stack_id)
        assert len(scene.world.things) == 3

    play(scenario)


def test_all_stacks_below_are_released() -> None:
    async def scenario(scene: Scene) -> None:
        files = {
            "kid.yaml": nested({"n": stack("grandkid.yaml")}),
            "grandkid.yaml": nested({"b": thing()}),
        }
        scene.world.inject("create", hanging())
        async with scene.worker():
            stack_id = await scene.create(nested({"n": stack("kid.yaml")}), files=files)
            await scene.clock.sleep(600)
            assert state(await _release(scene, stack_id)) == "CREATE_FAILED"
            (kid,) = await scene.store.children(stack_id)
            (grandkid,) = await scene.store.children(kid.id)
            for each in (kid, grandkid):
                assert state(await scene.settle(each.id, within=60)) == "CREATE_FAILED"
            await scene.update(stack_id, nested({"n": stack("kid.yaml")}), files)
            assert state(await scene.settle(stack_id)) == "UPDATE_COMPLETE"
        assert len(scene.world.things) == 1

    play(scenario)


def test_a_stack_is_released_while_the_cloud_is_away() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, _ = await hung_create(scene)

            async def away(credentials: Any) -> Any:
                raise Lost("nobody answers")

            scene.world.connect = away  # type: ignore[method-assign]
            assert state(await _release(scene, stack_id)) == "CREATE_FAILED"

    play(scenario)


ORDERS: dict[str, Callable[[Scene, str, str], Awaitable[None]]] = {
    "retry": lambda scene, stack_id, mine: scene.order(stack_id, "b", "retry"),
    "skip": lambda scene, stack_id, mine: scene.order(stack_id, "b", "skip"),
    "adopt": lambda scene, stack_id, mine: scene.order(stack_id, "b", "adopt", mine),
    "forget": lambda scene, stack_id, mine: scene.order(stack_id, "b", "forget"),
    "replace": lambda scene, stack_id, mine: scene.order(stack_id, "b", "replace"),
}


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("point", list(Point), ids=lambda each: each.value)
@pytest.mark.parametrize("verb", ORDERS)
def test_orders_survive_the_death_of_the_worker(verb: str, point: Point, nth: int) -> None:
    async def scenario(scene: Scene) -> None:
        mine = scene.world.make({"name": "mine"}, "")["id"]
        async with scene.worker():
            stack_id, row = await hung_create(scene)
        await ORDERS[verb](scene, stack_id, mine)
        async with scene.worker(KillAt(point, "b", nth=nth)):
            await scene.clock.sleep(120)
        async with scene.worker():
            assert state(await scene.settle(stack_id, within=600)) == "CREATE_COMPLETE"
        left = [] if verb == "adopt" else [mine]
        await nothing_lost(scene, stack_id, *left, *_kept(verb, row))
        assert set(await scene.rows(stack_id)) == {"a", "b", "c"}
        assert scene.world.made == 4 + (verb in ("retry", "replace", "forget"))

    play(scenario)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("point", [Point.BEFORE_INTENT, Point.AFTER_OUTCOME], ids=lambda p: p.value)
@pytest.mark.parametrize("verb", ["skip", "adopt", "forget"])
def test_orders_in_a_stack_that_does_nothing_survive_it(verb: str, point: Point, nth: int) -> None:
    async def scenario(scene: Scene) -> None:
        mine = scene.world.make({"name": "mine"}, "")["id"]
        async with scene.worker():
            scene.world.inject("create", Fault(status="ERROR", named="-b-", count=9))
            stack_id = await scene.create(CHAIN)
            await scene.settle(stack_id)
        failed = (await scene.rows(stack_id))["b"]
        await ORDERS[verb](scene, stack_id, mine)
        async with scene.worker(KillAt(point, "b", nth=nth)):
            await scene.clock.sleep(120)
        scene.world.faults.clear()
        async with scene.worker():
            await taken(scene, stack_id)
            assert state(await scene.settle(stack_id, within=600)) == "CREATE_FAILED"
            row = (await scene.rows(stack_id)).get("b")
            assert (row is None) is (verb == "forget")
            await scene.update(stack_id, CHAIN)
            assert state(await scene.settle(stack_id)) == "UPDATE_COMPLETE"
        left = [] if verb == "adopt" else [mine]
        await nothing_lost(scene, stack_id, *left, *_kept(verb, failed))

    play(scenario)


@pytest.mark.parametrize("point", list(Point), ids=lambda each: each.value)
def test_a_lost_answer_and_a_release_leave_nothing_behind(point: Point) -> None:
    """The worker dies with a call of which nobody knows the outcome; then the stack is released."""

    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(CHAIN)
        async with scene.worker(KillAt(point, "b")):
            await scene.clock.sleep(30)
        async with scene.worker():
            await scene.start(stack_id, Operation.RELEASE)
            await scene.settle(stack_id, within=600)
            assert not [
                row
                for row in await scene.store.resources(stack_id)
                if row.status is Status.IN_PROGRESS
            ]
            await scene.update(stack_id, CHAIN)
            assert state(await scene.settle(stack_id)) == "UPDATE_COMPLETE"
            await nothing_lost(scene, stack_id)
            await scene.delete(stack_id)
            assert state(await scene.settle(stack_id)) == "DELETE_COMPLETE"
        assert not scene.world.things

    play(scenario)
