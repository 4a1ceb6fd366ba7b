"""OS::Cinder::VolumeType: kinds of storage that volumes can be on."""

from contextlib import suppress
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.block_storage import VOLUME_TYPE

PUBLIC = "os-volume-type-access:is_public"


class VolumeTypeProperties(Properties):
    name: str = prop("Name.", update_allowed=True)
    metadata: dict[str, Any] | None = prop("Extra specs.", sends="extra_specs", by_call=True, update_allowed=True)
    is_public: bool = prop(
        "Whether all projects may use it.", default=True, sends=PUBLIC, update_allowed=True, since="5.0.0"
    )
    description: str | None = prop("Description.", clears="", update_allowed=True, since="5.0.0")
    projects: list[str] = prop(
        "Projects that may use it where it is not public.",
        default=[],
        items=prop("A project.", finds="keystone.project"),
        sends=None,
        update_allowed=True,
        since="5.0.0",
    )


Here = kit.Context[VolumeTypeProperties]


@register("OS::Cinder::VolumeType", support=supported("2015.1"))
class VolumeType(kit.UndatedType[VolumeTypeProperties]):
    """A kind of storage that volumes can be on. By default only administrators may make one."""

    entity = VOLUME_TYPE
    found_among: ClassVar = {"is_public": "None"}
    extension = "os-types-manage"
    claims = (kit.Claim("name of a volume type", ("name",)),)
    completes = ("projects",)

    def validate(self, properties: kit.Values) -> kit.Problems:
        projects = properties.get("projects")
        if properties.get("is_public", True) is True and isinstance(projects, list) and projects:
            yield "projects", "must not be given where the volume type is public"

    def update_body(self, ctx: Here, changes: kit.Changes) -> kit.Fields:
        """An update calls the field otherwise than a create does."""
        body = dict(super().update_body(ctx, changes))
        if PUBLIC in body:
            body["is_public"] = body.pop(PUBLIC)
        return body

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        """Extra specs and access have calls of their own, which may be repeated."""
        specs = await self._set_extra_specs(ctx)
        return await self._grant_access(ctx) or specs

    async def _set_extra_specs(self, ctx: Here) -> bool:
        before = (ctx.recorded.metadata if ctx.recorded else ctx.props.metadata) or {}
        wanted = ctx.props.metadata or {}
        path = f"/types/{ctx.physical_id}/extra_specs"
        for key in sorted(before.keys() - wanted.keys()):
            with suppress(kit.Gone):
                await ctx.api.call("block-storage", "DELETE", f"{path}/{key}")
        if wanted and wanted != before:
            await ctx.api.call("block-storage", "POST", path, {"extra_specs": wanted})
        return wanted != before

    async def _grant_access(self, ctx: Here) -> bool:
        """A public one has no list of its own: all projects may use it."""

        def act(action: str) -> kit.Call:
            return lambda project: ctx.api.act(VOLUME_TYPE, ctx.physical_id, action, {"project": project})

        before = ctx.recorded.projects if ctx.recorded else ()
        add, remove = act("addProjectAccess"), act("removeProjectAccess")
        if ctx.props.is_public:
            return False
        return await kit.exchange(before, ctx.props.projects, add=add, remove=remove)
