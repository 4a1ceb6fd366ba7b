"""What types have in common that are a container of the object store."""

from __future__ import annotations

from abc import abstractmethod
from urllib.parse import urlsplit

from isotherm import kit
from isotherm.kit import P
from isotherm.resources.object_storing import SERVICE, change, path_of, remove, settings_of

_NEW = "new"
"""Whether there was no container of that name before the create."""


class ContainerType(kit.ResourceType[P]):
    """A container goes by its name, also to its creator: making one that is there changes it."""

    service = SERVICE
    effectless = False
    name_limit = 255

    @abstractmethod
    def container(self, ctx: kit.Context[P]) -> str:
        """The name that it is to have."""

    @abstractmethod
    def settings(self, ctx: kit.Context[P]) -> dict[str, str]:
        """The headers that make it."""

    async def create(self, ctx: kit.Context[P]) -> kit.Outcome:
        name = self.container(ctx)
        if _NEW not in ctx.data:
            ctx.data[_NEW] = await settings_of(ctx.api, name) is None
            return kit.Pending(0, stage="looked")
        await change(ctx.api, "PUT", path_of(name), **self.settings(ctx))
        return kit.Started(name)

    async def find(self, ctx: kit.Context[P]) -> kit.Candidates:
        """What was there before is not ours, until the create has its answer."""
        name = self.container(ctx)
        if not ctx.data.get(_NEW) or await settings_of(ctx.api, name) is None:
            return ()
        return (kit.Candidate(name, exclusive=False),)

    async def observe(self, ctx: kit.Context[P]) -> kit.Remote | None:
        return await settings_of(ctx.api, ctx.physical_id) if ctx.physical_id else {}

    async def delete(self, ctx: kit.Context[P]) -> kit.Outcome:
        if ctx.physical_id:
            await remove(ctx.api, path_of(ctx.physical_id))
        return kit.Ready()

    async def fetch(self, ctx: kit.Context[P], attribute: str) -> kit.Value:
        address = await ctx.api.address(SERVICE)
        parts = {
            "DomainName": urlsplit(address).hostname or "",
            "RootURL": address,
            "WebsiteURL": f"{address}{path_of(ctx.physical_id)}",
        }
        return parts[attribute]
