"""Snapshots in the midst of everything: no copy without an owner, and nothing left in the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.observing import check_terminal
from tests.laws.stage import Stage
from tests.laws.strategies import SEEDS, Graph, Happening, graphs, happenings
from tests.scenarios.copying import Copied
from tests.scenarios.test_snapshots import is_copy

from isotherm.core.states import Action, Status
from isotherm.testing.scene import Scene, play


@dataclass(frozen=True)
class Copy:
    """A snapshot is asked for."""


@dataclass(frozen=True)
class PutBack:
    """One of the snapshots is restored."""

    which: int


@dataclass(frozen=True)
class Discard:
    which: int


@dataclass(frozen=True)
class Look:
    """An update that looks at everything first."""

    graph: Graph


@dataclass(frozen=True)
class Meddle:
    """Somebody changes a thing by hand."""

    which: int


More = Copy | PutBack | Discard | Look | Meddle
ANY = st.integers(0, 3)


def stories() -> st.SearchStrategy[list[Happening | More]]:
    more: st.SearchStrategy[More] = st.one_of(
        st.just(Copy()),
        st.builds(PutBack, ANY),
        st.builds(Discard, ANY),
        st.builds(Look, graphs()),
        st.builds(Meddle, ANY),
    )
    parts = st.lists(more, max_size=4)
    mixed = st.tuples(happenings(), parts)
    return mixed.flatmap(lambda both: st.permutations([*both[0], *both[1]]).map(list))


def with_copies(graph: Graph) -> Graph:
    """Every other thing is one of which copies are kept."""
    kinds = ("Test::Copied", "Test::Thing")
    specs = {
        name: {**spec, "type": kinds[index % 2]}
        for index, (name, spec) in enumerate(sorted(graph.specs.items()))
    }
    return Graph({name: specs[name] for name in graph.specs})


class CopyingStage(Stage):
    async def do(self, happening: Any) -> None:
        scene, stack_id = self._scene, self._stack_id
        if isinstance(happening, Meddle):
            things = [each for each in scene.world.things.values() if not is_copy(each)]
            if things:
                things[happening.which % len(things)]["size"] = 99
            return
        if await self._is_gone():
            return
        snapshots = await scene.store.snapshots(stack_id)
        whole = [each for each in snapshots if each.status is Status.COMPLETE]
        match happening:
            case Copy() if (await scene.stack(stack_id)).status is not Status.IN_PROGRESS:
                await scene.snapshot(stack_id)
            case PutBack(which) if whole:
                await scene.restore(stack_id, whole[which % len(whole)].id)
            case Discard(which) if snapshots:
                await scene.discard(snapshots[which % len(snapshots)].id)
            case Look(graph):
                await scene.update(stack_id, with_copies(graph).template, observes=True)


async def check_every_copy_has_an_owner(scene: Scene, stack_id: str) -> None:
    kept = {each.id[:13] for each in await scene.store.snapshots(stack_id)}
    for thing in scene.world.things.values():
        if is_copy(thing):
            assert thing["name"][-13:] in kept, f"{thing} is nobody's copy"


async def check_objects(scene: Scene, stack_id: str) -> None:
    """For a stack that is complete: row for row the thing that it says."""
    scene.world._bury()
    rows = await scene.store.resources(stack_id)
    there = {key for key, each in scene.world.things.items() if not is_copy(each)}
    assert {row.physical_id for row in rows} == there
    assert all(row.current and row.status is Status.COMPLETE for row in rows)


@examples
@given(first=graphs(), story=stories(), last=graphs(), rolls_back=st.booleans(), seed=SEEDS)
def test_every_story_with_snapshots_ends_with_nothing_lost_and_nothing_left(
    first: Graph, story: list[Any], last: Graph, rolls_back: bool, seed: int
) -> None:
    async def scenario(scene: Scene) -> None:
        template = with_copies(first).template
        stack_id = await scene.create(template, disable_rollback=not rolls_back)
        async with CopyingStage(scene, stack_id) as stage:
            for happening in story:
                if isinstance(happening, More):
                    await stage.do(happening)
                elif isinstance(getattr(happening, "graph", None), Graph):
                    await stage.let(replace(happening, graph=with_copies(happening.graph)))
                else:
                    await stage.let(happening)
            await scene.clock.sleep(120)
            await stage.calm()
            stack = await scene.settle(stack_id)
            await check_terminal(scene, stack_id)
            await check_every_copy_has_an_owner(scene, stack_id)
            if stack.action is not Action.DELETE:
                await scene.update(stack_id, with_copies(last).template, observes=True)
                stack = await scene.settle(stack_id)
                assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), (
                    stack.status_reason
                )
                await check_objects(scene, stack_id)
            if (stack.action, stack.status) != (Action.DELETE, Status.COMPLETE):
                await scene.delete(stack_id)
                stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
            assert not scene.world.things
            assert not await scene.store.snapshots(stack_id)
            assert not scene.world.trusts

    play(scenario, seed=seed, types=[Copied()])
