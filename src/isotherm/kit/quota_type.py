"""Types that are the quota of a project in one service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from isotherm.core.errors import Gone
from isotherm.core.values import Value
from isotherm.kit.bodies import create_fields, not_given
from isotherm.kit.changes import Changes
from isotherm.kit.context import Context, P
from isotherm.kit.entity_type import EntityType
from isotherm.kit.outcomes import Outcome, Ready, Remote, Started
from isotherm.kit.presence import given
from isotherm.kit.signatures import Candidate


class QuotaType(EntityType[P]):
    """Every project always has a quota: creating sets limits, deleting brings back those that
    the operator has set for everybody. Limits that are not given are not touched.

    A property ``project`` says whose it is; all others are limits. The physical id is the
    physical name, as several resources may limit one project.
    """

    name_field = ""
    whose: ClassVar[str] = "project"

    def _project(self, ctx: Context[P]) -> str:
        return str(getattr(ctx.props, self.whose))

    def _limits(self, ctx: Context[P]) -> Mapping[str, Any]:
        return {name: each for name, each in create_fields(ctx.props).items() if name != self.whose}

    async def create(self, ctx: Context[P]) -> Outcome:
        return Started(ctx.physical_name, await self._set(ctx))

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        if not_given(ctx.props, changes):  # only all limits together can be given up
            await self._reset(ctx)
        return Ready(await self._set(ctx))

    async def _set(self, ctx: Context[P]) -> Remote:
        return await ctx.api.update(self.entity, self._project(ctx), self._limits(ctx))

    async def delete(self, ctx: Context[P]) -> Outcome:
        if ctx.physical_id:
            await self._reset(ctx)
        return Ready()

    async def _reset(self, ctx: Context[P]) -> None:
        """Some services know no quota of a project whose limits were never set."""
        with suppress(Gone):
            await self.remove(ctx)

    async def remove(self, ctx: Context[P]) -> None:
        await ctx.api.delete(self.entity, self._project(ctx))

    async def observe(self, ctx: Context[P]) -> Remote | None:
        return await ctx.api.look(self.entity, self._project(ctx))

    async def find(self, ctx: Context[P]) -> Sequence[Candidate]:
        """Setting limits again does no harm."""
        return ()

    def problems(self, properties: Mapping[str, Value]) -> Iterable[tuple[str, str]]:
        limits = self.Properties.fields.keys() - {self.whose}
        if not given(properties) & limits:
            yield self.whose, f"at least one of {', '.join(sorted(limits))} must be limited"
