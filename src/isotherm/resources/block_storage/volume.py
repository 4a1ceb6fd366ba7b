"""OS::Cinder::Volume and AWS::EC2::Volume: a block device that servers can attach."""

import json
from collections.abc import Awaitable
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, deprecated, former, hidden, prop, register, supported
from isotherm.kit.services.block_storage import BACKUP, VOLUME
from isotherm.resources.amazon import Tag, pairs

SOURCES = ("snapshot_id", "backup_id", "image", "source_volid")
SETTLED = frozenset({"available", "in-use"})
COPYING = "copying"
BACKED_UP = "backup_id"
"""Key of the private data: the last backup made for a snapshot of the stack."""
DELETABLE = frozenset({"available", "error", "error_restoring", "error_extending"})


class VolumeProperties(Properties):
    availability_zone: str | None = prop("Zone to create the volume in.")
    size: int | None = changeable("Size in GiB; it can only grow.", ge=1, by_call=True)
    snapshot_id: str | None = prop("Snapshot to create it from.", exists="cinder.snapshot")
    backup_id: str | None = changeable("Backup to restore.", exists="cinder.backup", by_call=True)
    name: str | None = changeable("Name; by default one is made up.")
    description: str | None = changeable("Description.")
    volume_type: str | None = changeable("Type, by name or id.", exists="cinder.vtype", by_call=True)
    metadata: dict[str, Any] = changeable("Key-value pairs.", default={})
    image_ref: str | None = former("image", name="imageRef", support=hidden("5.0.0", deprecated("2014.1")))
    image: str | None = prop(
        "Image to copy.", finds="glance.image", sends="imageRef", reads="volume_image_metadata.image_id"
    )
    source_volid: str | None = prop("Volume to copy.", exists="cinder.volume")
    scheduler_hints: dict[str, Any] | None = prop(
        "Hints for the scheduler.", sends="OS-SCH-HNT:scheduler_hints", beside=True, since="2015.1"
    )
    read_only: bool | None = changeable("Whether servers may only read it.", sends=None, since="5.0.0")
    multiattach: bool = prop(
        "Whether several servers may attach it.", default=False, support=hidden("13.0.0", supported("6.0.0"))
    )


def _text(field: str) -> kit.Reading:
    return lambda _, remote: None if remote.get(field) is None else str(remote[field])


Here = kit.Context[VolumeProperties]


