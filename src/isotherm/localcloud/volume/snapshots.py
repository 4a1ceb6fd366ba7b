"""Making and removing snapshots and backups."""

import msgspec

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.volume import usage
from isotherm.localcloud.volume.entities import Backup, Snapshot, Volume
from isotherm.localcloud.volume.faults import invalid, invalid_volume
from isotherm.localcloud.volume.state import BlockStorage
from isotherm.localcloud.volume.volumes import change_status

_CONTAINER = "volumebackups"


class SnapshotWish(msgspec.Struct, kw_only=True):
    volume_id: str
    name: str | None = None
    description: str | None = None
    metadata: dict[str, str] | None = None
    force: bool | str | None = False


class BackupWish(msgspec.Struct, kw_only=True):
    volume_id: str
    name: str | None = None
    description: str | None = None
    container: str | None = None
    incremental: bool | str = False
    force: bool | str = False
    snapshot_id: str | None = None
    metadata: dict[str, str] | None = None
    availability_zone: str | None = None


def create(storage: BlockStorage, caller: Caller, volume: Volume, wish: SnapshotWish) -> Snapshot:
    """A snapshot in status `creating`."""
    if volume.status.startswith("error"):
        raise invalid_volume(
            f"The snapshot cannot be created when the volume is in {volume.status} status."
        )
    if volume.status not in ("available", "in-use"):
        raise invalid_volume(
            f"Volume {volume.id} status must be available, in-use, "
            f"but current status is: {volume.status}."
        )
    usage.check_snapshot(storage, volume.project_id, storage.type_of(volume), volume.size)
    return storage.snapshots.add(
        Snapshot(
            project_id=volume.project_id,
            user_id=caller.user_id,
            volume_id=volume.id,
            size=volume.size,
            created_at=storage.now(),
            name=wish.name,
            description=wish.description,
            metadata=wish.metadata or {},
        )
    )


def begin_delete(storage: BlockStorage, snapshot: Snapshot) -> None:
    """Raises Fault 400 while something else goes on."""
    if snapshot.status not in ("available", "error"):
        raise invalid(
            "Invalid snapshot: Snapshot status must be available or error, and must not be "
            "part of a group."
        )
    storage.cancel(snapshot)
    snapshot.status = "deleting"
    storage.touch(snapshot)


def back_up(storage: BlockStorage, caller: Caller, volume: Volume, wish: BackupWish) -> Backup:
    """A backup in status `creating`; the volume is `backing-up` until it is done."""
    _check_volume(volume, forced=str(wish.force).lower() == "true")
    usage.check_backup(storage, volume.project_id, volume.size)
    parents = [
        each for each in storage.backups.find(volume_id=volume.id) if each.status == "available"
    ]
    incremental = str(wish.incremental).lower() == "true"
    if incremental and not parents:
        raise invalid("Invalid backup: No backups available to do an incremental backup.")
    if wish.snapshot_id is None:
        change_status(storage, volume, "backing-up")
    return storage.backups.add(
        Backup(
            project_id=volume.project_id,
            user_id=caller.user_id,
            volume_id=volume.id,
            size=volume.size,
            created_at=storage.now(),
            name=wish.name,
            description=wish.description,
            container=wish.container or _CONTAINER,
            snapshot_id=wish.snapshot_id,
            parent_id=parents[-1].id if incremental else None,
            metadata=wish.metadata or {},
        )
    )


def _check_volume(volume: Volume, *, forced: bool) -> None:
    if volume.status == "available" or (volume.status == "in-use" and forced):
        return
    if volume.status == "in-use":
        raise invalid_volume("Backing up an in-use volume must use the force flag.")
    raise invalid_volume(
        f"Volume to be backed up must be available or in-use, but the current status is "
        f'"{volume.status}".'
    )


def begin_delete_backup(storage: BlockStorage, backup: Backup) -> None:
    if backup.status not in ("available", "error"):
        raise invalid("Invalid backup: Backup status must be available or error")
    if any(each.parent_id == backup.id for each in storage.backups):
        raise invalid("Invalid backup: Incremental backups exist for this backup.")
    backup.status = "deleting"
    storage.touch(backup)
