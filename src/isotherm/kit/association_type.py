"""Types that connect two objects which live on their own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress

from isotherm.core.errors import Gone
from isotherm.kit.changes import Changes
from isotherm.kit.context import Context, P
from isotherm.kit.entity_type import EntityType
from isotherm.kit.outcomes import Outcome, Pending, Remote, Started
from isotherm.kit.signatures import Candidate


class AssociationType(EntityType[P]):
    """Joined by one call, parted by another. What is observed is whatever shows the
    connection; where it does not, the connection is gone.

    The physical id is the ``identity``, which follows from the properties, so a connection can
    always be found again; several resources may speak of the same one.
    """

    @abstractmethod
    def identity(self, props: P) -> str:
        """Names the connection, or the object that can have but one."""

    @abstractmethod
    async def join(self, ctx: Context[P]) -> None:
        """The call that connects what the properties say."""

    @abstractmethod
    async def part(self, ctx: Context[P]) -> None:
        """The call that ends the connection ``ctx.physical_id``."""

    @abstractmethod
    async def connection(self, ctx: Context[P], identity: str) -> Remote | None:
        """What shows the connection; None where there is none. May raise Gone."""

    async def create(self, ctx: Context[P]) -> Outcome:
        await self.join(ctx)
        return Started(self.identity(ctx.props))

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        if ctx.physical_id != self.identity(ctx.props):
            await self.remove(ctx)
        await self.join(ctx)
        return Started(self.identity(ctx.props))

    async def remove(self, ctx: Context[P]) -> None:
        with suppress(Gone):
            if await self.connection(ctx, ctx.physical_id) is not None:
                await self.part(ctx)

    async def make_way(self, ctx: Context[P]) -> None:
        await self.remove(ctx)

    async def take_back(self, ctx: Context[P]) -> None:
        shown = await self._shown(ctx, ctx.physical_id)
        if shown is None or not self.joined(ctx, shown):
            await self.join(ctx)

    async def observe(self, ctx: Context[P]) -> Remote | None:
        return await self._shown(ctx, ctx.physical_id) if ctx.physical_id else {}

    async def find(self, ctx: Context[P]) -> Sequence[Candidate]:
        identity = self.identity(ctx.props)
        if await self._shown(ctx, identity) is None:
            return ()
        return (Candidate(identity, exclusive=False),)

    async def _shown(self, ctx: Context[P], identity: str) -> Remote | None:
        try:
            return await self.connection(ctx, identity)
        except Gone:
            return None

    def judge_delete(self, remote: Remote) -> Outcome:
        return Pending(self.poll_after)
