"""OS::Cinder::VolumeType and EncryptedVolumeType: kinds of storage that volumes can be on."""

from contextlib import suppress
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import Properties, changeable, prop, register, supported
from isotherm.kit.services.block_storage import ENCRYPTION, VOLUME_TYPE

PUBLIC = "os-volume-type-access:is_public"


class VolumeTypeProperties(Properties):
    name: str = changeable("Name.")
    metadata: dict[str, Any] | None = changeable("Extra specs.", sends="extra_specs", by_call=True)
    is_public: bool = changeable("Whether all projects may use it.", default=True, sends=PUBLIC, since="5.0.0")
    description: str | None = changeable("Description.", clears="", since="5.0.0")
    projects: list[str] = changeable(
        "Projects that may use it where it is not public.",
        default=[],
        items=prop("A project.", finds="keystone.project"),
        sends=None,
        since="5.0.0",
    )


There = kit.Context[VolumeTypeProperties]


@register("OS::Cinder::VolumeType", support=supported("2015.1"))
class VolumeType(kit.UndatedType[VolumeTypeProperties]):
    """A kind of storage that volumes can be on. By default only administrators may make one."""

    entity = VOLUME_TYPE
    found_among: ClassVar = {"is_public": "None"}
    extension = "os-types-manage"
    claims = (kit.Claim("name of a volume type", ("name",)),)
    completes = ("projects",)

    def problems(self, properties: kit.Values) -> kit.Problems:
        projects = properties.get("projects")
        if properties.get("is_public", True) is True and isinstance(projects, list) and projects:
            yield "projects", "must not be given where the volume type is public"

    def update_body(self, ctx: There, changes: kit.Changes) -> kit.Fields:
        """An update calls the field otherwise than a create does."""
        body = dict(super().update_body(ctx, changes))
        if PUBLIC in body:
            body["is_public"] = body.pop(PUBLIC)
        return body

    async def complete(self, ctx: There, remote: kit.Remote) -> bool:
        """Extra specs and access have calls of their own, which may be repeated."""
        specs = await self._set_extra_specs(ctx)
        return await self._grant_access(ctx) or specs

    async def _set_extra_specs(self, ctx: There) -> bool:
        before = (ctx.recorded.metadata if ctx.recorded else ctx.props.metadata) or {}
        wanted = ctx.props.metadata or {}
        path = f"/types/{ctx.physical_id}/extra_specs"
        for key in sorted(before.keys() - wanted.keys()):
            with suppress(kit.Gone):
                await ctx.api.call("block-storage", "DELETE", f"{path}/{key}")
        if wanted and wanted != before:
            await ctx.api.call("block-storage", "POST", path, {"extra_specs": wanted})
        return wanted != before

    async def _grant_access(self, ctx: There) -> bool:
        """A public one has no list of its own: all projects may use it."""

        def act(action: str) -> kit.Call:
            return lambda project: ctx.api.act(VOLUME_TYPE, ctx.physical_id, action, {"project": project})

        before = ctx.recorded.projects if ctx.recorded else ()
        add, remove = act("addProjectAccess"), act("removeProjectAccess")
        if ctx.props.is_public:
            return False
        return await kit.exchange(before, ctx.props.projects, add=add, remove=remove)


ONE = "provider"
"""In place of the id: a volume type has but one encryption."""


class EncryptedVolumeTypeProperties(Properties):
    provider: str = changeable("What encrypts (luks, plain).")
    control_location: str = changeable("Where it is done.", default="front-end", allowed=("front-end", "back-end"))
    cipher: str | None = changeable("Cipher.", allowed=("aes-xts-plain64", "aes-cbc-essiv"))
    key_size: int | None = changeable("Bits of the key.")
    volume_type: str = prop("Volume type to encrypt.", finds="cinder.vtype", sends=None, reads="volume_type_id")


Here = kit.Context[EncryptedVolumeTypeProperties]


@register("OS::Cinder::EncryptedVolumeType", support=supported("5.0.0"))
class EncryptedVolumeType(kit.EntityType[EncryptedVolumeTypeProperties]):
    """How volumes of a type are encrypted; a reference to it stands for the volume type."""

    entity = ENCRYPTION
    extension = "encryption"
    parent_property = "volume_type"
    name_field = ""

    async def observe(self, ctx: Here) -> kit.Remote | None:
        if not ctx.physical_id:
            return {}
        remote = await self._shown(ctx)
        return remote if remote and remote["encryption_id"] == ctx.physical_id else None

    async def _shown(self, ctx: Here) -> kit.Remote | None:
        """The encryption that the volume type has, whoever has made it."""
        try:
            shown = await ctx.api.call("block-storage", "GET", f"/types/{self.parent(ctx)}/encryption")
        except kit.Gone:
            return None
        return dict(shown) if shown else None

    async def find(self, ctx: Here) -> kit.Candidates:
        remote = await self._shown(ctx)
        return (self.candidate(remote),) if remote else ()

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        await ctx.api.update(ENCRYPTION, ONE, self.update_body(ctx, changes), parent=self.parent(ctx))
        return kit.Pending(0)

    async def remove(self, ctx: Here) -> None:
        if await self.observe(ctx) is not None:
            await ctx.api.delete(ENCRYPTION, ONE, parent=self.parent(ctx))

    def reference(self, ctx: Here) -> kit.Value:
        return ctx.props.volume_type if ctx.physical_id else ctx.resource
