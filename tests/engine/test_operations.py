"""The table of operations: how each differs from the others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from isotherm.core.states import Action, Status
from isotherm.engine.operations import ADJUST, OPERATIONS, VISITS
from isotherm.kit.outcomes import Ready
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Kind
from isotherm.ports.records import Operation, Remedy, Resource, Stack
from isotherm.template import EMPTY_ENVIRONMENT, PseudoParameters, bind, load_template
from isotherm.testing.resource_run import ResourceRun
from isotherm.testing.world import Thing, world_types

CONVERGED = {"a": Kind.UPDATE, "b": Kind.CREATE}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEMPLATE = {
    "heat_template_version": "2021-04-16",
    "resources": {"a": {"type": "Test::Thing"}, "b": {"type": "Test::Thing"}},
}


def row(name: str, **fields: Any) -> Resource:
    return Resource(
        id=f"row-{name}",
        stack_id="s",
        name=name,
        type="Test::Thing",
        traversal=1,
        action=Action.CREATE,
        status=Status.COMPLETE,
        created_at=NOW,
        updated_at=NOW,
        **fields,
    )


def stack(previous: str | None) -> Stack:
    return Stack(
        id="s",
        name="s",
        project_id="p",
        user_id="u",
        username="u",
        action=Action.CREATE,
        status=Status.COMPLETE,
        status_reason="",
        created_at=NOW,
        source_id="now",
        previous_source_id=previous,
        traversal=1,
        credentials=None,
    )


@pytest.mark.parametrize(
    ("operation", "kinds"),
    [
        (Operation.CREATE, CONVERGED),
        (Operation.UPDATE, CONVERGED),
        (Operation.ROLLBACK, CONVERGED),
        (Operation.DELETE, {"remove row-a": Kind.DELETE}),
        (Operation.CHECK, {"a": Kind.CHECK, "b": Kind.CHECK}),
        (Operation.SNAPSHOT, {"a": Kind.SNAPSHOT}),
        (Operation.RESTORE, CONVERGED),
        (Operation.ADOPT, CONVERGED),
        (Operation.DISCARD, {}),
        (Operation.TIDY, {}),
        (Operation.STOP, {}),
    ],
)
def test_each_operation_plans_its_own_way(operation: Operation, kinds: dict[str, Kind]) -> None:
    rule, template = OPERATIONS[operation], load_template(TEMPLATE)
    around = PseudoParameters(stack_id="s", stack_name="s", region="r", project_id="p")
    desired = None
    if rule.desires(stack("before")):
        definition = bind(template, EMPTY_ENVIRONMENT, pseudo=around, files={})
        desired = Desired.of(definition, world_types())
    plan = rule.plan(desired, [row("a", properties={"size": 7})])
    assert {step.key: step.kind for step in plan} == kinds


def test_a_first_create_is_rolled_back_to_nothing_and_a_delete_wants_nothing() -> None:
    wanting = {
        operation: (rule.desires(stack(None)), rule.desires(stack("before")))
        for operation, rule in OPERATIONS.items()
    }
    assert wanting[Operation.ROLLBACK] == (False, True)
    assert wanting[Operation.DELETE] == (False, False)
    assert wanting[Operation.UPDATE] == wanting[Operation.CHECK] == (True, True)


async def test_a_check_calls_the_types_own_verb() -> None:
    class Sound(Thing):
        async def check(self, ctx: Any) -> Ready:
            return Ready({"sound": ctx.resource})

    run = ResourceRun.begin(Sound(), {})
    assert await VISITS[Kind.CHECK].verb(run.type, run.ctx) == Ready({"sound": "it"})


async def test_a_snapshot_calls_the_types_own_verb() -> None:
    run = ResourceRun.begin(Thing(), {})
    assert await VISITS[Kind.SNAPSHOT].verb(run.type, run.ctx) == Ready({})


def test_an_adjustment_is_for_what_a_signal_has_given_another_size() -> None:
    rows = [row("a", stage=ADJUST), row("b")]
    plan = OPERATIONS[Operation.ADJUST].plan(None, rows)
    assert {step.key: step.kind for step in plan} == {"a": Kind.ADJUST}


def test_what_is_ordered_for_rows_is_done_to_leftovers_too() -> None:
    remedy = Remedy(verb="forget", by="demo")
    rows = [row("a", remedy=remedy, current=False), row("a2", remedy=remedy), row("b")]
    plan = OPERATIONS[Operation.REMEDY].plan(None, rows)
    assert {step.row: step.kind for step in plan} == {
        "row-a": Kind.REMEDY,
        "row-a2": Kind.REMEDY,
    }


def test_the_end_of_most_operations_shows_in_the_stack() -> None:
    assert [operation for operation, rule in OPERATIONS.items() if rule.unseen] == [
        Operation.DISCARD,
        Operation.ADJUST,
        Operation.REMEDY,
    ]
