"""Software configurations of all kinds but those made of parts."""

from collections.abc import Sequence
from typing import Any

import yaml

from isotherm import kit
from isotherm.kit import P, Properties, attr, prop, register, supported
from isotherm.kit.config_fields import TYPES, inputs_of, outputs_of
from isotherm.kit.deployments import described_config
from isotherm.kit.software import SoftwareConfig as Record

UNGROUPED = "Heat::Ungrouped"


class Input(Properties):
    name: str = prop("Its name.")
    description: str | None = prop("What it is for.")
    type: str = prop("What its values are.", default="String", allowed=TYPES)
    default: Any | None = prop("Its value where a deployment gives none.")
    replace_on_change: bool = prop("Whether another value replaces deployments.", default=False)


class Output(Properties):
    name: str = prop("Its name.")
    description: str | None = prop("What it tells.")
    type: str = prop("What its values are.", default="String", allowed=TYPES)
    error_output: bool = prop("Whether anything that it tells means failure.", default=False)


class ConfigType(kit.ResourceType[P]):
    """Its object is a record under an id that the intent gives it."""

    effectless = False
    attributes = (attr("config", doc="The configuration itself.", reads=lambda _, remote: remote.get("config")),)

    async def content(self, ctx: kit.Context[P]) -> kit.Fields:
        """Fields of the record: group, config, inputs, outputs, options."""
        raise NotImplementedError

    async def create(self, ctx: kit.Context[P]) -> kit.Outcome:
        record = Record(
            id=ctx.intent.uuid,
            project_id=ctx.stack.project_id,
            name=ctx.physical_name,
            created_at=ctx.intent.written_at,
            **{"group": UNGROUPED, **await self.content(ctx)},
        )
        await ctx.software.keep_config(record)
        return kit.Started(record.id, described_config(record))

    async def find(self, ctx: kit.Context[P]) -> kit.Candidates:
        found = await ctx.software.config(ctx.intent.uuid)
        return () if found is None else (kit.Candidate(found.id),)

    async def observe(self, ctx: kit.Context[P]) -> kit.Remote | None:
        found = await ctx.software.config(ctx.physical_id)
        return None if found is None else described_config(found)

    async def delete(self, ctx: kit.Context[P]) -> kit.Outcome:
        """One that a deployment of others uses stays for them."""
        await ctx.software.remove_config(ctx.physical_id)
        return kit.Ready({})


def declared_inputs(given: Sequence[Input] | None) -> list[dict[str, Any]]:
    """As clients see them, each with a description and a default."""
    return inputs_of(
        [
            {
                "name": each.name,
                "description": each.description or "",
                "type": each.type,
                "default": each.default,
                "replace_on_change": each.replace_on_change,
            }
            for each in given or ()
        ]
    )


def declared_outputs(given: Sequence[Output] | None) -> list[dict[str, Any]]:
    """As clients see them, each with a description."""
    return outputs_of(
        [
            {
                "name": each.name,
                "description": each.description or "",
                "type": each.type,
                "error_output": each.error_output,
            }
            for each in given or ()
        ]
    )


class Interface(Properties):
    """What all configurations with inputs have."""

    options: dict[str, Any] | None = prop("Options of the tool, by name.")
    inputs: list[Input] | None = prop("What deployments tell it.")
    outputs: list[Output] | None = prop("What it tells when it is done.")


class SoftwareConfigProperties(Interface):
    group: str = prop("The tool on the server that applies it.", default=UNGROUPED)
    config: str | None = prop("What the tool is given: a script, a playbook.")


class StructuredConfigProperties(Interface):
    group: str = prop("The tool on the server that applies it.", default=UNGROUPED)
    config: dict[str, Any] | None = prop("What the tool is given, with get_input in it.")


class Part(Properties):
    actions: list[str] = prop("When it is applied.", default=["CREATE", "UPDATE"], min_length=1)
    config: str | None = prop("What the tool is given.")
    tool: str = prop("The tool on the server that applies it.")


class SoftwareComponentProperties(Interface):
    configs: list[Part] = prop("One configuration for each action or several.", min_length=1)


class CloudConfigProperties(Properties):
    cloud_config: dict[str, Any] | None = prop("What cloud-init is to do.")


def _interface(props: Interface) -> dict[str, Any]:
    return {
        "inputs": declared_inputs(props.inputs),
        "outputs": declared_outputs(props.outputs),
        "options": props.options or {},
    }


@register("OS::Heat::SoftwareConfig", support=supported("2014.1"))
class SoftwareConfig(ConfigType[SoftwareConfigProperties]):
    """What a tool on servers is to do, as text."""

    async def content(self, ctx: kit.Context[SoftwareConfigProperties]) -> kit.Fields:
        return {"group": ctx.props.group, "config": ctx.props.config or "", **_interface(ctx.props)}


@register("OS::Heat::StructuredConfig", support=supported("2014.1"))
class StructuredConfig(ConfigType[StructuredConfigProperties]):
    """What a tool on servers is to do, as data."""

    async def content(self, ctx: kit.Context[StructuredConfigProperties]) -> kit.Fields:
        return {"group": ctx.props.group, "config": ctx.props.config or {}, **_interface(ctx.props)}


@register("OS::Heat::SoftwareComponent", support=supported("2014.2"))
class SoftwareComponent(ConfigType[SoftwareComponentProperties]):
    """One configuration for each action in the life of a deployment."""

    async def content(self, ctx: kit.Context[SoftwareComponentProperties]) -> kit.Fields:
        parts = [{"actions": each.actions, "config": each.config, "tool": each.tool} for each in ctx.props.configs]
        return {"group": "component", "config": {"configs": parts}, **_interface(ctx.props)}

    def problems(self, properties: kit.Values) -> kit.Problems:
        """Each action is for one of the parts only."""
        seen: set[str] = set()
        for path, part in kit.maps_in(properties, "configs"):
            actions = part.get("actions")
            for action in actions if isinstance(actions, list) else ():
                if isinstance(action, str) and action in seen:
                    yield f"{path}.actions", f"another part is for {action} already"
                if isinstance(action, str):
                    seen.add(action)


@register("OS::Heat::CloudConfig", support=supported("2014.1"))
class CloudConfig(ConfigType[CloudConfigProperties]):
    """What cloud-init is to do on servers, in its own words."""

    async def content(self, ctx: kit.Context[CloudConfigProperties]) -> kit.Fields:
        text = yaml.safe_dump(ctx.props.cloud_config or {}, default_flow_style=False)
        return {"config": f"#cloud-config\n{text}"}
