"""Whatever happens, a stack comes to an end, and its rows say what is there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.observing import (
    check_nothing_lost,
    check_recorded_is_observed,
    check_terminal,
    end_state,
)
from tests.laws.stage import Stage
from tests.laws.strategies import (
    POINTS,
    SECRETS,
    SEEDS,
    Graph,
    Happening,
    Update,
    environment,
    graphs,
    happenings,
    hooked,
)

from isotherm.core.states import Action, Status
from isotherm.testing.scene import KillAt, Scene, play


@examples
@given(
    first=st.builds(Update, graphs(), hooked()),
    story=happenings(),
    last=graphs(),
    rolls_back=st.booleans(),
    seed=SEEDS,
)
def test_every_story_comes_to_an_end_with_nothing_lost(
    first: Update, story: list[Happening], last: Graph, rolls_back: bool, seed: int
) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(
            first.graph.template,
            environment=environment(first.hooks),
            disable_rollback=not rolls_back,
            timeout_mins=5,
        )
        async with Stage(scene, stack_id) as stage:
            for happening in story:
                await stage.let(happening)
            await scene.clock.sleep(120)
            await stage.calm()
            stack = await scene.settle(stack_id)
            await check_terminal(scene, stack_id)
            await check_nothing_lost(scene, stack_id)
            if stack.status is Status.COMPLETE and stack.action is not Action.DELETE:
                await check_recorded_is_observed(scene, stack_id)
            if stack.action is not Action.DELETE:
                await scene.update(stack_id, last.template)
                stack = await scene.settle(stack_id)
                assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), (
                    stack.status_reason
                )
                assert set(await scene.rows(stack_id)) == set(last.specs)
                await check_recorded_is_observed(scene, stack_id)
            if (stack.action, stack.status) != (Action.DELETE, Status.COMPLETE):
                await scene.delete(stack_id)
                stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
            assert not scene.world.things
            assert not await scene.store.resources(stack_id)
            assert not scene.world.trusts

    play(scenario, seed=seed)


@examples
@given(
    first=graphs(secrets=SECRETS),
    second=graphs(secrets=SECRETS),
    point=POINTS,
    nth=st.integers(1, 8),
    when=st.sampled_from(["create", "update", "delete"]),
    seed=SEEDS,
)
def test_a_crash_anywhere_and_a_resume_end_where_no_crash_ends(
    first: Graph, second: Graph, point: object, nth: int, when: str, seed: int
) -> None:
    ends = []

    def scenario_with(killed: KillAt | None):  # type: ignore[no-untyped-def]
        async def scenario(scene: Scene) -> None:
            stack_id = ""
            for operation in ("create", "update", "delete"):
                if operation == "create":
                    stack_id = await scene.create(first.template)
                elif operation == "update":
                    await scene.update(stack_id, second.template)
                else:
                    await scene.delete(stack_id)
                if operation == when and killed is not None:
                    async with scene.worker(killed):
                        await scene.clock.sleep(100)
                async with scene.worker():
                    await scene.settle(stack_id)
                ends.append(await end_state(scene, stack_id))
                if operation != "delete":
                    await check_recorded_is_observed(scene, stack_id)
            ends.append({"made": scene.world.made, "left": len(scene.world.things)})

        return scenario

    play(scenario_with(None), seed=seed)
    undisturbed = list(ends)
    ends.clear()
    play(scenario_with(KillAt(point, nth=nth)), seed=seed)  # type: ignore[arg-type]
    assert ends == undisturbed
