"""Whatever people order for what hangs, a stack comes to an end; only what they gave up is left."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.observing import check_terminal
from tests.laws.stage import Stage
from tests.laws.strategies import SEEDS, Graph, Happening, Order, graphs, happenings

from isotherm.core.states import Action, Status
from isotherm.engine.recording.remedies import RemedyVerb
from isotherm.testing.scene import Scene, play


async def check_only_given_up_is_lost(scene: Scene, stack_id: str, orders: Iterable[Order]) -> None:
    """What no row names was made for a resource that was to be forgotten, or by hand for nobody."""
    scene.world._bury()
    rows = await scene.store.resources(stack_id)
    named = {row.physical_id for row in rows}
    named |= {row.physical_name for row in rows if row.physical_id is None}
    given_up = {order.name for order in orders if order.verb == RemedyVerb.FORGET}
    by_hand = {order.name for order in orders if order.verb == RemedyVerb.ADOPT}
    for thing in scene.world.things.values():
        if thing["id"] in named or thing["name"] in named:
            continue
        resource, last = thing["name"].split("-")[-2:]
        mine = last == "hand" and resource in by_hand
        assert resource in given_up or mine, f"{thing} is lost"


@examples
@given(
    first=graphs(),
    story=happenings(orders=list(RemedyVerb)),
    last=graphs(),
    rolls_back=st.booleans(),
    seed=SEEDS,
)
def test_every_stack_that_people_free_comes_to_an_end(
    first: Graph, story: list[Happening], last: Graph, rolls_back: bool, seed: int
) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(
            first.template, disable_rollback=not rolls_back, timeout_mins=5
        )
        async with Stage(scene, stack_id) as stage:
            for happening in story:
                await stage.let(happening)
            await scene.clock.sleep(120)
            await stage.calm()
            stack = await scene.settle(stack_id)
            await check_terminal(scene, stack_id)
            await check_only_given_up_is_lost(scene, stack_id, stage.orders)
            if stack.action is not Action.DELETE:
                await scene.update(stack_id, last.template)
                stack = await scene.settle(stack_id)
                assert stack.status is Status.COMPLETE, stack.status_reason
                rows = await scene.rows(stack_id)
                assert set(rows) == set(last.specs)
                assert {row.status for row in rows.values()} <= {Status.COMPLETE}
            if (stack.action, stack.status) != (Action.DELETE, Status.COMPLETE):
                await scene.delete(stack_id)
                stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
            assert not await scene.store.resources(stack_id)
            await check_only_given_up_is_lost(scene, stack_id, stage.orders)
            assert not scene.world.trusts

    play(scenario, seed=seed)
