"""Updates that look first: what somebody else has done to the objects is found and repaired."""

from __future__ import annotations

import pytest
from tests.scenarios.copying import Copied, copied
from tests.scenarios.templates import attribute, nested, ref, stack, thing, things

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.ports.records import Stack
from isotherm.testing.scene import KillAt, Scene, play

TWO = things(a={"size": 1}, b={"uses": attribute("a", "serial")})
FILES = {"inner.yaml": nested({"deep": thing(size=1)})}


async def made(scene: Scene, template: str = TWO) -> str:
    stack_id = await scene.create(template, files=FILES)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


async def looked_at(scene: Scene, stack_id: str, template: str = TWO) -> Stack:
    await scene.update(stack_id, template, FILES, observes=True)
    return await scene.settle(stack_id)


def test_what_is_as_it_should_be_is_not_touched() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            assert (await looked_at(scene, stack_id)).status is Status.COMPLETE
        assert (scene.world.count("update"), scene.world.made) == (0, 2)

    play(scenario)


def test_what_somebody_has_changed_is_changed_back() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            (thing_a,) = scene.world.named("a")
            thing_a["size"] = 9
            await scene.update(stack_id, TWO)
            await scene.settle(stack_id)
            assert thing_a["size"] == 9, "an update that does not look does not see"
            assert (await looked_at(scene, stack_id)).status is Status.COMPLETE
            assert thing_a["size"] == 1
            assert scene.world.made == 2
            row = (await scene.rows(stack_id))["a"]
            assert (row.action, row.properties["size"]) == (Action.UPDATE, 1)

    play(scenario)


@pytest.mark.parametrize("how", ["gone", "broken"])
def test_what_is_gone_or_broken_is_made_anew_and_so_is_what_reads_it(how: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            (old,) = scene.world.named("a")
            if how == "gone":
                del scene.world.things[old["id"]]
            else:
                old["_status"] = "ERROR"
            assert (await looked_at(scene, stack_id)).status is Status.COMPLETE
            (new,), (reader,) = scene.world.named("a"), scene.world.named("b")
            assert new["id"] != old["id"]
            assert reader["uses"] == new["serial"]

    play(scenario)


def test_a_change_of_the_template_is_made_on_what_is_there() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            (thing_a,) = scene.world.named("a")
            thing_a["size"] = 9
            changed = things(a={"size": 3}, b={"uses": attribute("a", "serial")})
            assert (await looked_at(scene, stack_id, changed)).status is Status.COMPLETE
            assert thing_a["size"] == 3

    play(scenario)


def test_stacks_inside_are_looked_at_too() -> None:
    template = nested({"n": stack("inner.yaml"), "t": thing()})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template)
            (deep,) = scene.world.named("deep")
            deep["size"] = 9
            assert (await looked_at(scene, stack_id, template)).status is Status.COMPLETE
            assert deep["size"] == 1

    play(scenario)


def test_what_was_put_back_from_a_copy_stays() -> None:
    template = nested({"a": copied(size=1), "b": thing(uses=ref("a"))})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template)
            snapshot = await scene.snapshot(stack_id)
            await scene.settle(stack_id)
            await scene.restore(stack_id, snapshot)
            await scene.settle(stack_id)
            before = scene.world.count("update")
            assert (await looked_at(scene, stack_id, template)).status is Status.COMPLETE
            assert scene.world.count("update") == before

    play(scenario, types=[Copied()])


REPAIRING = [each for each in Point if each is not Point.AFTER_END]
"""Nothing is removed by a repair."""


@pytest.mark.parametrize("point", REPAIRING, ids=lambda p: p.value)
def test_a_repair_outlives_its_worker(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
        (thing_a,) = scene.world.named("a")
        thing_a["size"] = 9
        await scene.update(stack_id, TWO, observes=True)
        killed = KillAt(point, "a")
        async with scene.worker(killed):
            await scene.clock.sleep(120)
        async with scene.worker():
            ended = await scene.settle(stack_id)
        assert killed.struck
        assert ended.status is Status.COMPLETE, ended.status_reason
        assert (thing_a["size"], scene.world.made) == (1, 2)

    play(scenario)
