"""OS::Nova::Flavor: the size of servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.compute import FLAVOR


class FlavorProperties(Properties):
    tenants: list[str] = prop(
        "Projects that may use it where it is not public, by name or id.",
        default_factory=list,
        items=prop("A project.", finds="keystone.project"),
        update_allowed=True,
        since="8.0.0",
    )
    flavorid: str | None = prop("Its id; by default one is made up.", since="7.0.0")
    name: str | None = prop("Name; by default one is made up.", since="7.0.0")
    ram: int = prop("Memory in MiB.")
    vcpus: int = prop("Number of virtual processors.")
    disk: int = prop("Root disk in GiB.", default=0)
    swap: int = prop("Swap space in MiB.", default=0)
    ephemeral: int = prop("Second disk in GiB.", default=0)
    rxtx_factor: float = prop("Share of network bandwidth.", default=1.0)
    extra_specs: dict[str, Any] | None = prop("Key-value pairs.", update_allowed=True)
    is_public: bool = prop("Whether all projects may use it.", default=True, since="6.0.0")


@register("OS::Nova::Flavor", support=supported("2014.2"))
class Flavor(kit.EntityType[FlavorProperties]):
    """The size of servers. By default only administrators may create one."""

    service = "compute"
    entity = FLAVOR
    attributes = (
        attr(
            "is_public",
            bool,
            "Whether all projects may use it.",
            source="os-flavor-access:is_public",
            since="6.0.0",
        ),
        attr("extra_specs", dict, "Its key-value pairs.", since="7.0.0"),
    )

    def create_body(self, ctx: kit.Context[FlavorProperties]) -> Mapping[str, Any]:
        props = ctx.props
        return {
            "id": _chosen_id(ctx),
            "name": props.name or ctx.physical_name,
            "ram": props.ram,
            "vcpus": props.vcpus,
            "disk": props.disk,
            "swap": props.swap,
            "OS-FLV-EXT-DATA:ephemeral": props.ephemeral,
            "rxtx_factor": props.rxtx_factor,
            "os-flavor-access:is_public": props.is_public,
        }

    async def create(self, ctx: kit.Context[FlavorProperties]) -> kit.Outcome:
        remote = await ctx.api.create(FLAVOR, self.create_body(ctx))
        return kit.Started(str(remote["id"]))

    async def find(self, ctx: kit.Context[FlavorProperties]) -> Sequence[kit.Candidate]:
        body = self.create_body(ctx)
        try:
            remote = await ctx.api.show(FLAVOR, body["id"])
        except kit.Gone:
            return ()
        # A flavor of that id which somebody else made has another name.
        return (self.candidate(remote),) if remote.get("name") == body["name"] else ()

    async def make_way(self, ctx: kit.Context[FlavorProperties]) -> None:
        """Names and ids are unique, and a replacement may keep those that were given."""
        if ctx.props.name or ctx.props.flavorid:
            with suppress(kit.Gone):
                await self.delete(ctx)

    async def take_back(self, ctx: kit.Context[FlavorProperties]) -> None:
        with suppress(kit.Conflict):  # it never went
            await self.create(ctx)
        await self.advance(ctx, {})

    async def update(self, ctx: kit.Context[FlavorProperties], changes: kit.Changes) -> kit.Outcome:
        return kit.Pending(0)

    async def advance(self, ctx: kit.Context[FlavorProperties], remote: kit.Remote) -> kit.Outcome:
        """Extra specs and access have calls of their own, which may be repeated."""
        await self._set_extra_specs(ctx)
        await self._grant_access(ctx)
        return kit.Ready()

    async def _set_extra_specs(self, ctx: kit.Context[FlavorProperties]) -> None:
        before = (ctx.recorded and ctx.recorded.extra_specs) or {}
        wanted = ctx.props.extra_specs or {}
        path = f"/flavors/{ctx.physical_id}/os-extra_specs"
        for key in sorted(before.keys() - wanted.keys()):
            with suppress(kit.Gone):
                await ctx.api.call("compute", "DELETE", f"{path}/{key}")
        if wanted and wanted != before:
            await ctx.api.call("compute", "POST", path, {"extra_specs": wanted})

    async def _grant_access(self, ctx: kit.Context[FlavorProperties]) -> None:
        if ctx.props.is_public:
            return
        before = set(ctx.recorded.tenants) if ctx.recorded else set()
        wanted = set(ctx.props.tenants)
        for action, tenants in (
            ("removeTenantAccess", before - wanted),
            ("addTenantAccess", wanted - before),
        ):
            for tenant in sorted(tenants):
                with suppress(kit.Conflict, kit.Gone):  # it has, or has not, access already
                    await ctx.api.act(FLAVOR, ctx.physical_id, action, {"tenant": tenant})


def _chosen_id(ctx: kit.Context[FlavorProperties]) -> str:
    given = ctx.props.flavorid
    return given if given and given != "auto" else ctx.intent.uuid
