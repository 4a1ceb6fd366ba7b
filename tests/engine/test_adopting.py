"""Objects are found again by their intent, each by the one row that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from tests.scenarios.templates import things

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.kit import Changes, Context, Outcome, ReplaceInstead
from isotherm.kit.registry import Registry
from isotherm.testing.lives import Killed
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault, Thing, ThingProperties


class NoCallReturns:
    """Every step dies when its call has returned, before anything of it is recorded."""

    def reached(self, point: Point, resource: str) -> None:
        if point is Point.AFTER_CALL:
            raise Killed


def _slow_down(scene: Scene) -> None:
    """Reading takes time, as it does from a database, so that others get a turn."""
    owners = scene.store.owners

    async def owners_later(physical_ids: Sequence[str]) -> set[str]:
        found = await owners(physical_ids)
        await scene.clock.sleep(0.01)
        return found

    scene.store.owners = owners_later  # type: ignore[method-assign]


@pytest.mark.parametrize("seed", range(10))
def test_of_two_objects_of_one_name_each_row_adopts_its_own(seed: int) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(things(a={"name": "same"}, b={"name": "same"}))
        async with scene.worker(NoCallReturns()):
            await scene.clock.sleep(100)
        assert len(scene.world.things) == 2
        _slow_down(scene)
        async with scene.worker():
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        rows = await scene.rows(stack_id)
        assert {row.physical_id for row in rows.values()} == scene.world.things.keys()
        assert scene.world.made == 2

    play(scenario, seed=seed)


class Stubborn(Thing):
    """A thing that frees its place for a successor, and finds out late what it cannot change."""

    name = "Test::Stubborn"
    made_way: list[str]

    async def update(self, ctx: Context[ThingProperties], changes: Changes) -> Outcome:
        raise ReplaceInstead

    async def make_way(self, ctx: Context[ThingProperties]) -> None:
        self.made_way.append(ctx.physical_id)


def _stubborn(scene: Scene) -> Stubborn:
    found = Stubborn()
    found.made_way = []
    scene.types = Registry({**dict(scene.types), found.name: found})
    return found


def _template(**more: Mapping[str, Any]) -> str:
    return things(**{name: dict(each) for name, each in more.items()})


def test_a_roll_back_returns_to_what_could_not_be_changed_in_place() -> None:
    async def scenario(scene: Scene) -> None:
        _stubborn(scene)
        async with scene.worker():
            first = _template(a={"type": "Test::Stubborn", "size": 1})
            stack_id = await scene.create(first, disable_rollback=False)
            await scene.settle(stack_id)
            old = (await scene.rows(stack_id))["a"]
            scene.world.inject("create", Fault(error=Refused("no", status=403), count=1))
            await scene.update(stack_id, _template(a={"type": "Test::Stubborn", "size": 2}))
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.ROLLBACK, Status.COMPLETE)
        assert (await scene.rows(stack_id))["a"].physical_id == old.physical_id
        assert len(scene.world.things) == 1
        assert scene.world.made == 1

    play(scenario)


def test_the_old_side_makes_way_also_when_the_worker_died_before_it_did() -> None:
    async def scenario(scene: Scene) -> None:
        stubborn = _stubborn(scene)
        async with scene.worker():
            stack_id = await scene.create(_template(a={"type": "Test::Stubborn", "colour": "red"}))
            await scene.settle(stack_id)
            old = (await scene.rows(stack_id))["a"].physical_id
        await scene.update(stack_id, _template(a={"type": "Test::Stubborn", "colour": "blue"}))
        async with scene.worker(KillAt(Point.AFTER_INTENT, "a")):
            await scene.clock.sleep(100)
        assert not stubborn.made_way
        async with scene.worker():
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        assert stubborn.made_way == [old]

    play(scenario)
