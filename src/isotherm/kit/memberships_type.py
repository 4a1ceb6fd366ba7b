"""Types that are several connections of one object, each made and ended by a call of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Set
from contextlib import suppress
from typing import Any

from isotherm.core.errors import Exists, Gone
from isotherm.kit.changes import Changes
from isotherm.kit.context import Context, P
from isotherm.kit.entity_type import EntityType
from isotherm.kit.outcomes import Outcome, Pending, Ready, Remote, Started
from isotherm.kit.signatures import Candidate, Candidates

HELD = "held"
"""Key of the private data: the connections that are the resource's own."""
CHANGING = "changing"
MEMBERS = "members"
"""Field of what is observed: those of them that there are."""


class MembershipsType(EntityType[P]):
    """A connection is a text, from which it can be made and ended. Those that are its own are
    recorded before they are made and until they are ended, so that none is left behind.

    The physical id is the physical name, as several resources may connect one object.
    """

    name_field = ""

    @abstractmethod
    def members(self, props: P) -> Set[str]:
        """The connections that the properties ask for."""

    @abstractmethod
    async def add(self, ctx: Context[P], member: str) -> None:
        """Make one."""

    @abstractmethod
    async def take(self, ctx: Context[P], member: str) -> None:
        """End one."""

    @abstractmethod
    async def shown(self, ctx: Context[P], members: Collection[str]) -> Set[str]:
        """The connections that there are of what these ones connect. May raise Gone."""

    async def create(self, ctx: Context[P]) -> Outcome:
        ctx.data[HELD] = sorted(self.members(ctx.props))
        await self._add(ctx, self.members(ctx.props))
        return Started(ctx.physical_name)

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        ctx.data[HELD] = sorted(self._held(ctx) | self.members(ctx.props))
        return Pending(0, stage=CHANGING)

    async def advance(self, ctx: Context[P], remote: Remote) -> Outcome:
        there, wanted, held = set(remote[MEMBERS]), self.members(ctx.props), self._held(ctx)
        if there == wanted == held:
            return Ready(remote)
        await self._add(ctx, wanted - there)
        await self._take(ctx, there - wanted)
        ctx.data[HELD] = sorted(wanted)
        return Ready()

    async def delete(self, ctx: Context[P]) -> Outcome:
        if ctx.physical_id:
            held = self._held(ctx)
            await self._take(ctx, held & await self.shown(ctx, held))
        return Ready()

    async def observe(self, ctx: Context[P]) -> Remote | None:
        if not ctx.physical_id:
            return {}
        held = self._held(ctx)
        try:
            there = held & await self.shown(ctx, held)
        except Gone:
            return None
        found = {MEMBERS: sorted(there)}
        # Halfway through a change it may be that there is none.
        return found if there or not held or ctx.stage == CHANGING else None

    async def find(self, ctx: Context[P]) -> Candidates:
        wanted = self.members(ctx.props)
        if not wanted & await self.shown(ctx, wanted):
            return ()
        return (Candidate(ctx.physical_name, data={HELD: sorted(wanted)}),)

    def joined(self, ctx: Context[P], remote: Remote) -> bool:
        return self.members(ctx.props) <= set(remote[MEMBERS])

    def _held(self, ctx: Context[P]) -> Set[str]:
        held: Any = ctx.data.get(HELD)
        return self.members(ctx.recorded or ctx.props) if held is None else set(held)

    async def _add(self, ctx: Context[P], members: Set[str]) -> None:
        for member in sorted(members):
            with suppress(Exists):
                await self.add(ctx, member)

    async def _take(self, ctx: Context[P], members: Set[str]) -> None:
        for member in sorted(members):
            with suppress(Gone):
                await self.take(ctx, member)
