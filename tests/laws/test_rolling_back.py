"""A failed update that is rolled back has lost nothing, whatever it was to change and wherever
it failed or died on the way."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.strategies import POINTS, Graph, graphs

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.ports.store import StackQuery
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault

SEEDS = st.integers(0, 1_000_000)
FAULTS = st.builds(
    lambda operation, skip: (operation, skip),
    operation=st.sampled_from(["create", "update"]),
    skip=st.integers(0, 6),
)


def template(graph: Graph, *, nested: bool, failing: bool) -> str:
    """The graph's things, with a nested stack beside them; ``z`` comes after everything."""
    described: dict[str, Any] = yaml.safe_load(graph.template)
    resources = described["resources"]
    if nested:
        resources["kid"] = {"type": "kid.yaml"}
    if failing:
        resources["z"] = {"type": "Test::Thing", "depends_on": list(resources)}
    return yaml.safe_dump(described)


async def objects(scene: Scene) -> dict[str, str | None]:
    """Ids of all objects of all stacks by the places of their rows."""
    found: dict[str, str | None] = {}
    for each in await scene.store.stacks(StackQuery(project_id="project", show_nested=True)):
        rows = await scene.store.resources(each.id)
        assert all(row.current and row.status is Status.COMPLETE for row in rows)
        found |= {f"{each.parent_resource}.{row.name}": row.physical_id for row in rows}
    return found


def fields(scene: Scene) -> dict[str, dict[str, Any]]:
    scene.world._bury()
    keys = ("size", "colour", "uses", "fixed_uses")
    return {
        thing["id"]: {key: thing.get(key) for key in keys} for thing in scene.world.things.values()
    }


@examples
@given(
    first=graphs(),
    second=graphs(),
    inside=graphs(),
    inside_then=graphs(),
    nested=st.sampled_from([(True, True), (True, False), (False, True), (False, False)]),
    fault=FAULTS,
    dies=st.none() | st.tuples(POINTS, st.integers(1, 9)),
    seed=SEEDS,
)
def test_after_a_rollback_every_object_of_before_is_there_again(
    first: Graph,
    second: Graph,
    inside: Graph,
    inside_then: Graph,
    nested: tuple[bool, bool],
    fault: tuple[str, int],
    dies: tuple[Point, int] | None,
    seed: int,
) -> None:
    async def scenario(scene: Scene) -> None:
        before = template(first, nested=nested[0], failing=False)
        async with scene.worker():
            stack_id = await scene.create(
                before, files={"kid.yaml": inside.template}, disable_rollback=False
            )
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        had, were = await objects(scene), fields(scene)
        refusal = Refused("no room", status=400)
        scene.world.inject("create", Fault(refusal, named="-z-", count=9))
        operation, skip = fault
        scene.world.inject(operation, Fault(refusal, skip=skip))
        after = template(second, nested=nested[1], failing=True)
        await scene.update(stack_id, after, {"kid.yaml": inside_then.template})
        if dies is not None:
            async with scene.worker(KillAt(dies[0], nth=dies[1])):
                await scene.clock.sleep(100)
        async with scene.worker():
            stack = await scene.settle(stack_id)
            if stack.status is not Status.COMPLETE:
                # The roll-back itself was refused something; another one is not.
                await scene.update(stack_id, before, {"kid.yaml": inside.template})
                stack = await scene.settle(stack_id)
        assert stack.action in (Action.ROLLBACK, Action.UPDATE)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert await objects(scene) == had
        assert fields(scene) == were

    play(scenario, seed=seed)
