"""OS::Manila::ShareType: a kind of share, as the operator offers it."""

from collections.abc import Awaitable
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.shared_file_system import SHARE_TYPE


class ShareTypeProperties(Properties):
    name: str = prop("Name.")
    is_public: bool = prop("Whether all projects may use it.", default=True, sends="share_type_access:is_public")
    driver_handles_share_servers: bool = prop("Whether its shares have servers of their own.", sends=None, reads=None)
    extra_specs: dict[str, Any] | None = prop(
        "What its shares have to be like.", sends=None, reads=None, update_allowed=True
    )
    snapshot_support: bool = prop(
        "Whether its shares can have snapshots.", default=True, sends=None, reads=None, since="6.0.0"
    )


Here = kit.Context[ShareTypeProperties]
_OWN = frozenset({"driver_handles_share_servers", "snapshot_support"})


@register("OS::Manila::ShareType", support=supported("5.0.0"))
class ShareType(kit.UniqueType[ShareTypeProperties], kit.UndatedType[ShareTypeProperties]):
    """A kind of share; for administrators. There are no two of a name."""

    entity = SHARE_TYPE
    found_among: ClassVar = {"is_public": "all"}
    patience = 60.0
    links = (kit.Link("share type of a name", ("name",)),)
    completes = ("extra_specs",)

    def create_body(self, ctx: Here) -> kit.Fields:
        specs = {name: str(getattr(ctx.props, name)) for name in sorted(_OWN)}
        return {**super().create_body(ctx), "extra_specs": specs}

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        """One call for what is new, one for each that goes."""
        there: kit.Fields = remote.get("extra_specs") or {}
        wanted = {name: str(value) for name, value in (ctx.props.extra_specs or {}).items()}
        before = (ctx.recorded and ctx.recorded.extra_specs) or {}
        added = {name: value for name, value in wanted.items() if there.get(name) != value}
        gone = [name for name in before if name not in wanted and name in there and name not in _OWN]
        if added:
            await _call(ctx, "POST", "", {"extra_specs": added})
        for name in gone:
            await _call(ctx, "DELETE", f"/{name}")
        return bool(added or gone)

    async def take_back(self, ctx: Here) -> None:
        await super().take_back(ctx)
        await self.complete(ctx, await ctx.api.show(SHARE_TYPE, str(ctx.physical_id)))


def _call(ctx: Here, method: str, below: str, body: Any = None) -> Awaitable[Any]:
    path = f"{SHARE_TYPE.path}/{ctx.physical_id}/extra_specs{below}"
    return ctx.api.call(SHARE_TYPE.service, method, path, body, microversion=SHARE_TYPE.microversion)
