"""What all software configurations are: records of this service that never change."""

from collections.abc import Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import P, Properties, attr, prop
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
