"""Routes of backups."""

from collections.abc import Callable

import msgspec

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.volume import bodies, listing, rendering, snapshots, volumes
from isotherm.localcloud.volume.entities import Backup, Volume
from isotherm.localcloud.volume.faults import invalid, invalid_volume
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import BlockStorage

routes = VolumeRoutes()

_FILTERS: dict[str, Callable[[Backup], object]] = {
    "name": lambda backup: backup.name,
    "status": lambda backup: backup.status,
    "volume_id": lambda backup: backup.volume_id,
}


class RestoreBody(msgspec.Struct, kw_only=True):
    volume_id: str | None = None
    name: str | None = None


class UpdateBody(msgspec.Struct, kw_only=True):
    name: str | None = None
    description: str | None = None


@routes.post("/backups", "backup.create", status=202)
def create_backup(storage: BlockStorage, call: Call) -> object:
    wish = bodies.read(call, "backup", snapshots.BackupWish)
    bodies.check_name(wish.name)
    volume = storage.volume(call.caller, wish.volume_id)
    if wish.snapshot_id is not None:
        storage.snapshot(call.caller, wish.snapshot_id)
    backup = snapshots.back_up(storage, call.caller, volume, wish)
    storage.advance(call, "backup.complete", backup)
    return {"backup": rendering.show_backup_brief(call, backup)}


@routes.get("/backups", "backup.list")
def list_backups(storage: BlockStorage, call: Call) -> object:
    return listing.list_page(
        call, storage.backups, _FILTERS, lambda backup: rendering.show_backup_brief(call, backup)
    )


@routes.get("/backups/detail", "backup.list")
def list_backups_in_detail(storage: BlockStorage, call: Call) -> object:
    return listing.list_page(
        call, storage.backups, _FILTERS, lambda backup: rendering.show_backup(storage, call, backup)
    )


@routes.get("/backups/{backup_id}", "backup.show")
def show_backup(storage: BlockStorage, call: Call) -> object:
    backup = storage.backup(call.caller, call.params["backup_id"])
    return {"backup": rendering.show_backup(storage, call, backup)}


@routes.put("/backups/{backup_id}", "backup.update", since=9)
def update_backup(storage: BlockStorage, call: Call) -> object:
    body = bodies.read(call, "backup", UpdateBody)
    backup = storage.backup(call.caller, call.params["backup_id"])
    backup.name = body.name if body.name is not None else backup.name
    backup.description = body.description if body.description is not None else backup.description
    storage.backups.save(backup)
    return {"backup": rendering.show_backup_brief(call, backup)}


@routes.delete("/backups/{backup_id}", "backup.delete", status=202)
def delete_backup(storage: BlockStorage, call: Call) -> None:
    backup = storage.backup(call.caller, call.params["backup_id"])
    snapshots.begin_delete_backup(storage, backup)
    storage.advance(call, "backup.remove", backup)


@routes.post("/backups/{backup_id}/restore", "backup.restore", status=202)
def restore_backup(storage: BlockStorage, call: Call) -> object:
    """Into the volume named, else into a new one."""
    backup = storage.backup(call.caller, call.params["backup_id"])
    body = bodies.read(call, "restore", RestoreBody)
    if backup.status != "available":
        raise invalid("Invalid backup: Backup status must be available")
    volume = _target(storage, call, backup, body)
    volumes.change_status(storage, volume, "restoring-backup")
    backup.status = "restoring"
    storage.backups.save(backup)
    storage.advance(call, "backup.restore", backup, volume_id=volume.id)
    restored = {"backup_id": backup.id, "volume_id": volume.id, "volume_name": volume.name}
    return {"restore": restored}


def _target(storage: BlockStorage, call: Call, backup: Backup, body: RestoreBody) -> Volume:
    if body.volume_id is None:
        name = body.name or f"restore_backup_{backup.id}"
        wish = volumes.CreateWish(size=backup.size, name=name)
        return volumes.create(storage, call.caller, wish)
    volume = storage.volume(call.caller, body.volume_id)
    if volume.status != "available":
        raise invalid_volume("Volume to be restored to must be available")
    if volume.size < backup.size:
        raise invalid_volume(
            f"volume size {volume.size} is too small to restore backup of size {backup.size}."
        )
    return volume
