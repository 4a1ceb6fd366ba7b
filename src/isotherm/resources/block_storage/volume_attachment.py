"""OS::Cinder::VolumeAttachment and AWS::EC2::VolumeAttachment: connects a volume to a server."""

from contextlib import suppress

from isotherm import kit
from isotherm.kit import Properties, changeable, prop, register
from isotherm.kit.services.block_storage import VOLUME
from isotherm.kit.services.compute import SERVER as HOST
from isotherm.kit.services.compute import VOLUME_ATTACHMENT as ATTACHMENT

SERVER, LEAVING = "server", "leaving"
"""Keys of the private data: the server the volume is attached to, and the one it is detached
from before it can be attached anew."""

WAITING = frozenset({"available", "attaching", "reserved", "detaching"})


class VolumeAttachmentProperties(Properties):
    instance_uuid: str = changeable("Server that gets the volume.", sends=None)
    volume_id: str = changeable("Volume to attach.", exists="cinder.volume", sends="volumeId")
    mountpoint: str | None = changeable("Device name to use, if there is a choice.", sends="device")


Here = kit.Context[VolumeAttachmentProperties]


@register("OS::Cinder::VolumeAttachment")
class VolumeAttachment(kit.EntityType[VolumeAttachmentProperties]):
    """Connects a volume to a server.

    Its physical id is the volume's; what is observed is the volume, whose state tells
    how far the connection is.
    """

    service = "block-storage"
    entity = ATTACHMENT
    name_field = ""
    links = (kit.Link("volume attachment", ("volume_id", "instance_uuid"), details=("mountpoint",)),)
    claims = (kit.Claim("attached volume", ("volume_id",)),)

    def parent(self, ctx: Here) -> str:
        return str(ctx.data.get(LEAVING) or ctx.data.get(SERVER) or ctx.props.instance_uuid)

    async def create(self, ctx: Here) -> kit.Outcome:
        server = ctx.data[SERVER] = ctx.props.instance_uuid
        try:
            await ctx.api.create(ATTACHMENT, self.create_body(ctx), parent=server)
        except kit.Conflict:
            if await self.settle(ctx, {}) is None:
                raise
            return kit.Pending(stage="waiting")
        return kit.Started(ctx.props.volume_id)

    async def find(self, ctx: Here) -> kit.Candidates:
        server = ctx.props.instance_uuid
        attached = await ctx.api.list(ATTACHMENT, parent=server)
        volume = ctx.props.volume_id
        if not any(each.get("volumeId") == volume for each in attached):
            return ()
        return (kit.Candidate(volume, exclusive=False, data={SERVER: server}),)

    async def observe(self, ctx: Here) -> kit.Remote | None:
        return await ctx.api.look(VOLUME, ctx.physical_id)

    @property
    def poll_entity(self) -> kit.Entity:
        return VOLUME

    async def settle(self, ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
        """A server in the middle of something lets nothing be attached or detached."""
        with suppress(kit.Gone):
            host = await ctx.api.show(HOST, self.parent(ctx))
            if host.get("OS-EXT-STS:task_state"):
                return kit.Pending()
        return None

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        status = str(remote.get("status"))
        if status == "in-use":
            return kit.Ready(remote)
        if status in WAITING:
            return kit.Pending()
        return kit.Failed(
            f'Volume attachment failed - Unknown status {status} due to "Unknown"', kind="ResourceUnknownStatus"
        )

    def joined(self, ctx: Here, remote: kit.Remote) -> bool:
        return attached_to(remote, self.parent(ctx))

    # -- room for others: only one server has a volume --------------------------------

    async def make_way(self, ctx: Here) -> None:
        await self._detach(ctx)
        if self._connected(ctx, await ctx.api.show(VOLUME, ctx.physical_id)):
            raise kit.Busy("The volume is still being detached", after=0.5)

    async def take_back(self, ctx: Here) -> None:
        if not await self.find(ctx):
            await ctx.api.create(ATTACHMENT, self.create_body(ctx), parent=self.parent(ctx))
        if not isinstance(self.judge(await ctx.api.show(VOLUME, ctx.physical_id)), kit.Ready):
            raise kit.Busy("The volume is still being attached", after=0.5)

    # -- update: detach, then attach anew ------------------------------------------

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        ctx.data.setdefault(LEAVING, self.parent(ctx))
        await self._detach(ctx)
        return kit.Pending(0, stage="moving")

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if LEAVING in ctx.data:
            if self._connected(ctx, remote):
                return kit.Pending()
            return await self._attach_again(ctx)
        judged = self.judge(remote)
        if isinstance(judged, kit.Ready) and not attached_to(remote, self.parent(ctx)):
            return kit.Pending()
        return judged

    async def _attach_again(self, ctx: Here) -> kit.Outcome:
        """Unlike a create, an update may have called for it before."""
        left = ctx.data.pop(LEAVING)
        ctx.data[SERVER] = ctx.props.instance_uuid
        if await self.find(ctx):
            return kit.Started(ctx.props.volume_id)
        outcome = await self.create(ctx)
        if isinstance(outcome, kit.Pending):
            ctx.data[LEAVING] = left  # it has yet to be attached
        return outcome

    # -- delete ----------------------------------------------------------------

    async def delete(self, ctx: Here) -> kit.Outcome:
        if not ctx.physical_id:
            return kit.Ready()
        await self._detach(ctx)
        return kit.Pending(0)

    async def _detach(self, ctx: Here) -> None:
        await ctx.api.drop(ATTACHMENT, ctx.physical_id, parent=self.parent(ctx))

    async def advance_delete(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        return kit.Pending() if self._connected(ctx, remote) else kit.Ready()

    def _connected(self, ctx: Here, remote: kit.Remote) -> bool:
        return attached_to(remote, self.parent(ctx)) or remote.get("status") == "detaching"


def attached_to(volume: kit.Remote, server: str) -> bool:
    return any(each.get("server_id") == server for each in volume.get("attachments") or ())


class Ec2VolumeAttachmentProperties(Properties):
    server: str = prop(
        "Server that gets the volume.", name="InstanceId", sends="instance_uuid", immutable=True, exists="nova.server"
    )
    volume: str = prop("Volume to attach.", name="VolumeId", sends="volume_id", immutable=True, exists="cinder.volume")
    device: str = prop("Device name to use.", name="Device", sends="mountpoint", immutable=True, pattern="/dev/vd[b-z]")


@register("AWS::EC2::VolumeAttachment")
class Ec2VolumeAttachment(kit.TranslatedType[Ec2VolumeAttachmentProperties]):
    """Connects a volume to a server, in the words of AWS."""

    target = VolumeAttachment()
    links = (kit.Link("volume attachment", ("VolumeId", "InstanceId"), details=("Device",)),)
    claims = (kit.Claim("attached volume", ("VolumeId",)),)
