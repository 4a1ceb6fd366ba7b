"""OS::Mistral::Workflow and CronTrigger: what is to be done in which order, and when."""

import json
import uuid
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.workflow import CRON_TRIGGER, EXECUTION, WORKFLOW
from isotherm.resources.workflow.definition import WRITTEN, Defaults, Task, problems, read, write

ASKED, RUNS = "asked", "runs"
"""Keys of the private data: input and parameters that signals brought, and the executions begun
with them, newest first."""


class WorkflowProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    type: str = changeable("Whether tasks name those after or those before.", allowed=("direct", "reverse"))
    use_request_body_as_input: bool | None = changeable("Whether the whole of a signal is the input.", since="6.0.0")
    tags: list[Any] | None = changeable("Tags.", since="10.0.0")
    description: str | None = changeable("Description.")
    input: dict[str, Any] | None = changeable("Inputs, with what signals give them by default.")
    output: dict[str, Any] | None = changeable("What it tells in the end.")
    params: dict[str, Any] | None = changeable("Parameters of executions.")
    task_defaults: Defaults | None = changeable("What holds of all tasks.", since="5.0.0")
    tasks: list[Task] = changeable("Tasks.", min_length=1)


Here = kit.Context[WorkflowProperties]


@register("OS::Mistral::Workflow", support=supported("2015.1"))
class Workflow(kit.EntityType[WorkflowProperties]):
    """What is to be done in which order; each signal runs it.

    A signal may bring `input` and `params`.
    """

    entity = WORKFLOW
    takes_signals = True
    claims = (kit.Claim("workflow", ("name",)),)
    attributes = (
        attr(
            "data",
            dict,
            "Its name and its inputs.",
            reads=lambda ctx, _: {"name": ctx.physical_id, "input": ctx.props.input},
        ),
        attr("alarm_url", doc="Signed address that runs it.", volatile=True, implemented=False),
        attr("executions", list, "What signals have begun, newest first.", fetched=True, volatile=True),
    )

    def problems(self, properties: kit.Values) -> kit.Problems:
        yield from problems(properties)

    async def create(self, ctx: Here) -> kit.Outcome:
        await _send(ctx, "POST")
        return kit.Started(_named(ctx))

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        if not ctx.changed.isdisjoint(WRITTEN):
            await _send(ctx, "PUT")
        return kit.Pending(0)

    async def remove(self, ctx: Here) -> None:
        for run in ctx.data.get(RUNS, ()):
            with suppress(kit.Gone):
                await ctx.api.call("workflow", "DELETE", f"{EXECUTION.path}/{run}?force=true")
        await super().remove(ctx)

    async def make_way(self, ctx: Here) -> None:
        """Names are unique in a project; what it has run stays until it goes for good."""
        await ctx.api.drop(WORKFLOW, ctx.physical_id)

    async def take_back(self, ctx: Here) -> None:
        if await self.observe(ctx) is None:
            await _send(ctx, "POST")

    async def find(self, ctx: Here) -> kit.Candidates:
        found = await ctx.api.look(WORKFLOW, _named(ctx))
        if found is None:
            return ()
        return (kit.Candidate(_named(ctx), found["created_at"].replace(" ", "T"), exclusive=False),)

    def live(self, remote: kit.Remote) -> kit.Values:
        return {"name": remote["name"], **read(remote["name"], remote["definition"])}

    async def fetch(self, ctx: Here, attribute: str) -> kit.Value:
        told = ("id", "workflow_name", "created_at", "updated_at", "state")
        shown = [await ctx.api.show(EXECUTION, run) for run in ctx.data.get(RUNS, ())]
        return [
            {name: each[name] for name in told} | {name: json.loads(each[name] or "{}") for name in ("input", "output")}
            for each in shown
        ]

    # -- signals ---------------------------------------------------------------

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        properties, told = signalled.properties, details or {}
        given, params = properties.get("input") or {}, properties.get("params") or {}
        brought: kit.Fields
        more: kit.Fields
        if properties.get("use_request_body_as_input"):
            brought, more = told, {}
        else:
            brought, more = told.get("input") or {}, told.get("params") or {}
        wish = {
            "input": {name: brought.get(name) or each for name, each in given.items()},
            "params": {**params, **more},
        }
        asked = [*signalled.data.get(ASKED, ()), wish]
        return kit.Received("Signal received", data={**signalled.data, ASKED: asked}, adjusts=True)

    async def adjust(self, ctx: Here) -> kit.Outcome:
        """Begin what was asked for. Whoever asks twice under one id gets the same execution."""
        while asked := ctx.data.get(ASKED, []):
            runs = ctx.data.get(RUNS, [])
            run = str(uuid.uuid5(uuid.UUID(ctx.intent.uuid), str(len(runs))))
            wish = {"id": run, "workflow_name": ctx.physical_id, **asked[0]}
            await ctx.api.create(EXECUTION, {**wish, "input": json.dumps(wish["input"])})
            ctx.data |= {ASKED: asked[1:], RUNS: [run, *runs]}
        return kit.Ready({})


def _named(ctx: Here) -> str:
    return ctx.props.name or ctx.physical_name


async def _send(ctx: Here, method: str) -> None:
    """The definition, to be made known or to take the place of the present one."""
    text = write(_named(ctx), ctx.props.given())
    headers = {"Content-Type": "text/plain", "Accept": "*/*"}
    await ctx.api.call("workflow", method, WORKFLOW.path, text.encode(), headers=headers)


class Wanted(Properties):
    name: str = prop("Workflow, by name or id.", exists="mistral.workflow")
    input: dict[str, Any] | None = prop("Its input.")


class CronTriggerProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    pattern: str | None = prop("When, as cron says it.", exists="cron_expression")
    workflow: Wanted = prop("What is run.", sends=None)
    first_time: str | None = prop("When it is first run (`YYYY-MM-DD HH:MM`).", sends="first_execution_time")
    count: int | None = prop("How often it is run.", sends="remaining_executions")


@register("OS::Mistral::CronTrigger", support=supported("5.0.0"))
class CronTrigger(kit.EntityType[CronTriggerProperties]):
    """Runs a workflow by the clock. The service forgets a trigger that has gone off for the last time."""

    entity = CRON_TRIGGER
    claims = (kit.Claim("cron trigger", ("name",)),)
    attributes = (
        attr("next_execution_time", str, "When it is run next."),
        attr("remaining_executions", int, "How often it is still run."),
    )

    def create_body(self, ctx: kit.Context[CronTriggerProperties]) -> kit.Fields:
        wanted = ctx.props.workflow
        body = {**super().create_body(ctx), "workflow_name": wanted.name}
        return {**body, "workflow_input": json.dumps(wanted.input)} if wanted.input else body

    async def make_way(self, ctx: kit.Context[CronTriggerProperties]) -> None:
        """Names are unique in a project."""
        await ctx.api.drop(CRON_TRIGGER, ctx.physical_id)

    async def take_back(self, ctx: kit.Context[CronTriggerProperties]) -> None:
        if await self.observe(ctx) is None:
            await ctx.api.create(CRON_TRIGGER, self.create_body(ctx))

    def candidate(self, remote: kit.Remote) -> kit.Candidate:
        return kit.Candidate(remote["name"], remote["created_at"].replace(" ", "T"), exclusive=False)

    def live(self, remote: kit.Remote) -> kit.Values:
        given = json.loads(remote.get("workflow_input") or "{}")
        wanted = {"name": remote["workflow_name"], "input": given or None}
        return {"name": remote["name"], "pattern": remote["pattern"], "workflow": wanted}
