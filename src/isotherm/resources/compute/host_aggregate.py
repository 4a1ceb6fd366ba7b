"""OS::Nova::HostAggregate: hosts that belong together, perhaps as an availability zone."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.compute import AGGREGATE

ZONE = "availability_zone"
"""The service keeps it among the metadata, too."""


class HostAggregateProperties(Properties):
    name: str = prop("Name.", update_allowed=True)
    availability_zone: str | None = prop("Availability zone that its hosts make up.", update_allowed=True)
    hosts: list[str] | None = prop(
        "Its hosts.", items=prop("A host.", exists="nova.host"), sends=None, reads="hosts", update_allowed=True
    )
    metadata: dict[str, Any] = prop("Key-value pairs.", default={}, sends=None, reads="metadata", update_allowed=True)


@register("OS::Nova::HostAggregate", support=supported("6.0.0"))
class HostAggregate(kit.EntityType[HostAggregateProperties]):
    """Hosts that belong together. By default only administrators may say which."""

    entity = AGGREGATE
    completes = ("hosts", "metadata")

    def find_filters(self, name: str) -> Mapping[str, str]:
        return {}

    async def complete(self, ctx: kit.Context[HostAggregateProperties], remote: kit.Remote) -> bool:
        """Metadata and hosts have calls of their own, which may be repeated."""
        before = ctx.recorded
        wanted: dict[str, Any] = dict.fromkeys((before.metadata if before else {}).keys() - {ZONE})
        wanted |= ctx.props.metadata
        there = remote["metadata"]
        change = {key: value for key, value in wanted.items() if there.get(key) != value}
        if change:
            await self._act(ctx, "set_metadata", metadata=change)
        moved = await kit.exchange(
            before.hosts if before else (),
            ctx.props.hosts,
            add=lambda host: self._act(ctx, "add_host", host=host),
            remove=lambda host: self._act(ctx, "remove_host", host=host),
        )
        return bool(change) or moved

    async def _act(self, ctx: kit.Context[HostAggregateProperties], action: str, **arguments: Any) -> None:
        await ctx.api.act(AGGREGATE, ctx.physical_id, action, arguments)

    async def remove(self, ctx: kit.Context[HostAggregateProperties]) -> None:
        """Only one without hosts can be deleted."""
        for host in (await ctx.api.show(AGGREGATE, ctx.physical_id))["hosts"]:
            with suppress(kit.Gone):
                await self._act(ctx, "remove_host", host=host)
        await super().remove(ctx)

    def live(self, remote: kit.Remote) -> kit.Values:
        found = dict(super().live(remote))
        found["metadata"] = {key: value for key, value in remote["metadata"].items() if key != ZONE}
        return found
