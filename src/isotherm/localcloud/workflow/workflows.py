"""Workflows: made of texts, which may have several."""

import hashlib
import json
from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault, Reply
from isotherm.localcloud.kinds import Kind, Listing
from isotherm.localcloud.workflow.checks import first_time
from isotherm.localcloud.workflow.definitions import (
    ABOUT_TEXT,
    described_inputs,
    interface_of,
    read_definitions,
)
from isotherm.localcloud.workflow.dialect import DIALECT
from isotherm.localcloud.workflow.entities import Workflow
from isotherm.localcloud.workflow.state import Workflows


def _more(workflows: Workflows, call: Call, workflow: Workflow, view: str) -> dict[str, Any]:
    """Replies to texts have the interface as an object, others as text."""
    if call.method != "GET":
        changed = {"updated_at": first_time.told(workflow.updated_at)}
        return {"interface": workflow.interface, **(changed if workflow.updated_at else {})}
    return {
        "interface": json.dumps(workflow.interface),
        "updated_at": first_time.told(workflow.updated_at),
    }


def _keep(workflows: Workflows, call: Call, workflow: Workflow) -> None:
    if triggers := [e for e in workflows.triggers if e.workflow_id == workflow.id]:
        ids = ", ".join(each.id for each in triggers)
        raise Fault(
            400,
            "Can't delete workflow that has cron triggers associated. [workflow_identifier="
            f"{call.params['id']}, namespace=], [cron_trigger_id(s)={ids}]",
        )


def _found(workflows: Workflows, caller: Caller, identifier: str) -> Workflow | None:
    return workflows.named(caller.project_id, identifier) or workflows.workflows.get(identifier)


WORKFLOWS = Kind[Workflows, Workflow](
    dialect=DIALECT,
    name="workflow",
    entity=Workflow,
    verbs=("list", "show", "delete"),
    listing=Listing(filters=("id", "name", "scope", "project_id")),
    visible=lambda workflows, caller, each: each.scope == "public" or caller.sees(each.project_id),
    find_as=_found,
    delete=_keep,
    more=_more,
)


def _own(workflows: Workflows, call: Call, name: str) -> Workflow | None:
    held = workflows.workflows.find(name=name)
    return next((each for each in held if each.project_id == call.project_id), None)


def _text(call: Call) -> str:
    """What is answered is called a text, too. Raises Fault 406."""
    accepted = call.headers.get("accept", "*/*")
    if "*/*" not in accepted and "text/" not in accepted:
        raise Fault(406, "", kind=ABOUT_TEXT)
    return call.body.decode(errors="replace")


def _write(workflows: Workflows, call: Call, workflow: Workflow, spec: dict[str, object]) -> None:
    workflow.definition, workflow.input = _text(call), described_inputs(spec)
    workflow.interface = interface_of(spec)
    workflow.checksum = hashlib.md5(call.body, usedforsecurity=False).hexdigest()
    workflow.tags = [str(each) for each in spec.get("tags") or ()]  # type: ignore[attr-defined]
    workflow.scope = call.argument("scope") or "private"
    workflows.workflows.save(workflow)


@WORKFLOWS.routes.post("/workflows", "workflow.create", status=201)
def create(workflows: Workflows, call: Call) -> object:
    found = read_definitions(_text(call))
    for name in found:
        if _own(workflows, call, name):
            entry = f"WorkflowDefinition ['name', 'namespace', 'project_id']: {name}, , None"
            raise Fault(409, f"Duplicate entry for {entry}", kind=ABOUT_TEXT)
    made = []
    for name, spec in found.items():
        workflow = Workflow(project_id=call.project_id, name=name, created_at=workflows.now())
        workflows.workflows.add(workflow)
        _write(workflows, call, workflow, spec)
        made.append(workflow)
    return {"workflows": [WORKFLOWS.show(workflows, call, each) for each in made]}


@WORKFLOWS.routes.put("/workflows", "workflow.update")
def update(workflows: Workflows, call: Call) -> object:
    found = read_definitions(_text(call))
    changed = []
    for name in found:
        if (workflow := _own(workflows, call, name)) is None:
            missing = DIALECT.missing("Workflow", name)
            raise Fault(404, missing.message, kind=ABOUT_TEXT)
        changed.append(workflow)
    for workflow in changed:
        workflow.updated_at = workflows.now()
        _write(workflows, call, workflow, found[workflow.name])
    return {"workflows": [WORKFLOWS.show(workflows, call, each) for each in changed]}


@WORKFLOWS.routes.put("/workflows/{id}", "workflow.update")
def update_one(workflows: Workflows, call: Call) -> object:
    workflow = WORKFLOWS.of(workflows, call)
    found = read_definitions(_text(call))
    if len(found) != 1:
        raise Fault(400, "A definition of one workflow is needed to update one.")
    ((name, spec),) = found.items()
    workflow.name, workflow.updated_at = name, workflows.now()
    _write(workflows, call, workflow, spec)
    return WORKFLOWS.show(workflows, call, workflow)


@WORKFLOWS.routes.post("/workflows/validate", "workflow.validate")
def validate(workflows: Workflows, call: Call) -> object:
    try:
        read_definitions(_text(call))
    except Fault as fault:
        return Reply(200, {"valid": False, "error": fault.message})
    return {"valid": True}
