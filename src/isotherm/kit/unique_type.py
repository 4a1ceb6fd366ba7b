"""Types of which there can be no two objects alike."""

from __future__ import annotations

from contextlib import suppress

from isotherm.core.errors import Gone
from isotherm.kit.context import Context, P
from isotherm.kit.entity_type import EntityType


class UniqueType(EntityType[P]):
    """``links`` say in what two objects would be alike, whatever else is said of them. One that is
    to go is removed for its successor, and made again where there is none in the end."""

    gives_way_to_alike = True

    async def make_way(self, ctx: Context[P]) -> None:
        with suppress(Gone):
            await self.remove(ctx)

    async def take_back(self, ctx: Context[P]) -> None:
        for found in await self.find(ctx):
            ctx.physical_id = found.physical_id
            return
        made = await ctx.api.create(self.entity, self.create_body(ctx), parent=self.parent(ctx))
        ctx.physical_id = str(made[self.entity.id_field])
