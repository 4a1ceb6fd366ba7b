"""What an object was made with goes once the object is gone, whatever dies in between."""

from __future__ import annotations

from contextlib import suppress

import pytest
from tests.scenarios.templates import things

from isotherm.core.errors import Busy, Gone, Lost, RemoteError
from isotherm.core.states import Status
from isotherm.engine.probe import Point
from isotherm.kit import Context, Outcome, Pending, Ready
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import THING, Fault, Thing, ThingProperties

Here = Context[ThingProperties]


class Boxed(Thing):
    """A thing in a box, which is a thing, too."""

    name = "Test::Boxed"

    async def create(self, ctx: Here) -> Outcome:
        if not ctx.stage:
            ctx.data["box"] = ""
            return Pending(0, stage="box")
        if not ctx.data["box"]:
            body = {"name": f"box-of-{ctx.physical_name}"}
            found = await ctx.api.list(THING, **body)
            box = found[0] if found else await ctx.api.create(THING, body)
            ctx.data["box"] = str(box["id"])
        return await super().create(ctx)

    async def clear_away(self, ctx: Here) -> Outcome:
        with suppress(Gone):
            if "box" in ctx.data:
                await ctx.api.delete(THING, str(ctx.data["box"]))
                return Pending(1.0)
        return Ready()


TEMPLATE = things(a={}).replace("Test::Thing", Boxed.name)
POINTS = [Point.AFTER_INTENT, Point.AFTER_CALL, Point.AFTER_END, Point.BEFORE_OUTCOME]


async def _made(scene: Scene) -> str:
    async with scene.worker():
        stack_id = await scene.create(TEMPLATE)
        await scene.settle(stack_id)
    assert len(scene.world.things) == 2
    return stack_id


async def _gone(scene: Scene, stack_id: str) -> None:
    async with scene.worker():
        stack = await scene.settle(stack_id)
    assert stack.status is Status.COMPLETE, stack.status_reason
    assert not scene.world.things


def _removed(scene: Scene) -> list[str]:
    """What was asked to go, each once, in order."""
    names = [name for operation, name in scene.world.calls if operation == "delete"]
    return list(dict.fromkeys("box" if each.startswith("box") else "thing" for each in names))


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("point", POINTS, ids=lambda p: p.value)
def test_it_goes_last_whoever_dies(point: Point, nth: int) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await _made(scene)
        await scene.delete(stack_id)
        async with scene.worker(KillAt(point, "a", nth=nth)):
            await scene.clock.sleep(120)
        await _gone(scene, stack_id)
        assert _removed(scene) == ["thing", "box"]

    play(scenario, types=[Boxed()])


def test_it_goes_though_the_object_is_gone_already() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await _made(scene)
        (row,) = await scene.store.resources(stack_id)
        del scene.world.things[row.physical_id or ""]
        await scene.delete(stack_id)
        await _gone(scene, stack_id)

    play(scenario, types=[Boxed()])


@pytest.mark.parametrize("kind", [Busy, Lost])
@pytest.mark.parametrize("applied", [False, True])
def test_it_goes_though_a_call_fails(kind: type[RemoteError], applied: bool) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await _made(scene)
        fault = Fault(error=kind("not now"), applied=applied, named="box-of", count=2)
        scene.world.inject("delete", fault)
        await scene.delete(stack_id)
        await _gone(scene, stack_id)

    play(scenario, types=[Boxed()])
