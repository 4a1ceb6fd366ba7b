"""OS::Cinder::EncryptedVolumeType: how volumes of a type are encrypted."""

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.block_storage import ENCRYPTION

ONE = "provider"
"""In place of the id: a volume type has but one encryption."""


class EncryptedVolumeTypeProperties(Properties):
    provider: str = prop("What encrypts (luks, plain).", update_allowed=True)
    control_location: str = prop(
        "Where it is done.", default="front-end", allowed=("front-end", "back-end"), update_allowed=True
    )
    cipher: str | None = prop("Cipher.", allowed=("aes-xts-plain64", "aes-cbc-essiv"), update_allowed=True)
    key_size: int | None = prop("Bits of the key.", update_allowed=True)
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
