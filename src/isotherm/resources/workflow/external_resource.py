"""OS::Mistral::ExternalResource: something that workflows make, change and remove."""

import json
import uuid
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.workflow import EXECUTION

ACTIONS = ("CREATE", "UPDATE", "SUSPEND", "RESUME", "DELETE")
RUNS, ENDED, OUTPUTS = "runs", "ended", "outputs"
"""Keys of the private data: the executions so far, how many of them have ended, and what they told."""
_UNDER_WAY = ("IDLE", "RUNNING", "PAUSED", "DELAYED")


class Action(Properties):
    workflow: str = prop("Workflow, by name or id.", exists="mistral.workflow")
    params: dict[str, Any] = prop("Parameters of the execution.", default={})


class Actions(Properties):
    create: Action | None = prop("What makes it.", name="CREATE")
    update: Action | None = prop("What changes it.", name="UPDATE")
    suspend: Action | None = prop("What puts it to rest.", name="SUSPEND")
    resume: Action | None = prop("What wakes it.", name="RESUME")
    delete: Action | None = prop("What removes it.", name="DELETE")


class ExternalResourceProperties(Properties):
    actions: Actions = prop("Workflows by what they are run for.")
    input: dict[str, Any] = changeable("Input of the workflows.", default={})
    description: str = prop("Description of the executions.", default="Heat managed")
    replace_on_change_inputs: list[Any] = prop("Inputs that are changed by making it anew.", default=[])
    always_update: bool = prop("Whether every update of the stack runs the workflow.", default=False)


Here = kit.Context[ExternalResourceProperties]


@register("OS::Mistral::ExternalResource", support=supported("9.0.0"))
class ExternalResource(kit.ResourceType[ExternalResourceProperties]):
    """Something that workflows make, change and remove.

    An output `resource_id` of a workflow is the physical id; what they told so far each finds in its
    environment, as `heat_extresource_data`.
    """

    service = "workflow"
    effectless = False
    create_retries = False
    attributes = (attr("output", dict, "What the workflows told.", reads=lambda ctx, _: ctx.data.get(OUTPUTS, {})),)

    def problems(self, properties: kit.Values) -> kit.Problems:
        if properties.get("always_update") is True:
            yield "always_update", "true is not supported yet: change an input to have the workflow run"

    async def create(self, ctx: Here) -> kit.Outcome:
        run = await self._begin(ctx, "CREATE")
        if run is None:
            ctx.physical_id = ctx.physical_name
            return kit.Ready({})
        return kit.Started(run)

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        return await self._run(ctx, "UPDATE")

    async def suspend(self, ctx: Here) -> kit.Outcome:
        return await self._run(ctx, "SUSPEND")

    async def resume(self, ctx: Here) -> kit.Outcome:
        return await self._run(ctx, "RESUME")

    async def delete(self, ctx: Here) -> kit.Outcome:
        if not ctx.physical_id:
            return kit.Ready()
        if await self._begin(ctx, "DELETE") is None:
            await self._forget(ctx)
            return kit.Ready()
        return kit.Pending(0)

    async def advance_delete(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        outcome = await self.advance(ctx, remote)
        if isinstance(outcome, kit.Ready):
            await self._forget(ctx)
        return outcome

    async def _run(self, ctx: Here, action: str) -> kit.Outcome:
        return kit.Ready({}) if await self._begin(ctx, action) is None else kit.Pending(0)

    async def _begin(self, ctx: Here, action: str) -> str | None:
        """Run the workflow; None where there is none. It is asked for under the same id until its
        end is known, and the service begins it only once."""
        wanted = getattr(ctx.props.actions, action.lower())
        if wanted is None:
            return None
        runs: list[str] = list(ctx.data.get(RUNS, ()))
        run = str(uuid.uuid5(uuid.UUID(ctx.intent.uuid), f"{action} {ctx.data.get(ENDED, 0)}"))
        params = dict(wanted.params)
        if ctx.physical_id:
            told = {"heat_extresource_data": ctx.data.get(OUTPUTS, {})}
            params["env"] = {**params.get("env", {}), **told}
        await ctx.api.create(
            EXECUTION,
            {
                "id": run,
                "workflow_name": wanted.workflow,
                "input": json.dumps(ctx.props.input),
                "description": ctx.props.description,
                "params": params,
            },
        )
        ctx.data[RUNS] = [*(each for each in runs if each != run), run]
        return run

    async def observe(self, ctx: Here) -> kit.Remote | None:
        """The execution that is under way, or the last one."""
        runs = ctx.data.get(RUNS, ())
        return (await ctx.api.look(EXECUTION, runs[-1]) if runs else None) or {}

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        outcome, runs = self.judge(remote), ctx.data.get(RUNS, ())
        if isinstance(outcome, kit.Ready) and ctx.data.get(ENDED, 0) < len(runs):
            told = json.loads(remote.get("output") or "{}")
            ctx.data |= {ENDED: len(runs), OUTPUTS: {**ctx.data.get(OUTPUTS, {}), **told}}
            ctx.physical_id = str(told.get("resource_id") or runs[-1])[:255]
        return outcome

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        state = str(remote.get("state", "SUCCESS"))
        if state in _UNDER_WAY:
            return kit.Pending()
        return kit.Ready(remote) if state == "SUCCESS" else kit.Failed(str(remote.get("state_info")))

    async def check(self, ctx: Here) -> kit.Outcome:
        return kit.Ready({})

    async def find(self, ctx: Here) -> kit.Candidates:
        run = str(uuid.uuid5(uuid.UUID(ctx.intent.uuid), "CREATE 0"))
        if await ctx.api.look(EXECUTION, run) is None:
            return ()
        return (kit.Candidate(run, data={RUNS: [run]}),)

    async def _forget(self, ctx: Here) -> None:
        """What was run for it goes with it."""
        for run in ctx.data.get(RUNS, ()):
            with suppress(kit.Gone):
                await ctx.api.call("workflow", "DELETE", f"{EXECUTION.path}/{run}?force=true")

    def replaces(self, changes: kit.Changes, recorded: Any, desired: Any) -> bool:
        before, after = recorded.input, desired.input
        return any(before.get(name) != after.get(name) for name in desired.replace_on_change_inputs)
