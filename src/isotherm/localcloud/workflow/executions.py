"""Executions of workflows, and their tasks."""

import json
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import ABSENT, Kind, Listing, Wish, said, said_only
from isotherm.localcloud.kinds.checks import one_of, or_none, text
from isotherm.localcloud.workflow import definitions
from isotherm.localcloud.workflow.checks import json_object
from isotherm.localcloud.workflow.dialect import DIALECT
from isotherm.localcloud.workflow.entities import Execution, Task, Workflow
from isotherm.localcloud.workflow.running import ENDED, RUNNING, end, follow
from isotherm.localcloud.workflow.state import Workflows

_STATES = ("RUNNING", "PAUSED", "ERROR", "SUCCESS", "CANCELLED")


def checked_input(
    workflows: Workflows, workflow: Workflow, given: dict[str, Any]
) -> dict[str, Any]:
    """With defaults. Raises Fault 400."""
    known = definitions.inputs_of(workflows.spec(workflow))
    missing = sorted(name for name, each in known.items() if each is ... and name not in given)
    unknown = sorted(set(given) - set(known))
    if missing or unknown:
        parts = [f"missing={missing}"] * bool(missing) + [f"unexpected={unknown}"] * bool(unknown)
        raise Fault(400, f"Invalid input [workflow={workflow.name}, {', '.join(parts)}]")
    return {**{name: each for name, each in known.items() if each is not ...}, **given}


def execute(
    workflows: Workflows, owner: tuple[str, str], workflow: Workflow, wish: Wish
) -> Execution:
    """`owner`: project and user. Raises Fault 400."""
    params = wish.get("params") or {}
    definitions.starts(workflows.spec(workflow), params)
    return workflows.executions.add(
        Execution(
            **({"id": wish["id"]} if wish.get("id") else {}),
            project_id=owner[0],
            user_id=owner[1],
            workflow_id=workflow.id,
            workflow_name=workflow.name,
            description=wish.get("description") or "",
            input=checked_input(workflows, workflow, wish.get("input") or {}),
            params=params,
            created_at=workflows.now(),
        )
    )


def create(workflows: Workflows, call: Call, wish: Wish) -> Execution:
    if (known := workflows.executions.get(wish.get("id") or "")) is not None:
        return known
    identifier = wish.get("workflow_id") or wish.get("workflow_name")
    if not identifier:
        raise Fault(400, "Workflow ID or workflow name must be provided.")
    workflow = workflows.named(call.project_id, identifier)
    if workflow is None:
        raise DIALECT.missing("Workflow", identifier)
    execution = execute(workflows, (call.project_id, call.caller.user_id), workflow, wish)
    workflows.advance(call, "execution.start", execution)
    return execution


def change(workflows: Workflows, call: Call, execution: Execution, wish: Wish) -> None:
    if "description" in wish:
        execution.description = wish["description"]
    state = wish.get("state")
    if state and state != execution.state:
        if execution.state in ENDED:
            raise Fault(
                400, f"Can't change workflow execution state from {execution.state} to {state}."
            )
        if state in ENDED:
            end(workflows, execution, state, wish.get("state_info"))
        else:
            execution.state = state
    EXECUTIONS.touch(workflows, execution)
    if state == RUNNING:
        for task in workflows.tasks.find(execution_id=execution.id):
            if task.state in ENDED:
                follow(workflows, task, {})


def forget(workflows: Workflows, call: Call, execution: Execution) -> None:
    if execution.state not in ENDED and call.argument("force") != "true":
        raise Fault(403, "Only completed executions can be deleted. Use --force to override this.")
    for task in workflows.tasks.find(execution_id=execution.id):
        workflows.cancel(task)
        workflows.tasks.remove(task.id)
        for below in workflows.executions.find(task_execution_id=task.id):
            forget(workflows, call, below)
            workflows.executions.remove(below.id)


EXECUTIONS = Kind[Workflows, Execution](
    dialect=DIALECT,
    name="execution",
    entity=Execution,
    noun="Workflow execution",
    also={
        "id": said(or_none(text()), update=False, default=ABSENT),
        "workflow_id": said(text(), update=False, default=""),
        "workflow_name": said(text(), update=False, default=""),
        "workflow_namespace": said(text(), update=False),
        "input": said(json_object, update=False, render=json.dumps),
        "params": said(json_object, render=json.dumps),
        "description": said(text(0, 65535)),
        "state": said(one_of(*_STATES), create=False),
        "state_info": said(or_none(text(0, 65535)), create=False),
        "source_execution_id": said_only(or_none(text()), update=False),
    },
    listing=Listing(
        filters=("state", "workflow_id", "workflow_name", "description", "task_execution_id")
    ),
    create=create,
    change=change,
    delete=forget,
)

TASKS = Kind[Workflows, Task](
    dialect=DIALECT,
    name="task",
    entity=Task,
    verbs=("list", "show"),
    listing=Listing(filters=("state", "name", "workflow_name", "workflow_execution_id")),
)


@TASKS.routes.get("/executions/{id}/tasks", "task.list")
def list_tasks(workflows: Workflows, call: Call) -> object:
    execution = EXECUTIONS.of(workflows, call)
    return TASKS.list_these(workflows, call, workflows.tasks.find(execution_id=execution.id))
