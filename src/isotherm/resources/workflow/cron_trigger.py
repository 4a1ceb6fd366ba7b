"""OS::Mistral::CronTrigger: runs a workflow by the clock."""

import json
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.workflow import CRON_TRIGGER


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
