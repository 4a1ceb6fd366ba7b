"""Executions of workflows, and their tasks."""

import json
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import ABSENT, FULL, Kind, Listing, Wish, said, said_only
from isotherm.localcloud.kinds.checks import or_none, text
from isotherm.localcloud.workflow import definitions
from isotherm.localcloud.workflow.checks import json_object
from isotherm.localcloud.workflow.dialect import DIALECT
from isotherm.localcloud.workflow.entities import Execution, Task, Workflow
from isotherm.localcloud.workflow.running import ENDED, RUNNING, end, follow
from isotherm.localcloud.workflow.state import Workflows

_STATES = ("RUNNING", "PAUSED", "SUCCESS", "ERROR", "CANCELLED")
_USUAL: dict[str, Any] = {"namespace": "", "env": {}}


def checked_input(
    workflows: Workflows, workflow: Workflow, given: dict[str, Any]
) -> dict[str, Any]:
    """With defaults. Raises Fault 400."""
    known = definitions.inputs_of(workflows.spec(workflow))
    missing = sorted(name for name, each in known.items() if each is ... and name not in given)
    unknown = sorted(set(given) - set(known))
    if missing or unknown:
        parts = [f"missing={missing}"] * bool(missing) + [f"unexpected={unknown}"] * bool(unknown)
        kind = str(workflows.spec(workflow).get("type", "direct")).capitalize()
        what = f"name={workflow.name}, class={kind}WorkflowSpec"
        raise Fault(400, f"Invalid input [{what}, {', '.join(parts)}]")
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
            params={**params, **{n: v for n, v in _USUAL.items() if n not in params}},
            created_at=workflows.now(),
            updated_at=workflows.now(),
        )
    )


def create(workflows: Workflows, call: Call, wish: Wish) -> Execution:
    if (known := workflows.executions.get(wish.get("id") or "")) is not None:
        return known
    identifier = wish.get("workflow_id") or wish.get("workflow_name")
    if not identifier:
        raise Fault(
            400, "Workflow ID or workflow name must be provided. Workflow ID is recommended."
        )
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
                400,
                f"Can't change workflow execution state from {execution.state} to {state}. "
                f"[workflow={execution.workflow_name}, execution_id={execution.id}]",
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
        raise Fault(
            403,
            "Only completed executions can be deleted. Use --force to override this. "
            f"Execution {execution.id} is in {execution.state} state",
        )
    for task in workflows.tasks.find(execution_id=execution.id):
        workflows.cancel(task)
        workflows.tasks.remove(task.id)
        for below in workflows.executions.find(task_execution_id=task.id):
            forget(workflows, call, below)
            workflows.executions.remove(below.id)


def _state(value: Any) -> str:
    if value not in _STATES:
        known = f"Allowed states are: '{', '.join(_STATES)}"
        raise ValueError(f"Cannot change state to {value}. {known}")
    return str(value)


def _more(workflows: Workflows, call: Call, execution: Execution, view: str) -> dict[str, Any]:
    """Lists tell what came out only where it is asked for."""
    output = {"output": json.dumps(execution.output)}
    if view == "listed":
        return output if call.argument("include_output") == "true" else {}
    return {**output, "published_global": "{}"} if view == FULL else output


def _more_of_task(workflows: Workflows, call: Call, task: Task, view: str) -> dict[str, Any]:
    return {"result": json.dumps(task.result)} if view == FULL else {}


EXECUTIONS = Kind[Workflows, Execution](
    dialect=DIALECT,
    name="execution",
    entity=Execution,
    noun="WorkflowExecution",
    also={
        "id": said(or_none(text()), update=False, default=ABSENT),
        "workflow_id": said(text(), update=False, default=""),
        "workflow_name": said(text(), update=False, default=""),
        "workflow_namespace": said(text(), update=False),
        "input": said(json_object, update=False, render=json.dumps),
        "params": said(json_object, render=json.dumps),
        "description": said(text(0, 65535)),
        "state": said(_state, create=False),
        "state_info": said(or_none(text(0, 65535)), create=False),
        "source_execution_id": said_only(or_none(text()), update=False),
    },
    listing=Listing(
        filters=("state", "workflow_id", "workflow_name", "description", "task_execution_id")
    ),
    create=create,
    change=change,
    delete=forget,
    views={"list": "listed"},
    more=_more,
)

TASKS = Kind[Workflows, Task](
    dialect=DIALECT,
    name="task",
    entity=Task,
    noun="Task execution",
    views={"list": "listed"},
    more=_more_of_task,
    verbs=("list", "show"),
    listing=Listing(filters=("state", "name", "workflow_name", "workflow_execution_id")),
)


@TASKS.routes.get("/executions/{id}/tasks", "task.list")
def list_tasks(workflows: Workflows, call: Call) -> object:
    execution = EXECUTIONS.of(workflows, call)
    held = workflows.tasks.find(execution_id=execution.id)
    return TASKS.list_these(workflows, call, held, "listed")