@register("OS::Cinder::Volume")
class Volume(kit.EntityType[VolumeProperties]):
    """A block device that servers can attach."""

    entity = VOLUME
    keeps_copies = True
    exclusive = (SOURCES,)
    one_of = (("size", *SOURCES),)
    status_field = "status"
    ready_statuses = SETTLED
    failed_statuses = frozenset({"error", "error_restoring", "error_extending", "error_deleting"})
    attributes = (
        attr("availability_zone", doc="Zone it lies in."),
        attr("size", doc="Size in GiB.", reads=_text("size")),
        attr("snapshot_id", doc="Snapshot it was made from."),
        attr("display_name", doc="Its name.", source="name"),
        attr("display_description", doc="Its description.", source="description"),
        attr("volume_type", doc="Its type."),
        attr("metadata", doc="Its key-value pairs, as JSON.", reads=lambda _, it: json.dumps(it.get("metadata") or {})),
        attr("source_volid", doc="Volume it was copied from."),
        attr("status", doc="Its state.", volatile=True),
        attr("created_at", doc="When it was created."),
        attr("bootable", doc="Whether servers can boot from it."),
        attr("metadata_values", dict, "Its key-value pairs.", source="metadata"),
        attr("encrypted", doc="Whether it is encrypted.", reads=_text("encrypted")),
        attr(
            "attachments",
            doc="Where it is attached, as text.",
            reads=_text("attachments"),
            volatile=True,
            support=deprecated("9.0.0", supported("2015.1")),
        ),
        attr("attachments_list", list, "Where it is attached.", source="attachments", volatile=True, since="9.0.0"),
        attr("multiattach", bool, "Whether several servers may attach it.", since="6.0.0"),
    )

    def unfinished(self, ctx: Here) -> bool:
        return ctx.props.read_only is not None

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        """Each time the volume has settled, begin the next thing that is not as desired."""
        if ctx.stage == COPYING:
            return await self._copied(ctx, remote)
        judged = self.judge(remote)
        if not isinstance(judged, kit.Ready):
            return judged
        for step in (self._restore, self._retype, self._extend, self._protect):
            if (outcome := await step(ctx, remote)) is not None:
                return outcome
        return judged

    # -- snapshots -------------------------------------------------------------

    async def snapshot(self, ctx: Here) -> kit.Outcome:
        backup = await self._backup(ctx)
        if backup is None:
            body = {"volume_id": ctx.physical_id, "name": ctx.copy_name, "force": True}
            backup = await ctx.api.create(BACKUP, body)
        ctx.data[BACKED_UP] = str(backup["id"])
        return kit.Pending(stage=COPYING)

    async def _copied(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        backup = await ctx.api.look(BACKUP, ctx.data[BACKED_UP])
        if backup is None:
            return kit.Failed("The backup is gone")
        if backup["status"] == "available":
            return kit.Ready(remote)
        if backup["status"] in ("creating", "backing-up"):
            return kit.Pending(self.poll_after)
        return kit.Failed(f"The backup went to {backup['status']}")

    def restorable(self, kept: kit.Values) -> bool:
        return bool(kept.get(BACKED_UP))

    async def restore(self, ctx: Here) -> kit.Outcome:
        """Only a volume that nobody uses can take in a backup; others are replaced."""
        status = (await ctx.api.show(VOLUME, ctx.physical_id))["status"]
        if status == "in-use":
            raise kit.ReplaceInstead
        if status != "restoring-backup":
            await self._take_in(ctx, str(ctx.kept[BACKED_UP]))
        return kit.Pending(stage="restored")

    async def discard(self, ctx: Here) -> kit.Outcome:
        backup = await self._backup(ctx)
        if backup is None:
            return kit.Ready({})
        if backup["status"] in ("available", "error"):
            await ctx.api.delete(BACKUP, str(backup["id"]))
        elif backup["status"] == "error_deleting":
            return kit.Failed("The backup went to error_deleting")
        return kit.Pending(self.poll_after)

    async def _backup(self, ctx: Here) -> kit.Remote | None:
        """The backup that belongs to the snapshot."""
        found = await ctx.api.list(BACKUP, name=ctx.copy_name)
        return found[0] if found else None

    async def _take_in(self, ctx: Here, backup: str) -> None:
        body = {"restore": {"volume_id": ctx.physical_id}}
        await ctx.api.call("block-storage", "POST", f"/backups/{backup}/restore", body)

    # -- update ----------------------------------------------------------------

    async def _restore(self, ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
        backup = ctx.props.backup_id
        if ctx.stage or not backup or not ctx.changes("backup_id"):
            return None
        await self._take_in(ctx, backup)
        return kit.Pending(stage="restored")

    async def _retype(self, ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
        wanted = ctx.props.volume_type
        if ctx.stage == "retyped" or not wanted or not ctx.changes("volume_type"):
            return None
        arguments = {"new_type": wanted, "migration_policy": "never"}
        await ctx.api.act(VOLUME, ctx.physical_id, "os-retype", arguments)
        return kit.Pending(stage="retyped")

    async def _extend(self, ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
        size = ctx.props.size
        if size is None or not ctx.changes("size") or size == int(remote["size"]):
            return None
        if size < int(remote["size"]):
            return kit.Failed("Shrinking volume is not allowed.", kind="NotSupported")
        await ctx.api.act(VOLUME, ctx.physical_id, "os-extend", {"new_size": size})
        return kit.Pending()

    async def _protect(self, ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
        wanted = bool(ctx.props.read_only)
        told = str((remote.get("metadata") or {}).get("readonly", "False")).lower() == "true"
        if wanted == told or not (ctx.props.read_only is not None or "read_only" in ctx.changed):
            return None
        await ctx.api.act(VOLUME, ctx.physical_id, "os-update_readonly_flag", {"readonly": wanted})
        return None

    # -- delete ----------------------------------------------------------------

    async def delete(self, ctx: Here) -> kit.Outcome:
        """Its state decides what can be done: one look shows that of many volumes."""
        return kit.Pending(0) if ctx.physical_id else kit.Ready()

    async def advance_delete(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        """Delete it as soon as its state allows: a detach may still be under way."""
        status = str(remote["status"])
        if ctx.stage == "deleting":
            return self.judge_delete(remote)
        if status == "in-use":
            return kit.Failed("Volume in use", kind="Error")
        if status not in DELETABLE:
            return self.judge_delete(remote)
        if ctx.keep_copy and (outcome := await self._keep_copy(ctx)) is not None:
            return outcome
        await ctx.api.delete(VOLUME, ctx.physical_id)
        return kit.Pending(0, stage="deleting")

    def _keep_copy(self, ctx: Here) -> Awaitable[kit.Outcome | None]:
        body = {"volume_id": ctx.physical_id, "name": ctx.physical_name, "force": True}
        return kit.keep_copy(ctx, BACKUP, "available", lambda: ctx.api.create(BACKUP, body))

    def judge_delete(self, remote: kit.Remote) -> kit.Outcome:
        if remote.get("status") == "error_deleting":
            return kit.Failed(self.failure_reason(remote))
        return kit.Pending(self.poll_after)


class Ec2VolumeProperties(Properties):
    zone: str = prop(
        "Zone to create the volume in.", name="AvailabilityZone", sends="availability_zone", immutable=True
    )
    size: int | None = prop("Size in GiB.", name="Size", sends="size", immutable=True, ge=1)
    backup: str | None = prop(
        "Backup to restore.", name="SnapshotId", sends="backup_id", immutable=True, exists="cinder.backup"
    )
    tags: list[Tag] | None = prop(
        "Tags, kept as metadata.", name="Tags", sends="metadata", encodes=pairs, immutable=True
    )


@register("AWS::EC2::Volume")
class Ec2Volume(kit.TranslatedType[Ec2VolumeProperties]):
    """A block device, in the words of AWS."""

    target = Volume()
    one_of = (("Size", "SnapshotId"),)
