"""Backups of volumes, and volumes made of them."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import BRIEF, Kind, Life, Listing, Ties, Wish, said_only
from isotherm.localcloud.kinds.checks import or_none, short_flag, text
from isotherm.localcloud.volume import usage, volumes
from isotherm.localcloud.volume.dialect import DIALECT, invalid, invalid_volume, links, minor_of
from isotherm.localcloud.volume.entities import Backup, Volume, timestamp
from isotherm.localcloud.volume.state import BlockStorage

_CONTAINER = "volumebackups"


def create(storage: BlockStorage, call: Call, wish: Wish) -> Backup:
    """The volume is `backing-up` until it is done. Raises Fault 400, 404, 413."""
    volume = storage.volume(call.caller, wish["volume_id"])
    if wish.get("snapshot_id") is not None:
        storage.snapshot(call.caller, wish["snapshot_id"])
    _check_volume(volume, forced=wish.get("force", False))
    usage.check_backup(storage, volume.project_id, volume.size)
    parents = [
        each for each in storage.backups.find(volume_id=volume.id) if each.status == "available"
    ]
    incremental = wish.get("incremental", False)
    if incremental and not parents:
        raise invalid("Invalid backup: No backups available to do an incremental backup.")
    if wish.get("snapshot_id") is None:
        storage.change_status(volume, "backing-up")
    made = {
        "project_id": volume.project_id,
        "size": volume.size,
        "container": wish.get("container") or _CONTAINER,
        "parent_id": parents[-1].id if incremental else None,
        "metadata": wish.get("metadata") or {},
    }
    return BACKUPS.add(storage, call.caller, wish, **made)


def _check_volume(volume: Volume, *, forced: bool) -> None:
    if volume.status == "available" or (volume.status == "in-use" and forced):
        return
    if volume.status == "in-use":
        raise invalid_volume("Backing up an in-use volume must use the force flag.")
    raise invalid_volume(
        f"Volume to be backed up must be available or in-use, but the current status is "
        f'"{volume.status}".'
    )


def _release(storage: BlockStorage, backup: Backup, args: dict[str, Any]) -> None:
    """The volume is free again."""
    volume = storage.volumes.get(backup.volume_id)
    if volume is not None and volume.status == "backing-up":
        storage.change_status(volume, volume.previous_status)


def _fail(storage: BlockStorage, backup: Backup, args: dict[str, Any]) -> str:
    _release(storage, backup, args)
    return str(args["state"])


def _more(storage: BlockStorage, call: Call, backup: Backup, view: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"links": links(call, f"backups/{backup.id}")}
    if view == BRIEF:
        return shown
    shown |= {
        "object_count": 0,
        "availability_zone": None,
        "fail_reason": None,
        "is_incremental": backup.parent_id is not None,
        "has_dependent_backups": any(each.parent_id == backup.id for each in storage.backups),
        "data_timestamp": timestamp(backup.created_at),
    }
    if call.caller.is_admin and minor_of(call) >= 18:
        shown["os-backup-project-attr:project_id"] = backup.project_id
    if call.caller.is_admin and minor_of(call) >= 56:
        shown["user_id"] = backup.user_id
    return shown


BACKUPS = Kind[BlockStorage, Backup](
    dialect=DIALECT,
    name="backup",
    entity=Backup,
    brief=True,
    views={"create": BRIEF, "update": BRIEF},
    also={
        "incremental": said_only(short_flag, update=False),
        "force": said_only(short_flag, update=False),
        "availability_zone": said_only(or_none(text()), update=False),
    },
    options={"update": {"since": 9}},
    life=Life(
        creating="creating",
        deleting="deleting",
        deletable=("available", "error"),
        completed=_release,
        failing=_fail,
    ),
    listing=Listing(filters=("name", "status", "volume_id")),
    create=create,
    ties=Ties(
        users={"backup": "parent_id"},
        used=lambda backup: invalid("Invalid backup: Incremental backups exist for this backup."),
    ),
    more=_more,
)


@BACKUPS.routes.post("/backups/{id}/restore", "backup.restore", status=202)
def restore(storage: BlockStorage, call: Call) -> object:
    """Into the volume named, else into a new one."""
    backup = BACKUPS.of(storage, call)
    wish = DIALECT.body(call, "restore")
    if not isinstance(wish, dict):
        raise DIALECT.no_object("restore", wish)
    if backup.status != "available":
        raise invalid("Invalid backup: Backup status must be available")
    volume = _target(storage, call, backup, wish)
    storage.change_status(volume, "restoring-backup")
    backup.status = "restoring"
    storage.backups.save(backup)
    storage.advance(call, "backup.restore", backup, volume_id=volume.id)
    restored = {"backup_id": backup.id, "volume_id": volume.id, "volume_name": volume.name}
    return {"restore": restored}


def _target(storage: BlockStorage, call: Call, backup: Backup, wish: Wish) -> Volume:
    if wish.get("volume_id") is None:
        name = wish.get("name") or f"restore_backup_{backup.id}"
        return volumes.make(storage, call.caller, {"size": backup.size, "name": name})
    volume = storage.volume(call.caller, wish["volume_id"])
    if volume.status != "available":
        raise invalid_volume("Volume to be restored to must be available")
    if volume.size < backup.size:
        raise invalid_volume(
            f"volume size {volume.size} is too small to restore backup of size {backup.size}."
        )
    return volume


@BACKUPS.transitions.on("backup.restore")
def complete_restore(storage: BlockStorage, backup: Backup, args: dict[str, Any]) -> None:
    volume = storage.volumes.get(args["volume_id"])
    if volume is not None:
        storage.change_status(volume, "available")
    backup.status = "available"
    BACKUPS.touch(storage, backup)
