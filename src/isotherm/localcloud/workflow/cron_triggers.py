"""Cron triggers: begin a workflow again and again, by the cloud's clock."""

import json
from typing import Any

from isotherm.localcloud.cron import next_time
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import NEW, Kind, Listing, Wish
from isotherm.localcloud.workflow.checks import first_time
from isotherm.localcloud.workflow.dialect import DIALECT
from isotherm.localcloud.workflow.entities import CronTrigger
from isotherm.localcloud.workflow.executions import checked_input, execute
from isotherm.localcloud.workflow.running import start, transitions
from isotherm.localcloud.workflow.state import Workflows


def create(workflows: Workflows, call: Call, wish: Wish) -> CronTrigger:
    identifier = wish.get("workflow_id") or wish.get("workflow_name") or ""
    workflow = workflows.named(call.project_id, identifier)
    if workflow is None:
        raise DIALECT.missing("Workflow", identifier)
    if _named(workflows, call.caller, wish["name"]):
        raise Fault(
            409, f"Duplicate entry for cron trigger ['name', 'project_id']: {wish['name']}, None"
        )
    first, pattern = wish.get("first_execution_time"), wish.get("pattern")
    if not (first or pattern):
        raise Fault(400, "Pattern or first_execution_time must be specified.")
    if first and first < workflows.now() + 60:
        raise Fault(400, "first_execution_time must be at least 1 minute in the future.")
    if not pattern and (wish.get("remaining_executions") or 1) > 1:
        raise Fault(400, "Pattern must be provided if count is superior to 1.")
    checked_input(workflows, workflow, wish.get("workflow_input") or {})
    if not pattern:
        wish["remaining_executions"] = 1
    wish |= {"workflow_id": workflow.id, "workflow_name": workflow.name}
    trigger = TRIGGERS.add(workflows, call.caller, wish)
    _wait(workflows, trigger, first or next_time(str(pattern), workflows.now()))
    return trigger


def _wait(workflows: Workflows, trigger: CronTrigger, until: float) -> None:
    trigger.next_execution_time = until
    workflows.triggers.save(trigger)
    workflows.schedule("cron_trigger.fire", trigger, after=until - workflows.now())


@transitions.on("cron_trigger.fire")
def fire(workflows: Workflows, trigger: CronTrigger, args: dict[str, Any]) -> None:
    workflow = workflows.workflows.get(trigger.workflow_id)
    if workflow is not None:
        wish = {
            "input": trigger.workflow_input,
            "params": trigger.workflow_params,
            "description": _told(trigger),
        }
        owner = (trigger.project_id, trigger.user_id)
        start(workflows, execute(workflows, owner, workflow, wish), {})
    if trigger.remaining_executions is not None:
        trigger.remaining_executions -= 1
    if trigger.remaining_executions == 0 or trigger.pattern is None:
        workflows.triggers.remove(trigger.id)
        return
    _wait(workflows, trigger, next_time(trigger.pattern, workflows.now()))


def _told(trigger: CronTrigger) -> str:
    described = f"Workflow execution created by cron trigger '({trigger.id})'."
    by = {"type": "cron_trigger", "id": trigger.id}
    return json.dumps({"description": described, "triggered_by": by})


def _more(workflows: Workflows, call: Call, trigger: CronTrigger, view: str) -> dict[str, Any]:
    return {} if view == NEW else {"updated_at": first_time.told(trigger.updated_at)}


def _named(workflows: Workflows, caller: Caller, identifier: str) -> CronTrigger | None:
    by_id = workflows.triggers.get(identifier)
    held = [by_id] if by_id else workflows.triggers.find(name=identifier)
    return next((each for each in held if caller.sees(each.project_id)), None)


TRIGGERS = Kind[Workflows, CronTrigger](
    dialect=DIALECT,
    name="cron_trigger",
    entity=CronTrigger,
    noun="Cron trigger",
    verbs=("create", "list", "show", "delete"),
    listing=Listing(filters=("name", "workflow_id", "workflow_name", "pattern", "scope")),
    find_as=_named,
    create=create,
    more=_more,
)
