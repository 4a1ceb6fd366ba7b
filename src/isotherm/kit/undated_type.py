"""Types whose objects do not tell when they were made."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

from isotherm.core.errors import Gone
from isotherm.kit.context import Context, P
from isotherm.kit.entity_type import EntityType
from isotherm.kit.outcomes import Outcome, Pending
from isotherm.kit.signatures import Candidates

OLDER = "older"
"""Key of the private data: ids of objects that had the name before the create."""


class RenamedType(EntityType[P]):
    """What is to go leaves its name to its successor, where there can be no two of one name."""

    unique_names: ClassVar[bool] = True

    async def make_way(self, ctx: Context[P]) -> None:
        await self._rename(ctx, ctx.physical_name)

    async def take_back(self, ctx: Context[P]) -> None:
        await self._rename(ctx, str(self.create_body(ctx)[self.name_field]))

    async def _rename(self, ctx: Context[P], name: str) -> None:
        if not self.unique_names:
            return
        with suppress(Gone):
            await ctx.api.update(
                self.entity, ctx.physical_id, {self.name_field: name}, parent=self.parent(ctx)
            )


class UndatedType(RenamedType[P]):
    """A name that the template gives may be that of somebody else's object. Those that have it
    are noted before the create: what is found by it later, and is none of them, is ours."""

    async def create(self, ctx: Context[P]) -> Outcome:
        if self._has_given_name(ctx) and OLDER not in ctx.data:
            ctx.data[OLDER] = [each.physical_id for each in await super().find(ctx)]
            return Pending(0, stage="looked")
        return await super().create(ctx)

    async def find(self, ctx: Context[P]) -> Candidates:
        if self._has_given_name(ctx) and OLDER not in ctx.data:
            return ()  # the create was never called
        older: Any = ctx.data.get(OLDER, ())
        return [each for each in await super().find(ctx) if each.physical_id not in older]

    def _has_given_name(self, ctx: Context[P]) -> bool:
        return bool(self.create_body(ctx)[self.name_field] != ctx.physical_name)
