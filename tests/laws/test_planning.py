"""Plans: acyclic, repeatable, ordered by dependencies, and what the preview says happens."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.strategies import Graph, graphs

from isotherm.core.states import Status
from isotherm.planning.dependencies import dependencies
from isotherm.planning.desired import Desired
from isotherm.planning.plan import REMOVALS, Kind, Plan
from isotherm.planning.planner import make_plan
from isotherm.planning.removal import make_removal_plan
from isotherm.ports.records import Resource
from isotherm.template import (
    PseudoParameters,
    StackDefinition,
    bind,
    load_environment,
    load_template,
)
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import world_types

SEEDS = st.integers(0, 1_000_000)


def definition_of(graph: Graph) -> StackDefinition:
    pseudo = PseudoParameters(stack_id="id", stack_name="stack", region="", project_id="project")
    return bind(load_template(graph.template), load_environment({}), pseudo=pseudo, files={})


@examples
@given(before=graphs(), after=graphs(), seed=SEEDS)
def test_an_update_does_what_its_preview_says(before: Graph, after: Graph, seed: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(before.template)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            rows = await scene.store.resources(stack_id)
            desired = Desired.of(definition_of(after), scene.types)
            plan = make_plan(desired, rows)
            check_order(plan)
            assert plan == make_plan(desired, rows)
            old = {row.name: row for row in rows}
            await scene.update(stack_id, after.template)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            check_came_true(plan, old, await scene.rows(stack_id))

    play(scenario, seed=seed)


def check_order(plan: Plan) -> None:
    """Every step comes after all it waits for, so there is no circle."""
    done: set[str] = set()
    for step in plan:
        assert step.after <= done
        done.add(step.key)


def check_came_true(plan: Plan, old: dict[str, Resource], new: dict[str, Resource]) -> None:
    removed = {step.name for step in plan if step.kind is Kind.DELETE}
    for name in old.keys() - new.keys():
        assert name in removed
    for name, row in new.items():
        step = plan.steps.get(name)
        kind = step.kind if step is not None else None
        if kind is None:
            assert row == old[name], "what the plan does not name is not touched"
        elif kind in (Kind.KEEP, Kind.UPDATE):
            assert row.physical_id == old[name].physical_id
            if kind is Kind.KEEP:
                assert row.properties == old[name].properties
        elif kind is Kind.REPLACE:
            assert row.physical_id != old[name].physical_id
        elif kind is Kind.CREATE:
            assert name not in old
        else:
            assert kind is Kind.UNDECIDED
            assert step is not None
            assert step.unknown


@examples
@given(graph=graphs(least=2), seed=SEEDS)
def test_deletion_goes_against_the_order_of_creation(graph: Graph, seed: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(graph.template)
            await scene.settle(stack_id)
            plan = make_removal_plan(await scene.store.resources(stack_id))
            check_order(plan)
            assert {step.kind for step in plan} <= REMOVALS
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        history = await scene.history(stack_id)
        for user, used_ones in dependencies(definition_of(graph), world_types()).items():
            for used in used_ones:
                assert _at(history, used, "CREATE_COMPLETE") < _at(
                    history, user, "CREATE_IN_PROGRESS"
                )
                assert _at(history, user, "DELETE_COMPLETE") < _at(
                    history, used, "DELETE_IN_PROGRESS"
                )

    play(scenario, seed=seed)


def _at(history: list[str], name: str, state: str) -> Any:
    return history.index(f"{name} {state}")
