"""OS::Heat::SoftwareDeployment and StructuredDeployment: what a server is told to do, until it reports back."""

import uuid
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.core.ids import new_id
from isotherm.kit import Properties, attr, changeable, prop, register, supported
from isotherm.kit import deployments as reports
from isotherm.kit.context import Context, P
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.resources.mailboxes import Unreadable
from isotherm.resources.software import signalling
from isotherm.resources.software.configs import UNGROUPED
from isotherm.resources.software.deploying import applies, derived_inputs, filled_in, replacing_inputs

_DEPLOY = "deploy "
"""Begins the stage of an action that is about to tell the server."""
_NEXT, _DERIVED, _FORMER, _OUTPUTS = "next", "derived", "former", "outputs"
_FORMAT, SOFTWARE_CONFIG = "user_data_format", "SOFTWARE_CONFIG"
_IDLE = "idle"
"""That no action has had anything to do for the server yet: there is no deployment."""
_SECONDS_BETWEEN_LOOKS = 1.0
ACTIONS = ("CREATE", "UPDATE", "DELETE", "SUSPEND", "RESUME")


class DeploymentProperties(Properties):
    config: str | None = changeable("Id of the configuration.")
    server: str = prop("Id of the server.")
    input_values: dict[str, Any] | None = changeable("Values of its inputs.")
    actions: list[Any] = changeable(
        "When the server has something to do.", default=["CREATE", "UPDATE"], allowed=ACTIONS
    )
    name: str | None = changeable("Name that gives the order on the server.")
    signal_transport: str = signalling.transport_property("How the server reports back.")


def output(name: str) -> kit.Reading:
    return lambda _, remote: (remote.get("output_values") or {}).get(name)


