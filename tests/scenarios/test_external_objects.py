"""Objects that somebody else has made and keeps: a stack refers to them and no more."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scenarios.templates import nested, ref, thing

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.ports.records import Stack
from isotherm.testing.scene import KillAt, Scene, play


def external(physical_id: str, **properties: Any) -> dict[str, Any]:
    return {"type": "Test::Thing", "external_id": physical_id, "properties": properties}


def theirs(scene: Scene, name: str = "theirs") -> str:
    return str(scene.world.make({"name": name, "size": 7}, "")["id"])


async def made(scene: Scene, **resources: Any) -> str:
    stack_id = await scene.create(nested(resources))
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


async def updated(scene: Scene, stack_id: str, **resources: Any) -> Stack:
    await scene.update(stack_id, nested(resources))
    return await scene.settle(stack_id)


def test_it_is_looked_at_referred_to_and_left_when_the_stack_goes() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            given = theirs(scene)
            stack_id = await made(scene, a=external(given), b=thing(uses=ref("a")))
            row = (await scene.rows(stack_id))["a"]
            assert (row.action, row.status) == (Action.CHECK, Status.COMPLETE)
            assert scene.world.named("b")[0]["uses"] == row.physical_id == given
            told = [each for each in await scene.history(stack_id) if each.startswith("a ")]
            assert told[:2] == ["a ADOPT_IN_PROGRESS", "a ADOPT_COMPLETE"]
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert list(scene.world.things) == [given]
        assert scene.world.count("update") == 0

    play(scenario)


def test_properties_of_it_mean_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            given = theirs(scene)
            stack_id = await made(scene, a=external(given))
            ended = await updated(scene, stack_id, a=external(given, size=1, colour="red"))
            assert ended.status is Status.COMPLETE
        assert scene.world.things[given]["size"] == 7

    play(scenario)


FIXED = "NotSupported: resources.a: Update to property external_id of a (Test::Thing) is not"


@pytest.mark.parametrize("change", ["added", "changed", "dropped", "named"])
def test_whose_object_it_is_never_changes(change: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            first, second = theirs(scene), theirs(scene)
            own = change in ("added", "named")
            stack_id = await made(scene, a=thing() if own else external(first))
            row = (await scene.rows(stack_id))["a"]
            history = await scene.history(stack_id)
            new = {
                "added": external(first),
                "changed": external(second),
                "dropped": thing(),
                "named": external(row.physical_id or ""),
            }[change]
            refused = await updated(scene, stack_id, a=new, b=thing())
            assert (refused.action, refused.status) == (Action.UPDATE, Status.FAILED)
            assert refused.status_reason.startswith(f"Resource UPDATE failed: {FIXED} supported")
            assert (await scene.rows(stack_id))["a"] == row
            later = await scene.history(stack_id)
            assert not [each for each in later[len(history) :] if each.startswith("a ")]
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert set(scene.world.things) == {first, second}

    play(scenario)


def test_an_object_that_is_not_there_fails_its_resource() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(nested({"a": external("nowhere")}))
            failed = await scene.settle(stack_id)
            assert failed.status is Status.FAILED
            assert "there is no object nowhere" in failed.status_reason
            mended = await updated(scene, stack_id, a=external(theirs(scene)))
            assert mended.status is Status.COMPLETE, mended.status_reason

    play(scenario)


@pytest.mark.parametrize("point", [each for each in Point if "outcome" in each.value])
def test_a_worker_that_dies_leaves_it_to_the_next(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        given = theirs(scene)
        stack_id = await scene.create(nested({"a": external(given), "b": thing(uses=ref("a"))}))
        killed = KillAt(point, "a")
        async with scene.worker(killed):
            await scene.clock.sleep(60)
        async with scene.worker():
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert killed.struck
        assert scene.world.made == 2

    play(scenario)
