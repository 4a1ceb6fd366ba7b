"""OS::Nova::HostAggregate: hosts that belong together, perhaps as an availability zone."""

from contextlib import suppress
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import Properties, changeable, prop, register, supported
from isotherm.kit.services.compute import AGGREGATE

ZONE = "availability_zone"
"""The service keeps it among the metadata, too."""


class HostAggregateProperties(Properties):
    name: str = changeable("Name.")
    availability_zone: str | None = changeable("Availability zone that its hosts make up.")
    hosts: list[str] | None = changeable(
        "Its hosts.", items=prop("A host.", exists="nova.host"), sends=None, reads="hosts"
    )
    metadata: dict[str, Any] = changeable("Key-value pairs.", default={}, sends=None, reads="metadata")


Here = kit.Context[HostAggregateProperties]


@register("OS::Nova::HostAggregate", support=supported("6.0.0"))
class HostAggregate(kit.RenamedType[HostAggregateProperties]):
    """Hosts that belong together. By default only administrators may say which."""

    entity = AGGREGATE
    found_among: ClassVar = {}
    completes = ("hosts", "metadata")
    claims = (kit.Claim("name of an aggregate", ("name",)),)

    def replaces(
        self, changes: kit.Changes, recorded: HostAggregateProperties, desired: HostAggregateProperties
    ) -> bool:
        """One that makes up a zone cannot cease to."""
        return ZONE in changes and not desired.availability_zone

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        """Hosts that leave go first: those with servers cannot change their zone."""
        before = ctx.recorded.hosts if ctx.recorded else None
        for host in sorted(set(before or ()) - set(ctx.props.hosts or ())):
            with suppress(kit.Gone):
                await self._act(ctx, "remove_host", host=host)
        return await super().update(ctx, changes)

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        """Metadata and hosts have calls of their own, which may be repeated."""
        before = ctx.recorded
        wanted: dict[str, Any] = dict.fromkeys((before.metadata if before else {}).keys() - {ZONE})
        wanted |= ctx.props.metadata
        there = remote["metadata"]
        change = {key: value for key, value in wanted.items() if there.get(key) != value}
        if change:
            await self._act(ctx, "set_metadata", metadata=change)
        missing = sorted(set(ctx.props.hosts or ()) - set(remote.get("hosts") or ()))
        for host in missing:
            with suppress(kit.Exists):
                await self._act(ctx, "add_host", host=host)
        return bool(change or missing)

    async def _act(self, ctx: Here, action: str, **arguments: Any) -> None:
        await ctx.api.act(AGGREGATE, ctx.physical_id, action, arguments)

    async def remove(self, ctx: Here) -> None:
        """Only one without hosts can be deleted."""
        for host in (await ctx.api.show(AGGREGATE, ctx.physical_id))["hosts"]:
            with suppress(kit.Gone):
                await self._act(ctx, "remove_host", host=host)
        await super().remove(ctx)

    def live(self, remote: kit.Remote) -> kit.Values:
        found = dict(super().live(remote))
        found["metadata"] = {key: value for key, value in remote["metadata"].items() if key != ZONE}
        return found
