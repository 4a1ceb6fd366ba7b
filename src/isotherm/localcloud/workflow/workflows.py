"""Workflows: made of texts, which may have several."""

from isotherm.localcloud.exchange import Call, Caller, Fault, Reply
from isotherm.localcloud.kinds import Kind, Listing
from isotherm.localcloud.workflow.definitions import described_inputs, read_definitions
from isotherm.localcloud.workflow.dialect import DIALECT
from isotherm.localcloud.workflow.entities import Workflow
from isotherm.localcloud.workflow.state import Workflows


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
)


def _own(workflows: Workflows, call: Call, name: str) -> Workflow | None:
    held = workflows.workflows.find(name=name)
    return next((each for each in held if each.project_id == call.project_id), None)


def _text(call: Call) -> str:
    return call.body.decode(errors="replace")


def _write(workflows: Workflows, call: Call, workflow: Workflow, spec: dict[str, object]) -> None:
    workflow.definition, workflow.input = _text(call), described_inputs(spec)
    workflow.tags = [str(each) for each in spec.get("tags") or ()]  # type: ignore[attr-defined]
    workflow.scope = call.argument("scope") or "private"
    workflows.workflows.save(workflow)


@WORKFLOWS.routes.post("/workflows", "workflow.create", status=201)
def create(workflows: Workflows, call: Call) -> object:
    found = read_definitions(_text(call))
    for name in found:
        if _own(workflows, call, name):
            key = f"['{name}', '', '{call.project_id}']"
            raise Fault(409, f"Duplicate entry for WorkflowDefinition: {key}")
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
            raise DIALECT.missing("Workflow", name)
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
