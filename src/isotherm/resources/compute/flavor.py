"""OS::Nova::Flavor: the size of servers."""

from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.compute import FLAVOR


class FlavorProperties(Properties):
    tenants: list[str] = changeable(
        "Projects that may use it where it is not public.",
        default=[],
        items=prop("A project.", finds="keystone.project"),
        sends=None,
        since="8.0.0",
    )
    flavorid: str | None = prop(
        "Its id; by default one is made up.",
        sends="id",
        encodes=lambda given: None if given == "auto" else given,
        since="7.0.0",
    )
    name: str | None = prop("Name; by default one is made up.", since="7.0.0")
    ram: int = prop("Memory in MiB.")
    vcpus: int = prop("Number of virtual processors.")
    disk: int = prop("Root disk in GiB.", default=0)
    swap: int = prop("Swap space in MiB.", default=0)
    ephemeral: int = prop("Second disk in GiB.", default=0, sends="OS-FLV-EXT-DATA:ephemeral")
    rxtx_factor: float = prop("Share of network bandwidth.", default=1.0)
    extra_specs: dict[str, Any] | None = changeable("Key-value pairs.", sends=None, reads="extra_specs")
    is_public: bool = prop(
        "Whether all projects may use it.", default=True, sends="os-flavor-access:is_public", since="6.0.0"
    )


Here = kit.Context[FlavorProperties]


@register("OS::Nova::Flavor", support=supported("2014.2"))
class Flavor(kit.EntityType[FlavorProperties]):
    """The size of servers. By default only administrators may create one."""

    entity = FLAVOR
    chooses_id = True
    claims = (kit.Claim("name of a flavor", ("name",)), kit.Claim("id of a flavor", ("flavorid",)))
    always_completes = True
    attributes = (
        attr("is_public", bool, "Whether all projects may use it.", source="os-flavor-access:is_public", since="6.0.0"),
        attr("extra_specs", dict, "Its key-value pairs.", since="7.0.0"),
    )

    async def make_way(self, ctx: Here) -> None:
        """Names and ids are unique, and a replacement may keep those that were given."""
        if ctx.props.name or ctx.props.flavorid:
            with suppress(kit.Gone):
                await self.delete(ctx)

    async def take_back(self, ctx: Here) -> None:
        with suppress(kit.Exists):  # it never went
            await self.create(ctx)
        await self.complete(ctx, {})

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        """Extra specs and access have calls of their own, which may be repeated."""
        await self._set_extra_specs(ctx)
        await self._grant_access(ctx)
        return True

    async def _set_extra_specs(self, ctx: Here) -> None:
        before = (ctx.recorded and ctx.recorded.extra_specs) or {}
        wanted = ctx.props.extra_specs or {}
        path = f"/flavors/{ctx.physical_id}/os-extra_specs"
        for key in sorted(before.keys() - wanted.keys()):
            with suppress(kit.Gone):
                await ctx.api.call("compute", "DELETE", f"{path}/{key}")
        if wanted and wanted != before:
            await ctx.api.call("compute", "POST", path, {"extra_specs": wanted})

    async def _grant_access(self, ctx: Here) -> None:
        def act(action: str) -> kit.Call:
            return lambda tenant: ctx.api.act(FLAVOR, ctx.physical_id, action, {"tenant": tenant})

        before = ctx.recorded.tenants if ctx.recorded else ()
        add, remove = act("addTenantAccess"), act("removeTenantAccess")
        if not ctx.props.is_public:
            await kit.exchange(before, ctx.props.tenants, add=add, remove=remove)