class DeploymentType(kit.ResourceType[P]):
    """Its object is a deployment of this service, under an id that the intent gives it. What the
    server is told has an id of its own each time: by it agents know what they have done."""

    effectless = False
    create_retries = False
    takes_signals = True
    deploys = True
    awaits_reports = True
    attribute_prefixes = ("",)
    attributes = (
        attr(reports.STDOUT, doc="What it wrote to standard output.", volatile=True, reads=output(reports.STDOUT)),
        attr(reports.STDERR, doc="What it wrote to standard error.", volatile=True, reads=output(reports.STDERR)),
        attr(reports.STATUS_CODE, doc="Its exit code.", volatile=True, reads=output(reports.STATUS_CODE)),
    )

    # -- what differs between the types ----------------------------------------------

    def told(self, ctx: Context[Any], config: SoftwareConfig, inputs: list[dict[str, Any]]) -> tuple[Any, list[Any]]:
        """What the server gets as content and as inputs. Raises InputMissing."""
        return config.config, inputs

    # -- verbs ---------------------------------------------------------------------------

    async def create(self, ctx: Context[Any]) -> kit.Outcome:
        source = await self._source(ctx)
        if not applies(source, ctx.props.actions, "CREATE"):
            ctx.physical_id, ctx.data[_IDLE] = ctx.intent.uuid, True
            return kit.Ready({})
        if await signalling.make_user_first(ctx):
            return kit.Pending(0)
        ctx.data[_DERIVED] = str(uuid.uuid5(uuid.UUID(ctx.intent.uuid), "CREATE"))
        return kit.Started(ctx.intent.uuid, await self._tell(ctx, source, "CREATE"))

    async def update(self, ctx: Context[Any], changes: kit.Changes) -> kit.Outcome:
        source = await self._source(ctx)
        if await self._is_to_be_replaced(ctx, source):
            raise kit.ReplaceInstead
        return self._begin(ctx, source, "UPDATE")

    async def suspend(self, ctx: Context[Any]) -> kit.Outcome:
        return self._begin(ctx, await self._source(ctx), "SUSPEND")

    async def resume(self, ctx: Context[Any]) -> kit.Outcome:
        return self._begin(ctx, await self._source(ctx), "RESUME")

    async def advance(self, ctx: Context[Any], remote: kit.Remote) -> kit.Outcome:
        if ctx.stage.startswith(_DEPLOY):
            source = await self._source(ctx)
            # Of an action that was overtaken there is one already.
            await self._forget(ctx, ctx.data.get(_FORMER))
            ctx.data[_FORMER], ctx.data[_DERIVED] = ctx.data.get(_DERIVED), ctx.data.pop(_NEXT)
            await self._tell(ctx, source, ctx.stage.removeprefix(_DEPLOY))
            return kit.Pending(0, stage="waiting")
        outcome = self.judge(remote)
        if isinstance(outcome, kit.Pending):
            outcome = self.judge(await self._fetched(ctx) or remote)
        if not isinstance(outcome, kit.Pending):
            await self._forget(ctx, ctx.data.pop(_FORMER, None))
        return outcome

    async def delete(self, ctx: Context[Any]) -> kit.Outcome:
        """A server has nothing left to do where somebody has removed the configuration."""
        with suppress(kit.Gone):
            source = await self._source(ctx)
            if applies(source, ctx.props.actions, "DELETE"):
                return self._begin(ctx, source, "DELETE")
        return await self._remove(ctx)

    async def advance_delete(self, ctx: Context[Any], remote: kit.Remote) -> kit.Outcome:
        outcome: kit.Outcome = kit.Ready({})
        with suppress(kit.Gone):
            outcome = await self.advance(ctx, remote)
        return await self._remove(ctx) if isinstance(outcome, kit.Ready) else outcome

    async def find(self, ctx: Context[Any]) -> kit.Candidates:
        found = await ctx.software.deployment(ctx.intent.uuid)
        return () if found is None else (kit.Candidate(found.id, data={_DERIVED: found.config_id}),)

    async def observe(self, ctx: Context[Any]) -> kit.Remote | None:
        found = await ctx.software.deployment(ctx.physical_id)
        if found is None:
            return {} if ctx.data.get(_IDLE) else None
        return reports.described_deployment(found)

    # -- pure rules ----------------------------------------------------------------------

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        status = remote.get("status")
        if status == reports.FAILED:
            return kit.Failed(f"Deployment to server failed: {remote['status_reason']}", kind="Error")
        if status == reports.IN_PROGRESS:
            return kit.Pending(_SECONDS_BETWEEN_LOOKS)
        return kit.Ready(remote)

    def validate_among(self, properties: kit.Values, find: kit.FindSibling) -> kit.Problems:
        """Nobody on a server that boots with something else would ever look for what is deployed."""
        server = properties.get("server")
        sibling = find(server.after) if isinstance(server, kit.Unknown) else None
        boots_with = sibling.properties.get(_FORMAT, SOFTWARE_CONFIG) if sibling else SOFTWARE_CONFIG
        if sibling is not None and isinstance(boots_with, str) and boots_with != SOFTWARE_CONFIG:
            why = f"{_FORMAT} of {sibling.name} is {boots_with}, so nothing on it looks for deployments"
            yield "server", f"{why}: set it to {SOFTWARE_CONFIG}"

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        """The report itself is kept with the deployment; the row has nothing of it."""
        return kit.Received(str(details["reason"])) if details else None

    def attribute(self, ctx: Context[Any], remote: kit.Remote, name: str) -> kit.Value:
        """Besides those declared: outputs of the configuration."""
        if name == kit.SHOW or name in reports.OWN_OUTPUTS:
            return super().attribute(ctx, remote, name)
        if name not in ctx.data.get(_OUTPUTS, (name,)):
            raise LookupError(name)
        return output(name)(ctx, remote)

    # -- inside ----------------------------------------------------------------------------

    async def _source(self, ctx: Context[Any]) -> SoftwareConfig:
        """The configuration that is deployed; without any, one that says nothing."""
        if ctx.props.config:
            found = await ctx.software.config(ctx.props.config)
            if found is None:
                raise kit.Gone(f"Software config with id {ctx.props.config} not found")
            return found
        return SoftwareConfig(
            id="",
            project_id=ctx.stack.project_id,
            name=ctx.physical_name,
            group=UNGROUPED,
            config="",
            created_at=ctx.now,
        )

    async def _is_to_be_replaced(self, ctx: Context[Any], source: SoftwareConfig) -> bool:
        before = ctx.recorded
        if before is None or not before.config:
            return False
        former = await ctx.software.config(before.config)
        if former is None:
            return False
        return replacing_inputs(former, before.input_values or {}) != replacing_inputs(
            source, ctx.props.input_values or {}
        )

    def _begin(self, ctx: Context[Any], source: SoftwareConfig, action: str) -> kit.Outcome:
        """The id of what the server will be told is recorded before it can be seen."""
        if not applies(source, ctx.props.actions, action):
            return kit.Ready()
        ctx.data[_NEXT] = new_id()
        return kit.Pending(0, stage=f"{_DEPLOY}{action}")

    async def _tell(self, ctx: Context[Any], source: SoftwareConfig, action: str) -> kit.Remote:
        """Let the server see what it has to do."""
        ctx.data.pop(_IDLE, None)
        derived = await self._derived(ctx, source, action)
        await ctx.software.keep_config(derived)
        ctx.data[_OUTPUTS] = [str(each["name"]) for each in source.outputs]
        heard = ctx.props.signal_transport != signalling.NO_SIGNAL
        deployment = Deployment(
            id=ctx.physical_id or ctx.intent.uuid,
            project_id=ctx.stack.project_id,
            server_id=ctx.props.server,
            config_id=derived.id,
            action=action,
            status=reports.IN_PROGRESS if heard else reports.COMPLETE,
            status_reason="Deploy data available" if heard else "Not waiting for outputs signal",
            input_values=ctx.props.input_values or {},
            stack_user_project_id=ctx.data.get("project"),
            created_at=ctx.intent.written_at,
            updated_at=None if action == "CREATE" else ctx.now,
        )
        await ctx.software.keep_deployment(deployment)
        return reports.described_deployment(deployment)

    async def _derived(self, ctx: Context[Any], source: SoftwareConfig, action: str) -> SoftwareConfig:
        own = [
            ("deploy_server_id", "The server that is deployed to", ctx.props.server),
            ("deploy_action", "The action that the server is to do", action),
            ("deploy_stack_id", "Name and id of the stack", f"{ctx.stack.name}/{ctx.stack.id}"),
            ("deploy_resource_name", "Name of the deployment in the stack", ctx.resource),
            ("deploy_signal_transport", "How the server reports back", ctx.props.signal_transport),
            *await signalling.signal_inputs(ctx, ctx.data[_DERIVED]),
        ]
        content, inputs = self.told(ctx, source, derived_inputs(source, ctx.props.input_values or {}, own))
        return SoftwareConfig(
            id=ctx.data[_DERIVED],
            project_id=ctx.stack.project_id,
            name=ctx.props.name or source.name,
            group=source.group,
            config=content,
            inputs=inputs,
            outputs=source.outputs,
            options=source.options,
            created_at=ctx.now,
        )

    async def _remove(self, ctx: Context[Any]) -> kit.Outcome:
        await ctx.software.remove_deployment(ctx.physical_id)
        for name in (_FORMER, _DERIVED, _NEXT):
            await self._forget(ctx, ctx.data.get(name))
        await signalling.close_all(ctx)
        await signalling.forget_user(ctx)
        return kit.Ready({})

    async def _forget(self, ctx: Context[Any], version: str | None) -> None:
        """A version of what the server is told, with the place where it reports on it."""
        if version:
            await ctx.software.remove_config(version)
            await signalling.close(ctx, version)

    async def _fetched(self, ctx: Context[Any]) -> kit.Remote | None:
        """The deployment as it is by a report that was left for it; None where there is none."""
        try:
            letter = await signalling.fetch_report(ctx, ctx.data[_DERIVED])
        except Unreadable as error:
            return {"status": reports.FAILED, "status_reason": str(error)}
        present = None if letter is None else await ctx.software.deployment(ctx.physical_id)
        config = None if present is None else await ctx.software.config(present.config_id)
        if letter is None or present is None or config is None:
            return None
        done = reports.concluded(present, config, letter.details, ctx.now)
        # Told first: what is concluded is not fetched again.
        await ctx.pass_on(None, {"reason": reports.conclusion(done)}, ctx.data[_DERIVED])
        await ctx.software.conclude_deployment(done)
        return reports.described_deployment(done)


@register("OS::Heat::SoftwareDeployment", support=supported("2014.1"))
class SoftwareDeployment(DeploymentType[DeploymentProperties]):
    """A configuration that one server applies."""


class Structured(Properties):
    input_key: str = prop("Key of a map that stands for an input.", default="get_input")
    input_values_validate: str = prop(
        "Whether each input that the configuration reads must have a value.", default="LAX", allowed=("LAX", "STRICT")
    )


class StructuredDeploymentProperties(Structured, DeploymentProperties):
    """Of configurations that are data."""


@register("OS::Heat::StructuredDeployment", support=supported("2014.1"))
class StructuredDeployment(DeploymentType[StructuredDeploymentProperties]):
    """A configuration of data, with its inputs filled in, that one server applies."""

    def told(self, ctx: Context[Any], config: SoftwareConfig, inputs: list[dict[str, Any]]) -> tuple[Any, list[Any]]:
        values = {str(each["name"]): each["value"] for each in inputs}
        strict = ctx.props.input_values_validate == "STRICT"
        return filled_in(config.config, ctx.props.input_key, values, strict=strict), inputs
