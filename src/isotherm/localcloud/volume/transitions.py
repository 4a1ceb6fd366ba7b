"""What happens to the objects of block storage by itself, after the time it takes."""

from typing import Any

from isotherm.localcloud.service import Transitions
from isotherm.localcloud.volume import volumes
from isotherm.localcloud.volume.entities import Backup, Snapshot, Volume
from isotherm.localcloud.volume.state import BlockStorage

transitions = Transitions[BlockStorage]()

_ERROR_AFTER = {"deleting": "error_deleting", "extending": "error_extending"}


@transitions.on("volume.complete")
def complete_volume(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    if volume.image_metadata:
        volume.bootable = True
    volumes.change_status(storage, volume, "available")


@transitions.on("volume.fail")
def fail_volume(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    state = args["state"]
    if state == "error":
        state = _ERROR_AFTER.get(volume.status, state)
    volumes.change_status(storage, volume, state)


@transitions.on("volume.remove")
def remove_volume(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    volumes.remove(storage, volume)


@transitions.on("volume.grow")
def grow_volume(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    volume.size = args["size"]
    volumes.change_status(storage, volume, volume.previous_status)


@transitions.on("volume.retype")
def retype_volume(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    type_ = storage.types.get(args["type_id"])
    if type_ is not None:
        volume.volume_type_id = type_.id
        volume.multiattach = type_.extra_specs.get("multiattach") == "<is> True"
    volumes.change_status(storage, volume, volume.previous_status)


@transitions.on("volume.upload")
def upload_volume(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    storage.frame.peers.image.complete_snapshot(args["image_id"], volume.size * 2**30)
    volumes.change_status(storage, volume, volume.previous_status)


@transitions.on("snapshot.complete")
def complete_snapshot(storage: BlockStorage, snapshot: Snapshot, args: dict[str, Any]) -> None:
    snapshot.status = "available"
    storage.touch(snapshot)


@transitions.on("snapshot.fail")
def fail_snapshot(storage: BlockStorage, snapshot: Snapshot, args: dict[str, Any]) -> None:
    snapshot.status = args["state"]
    storage.touch(snapshot)


@transitions.on("snapshot.remove")
def remove_snapshot(storage: BlockStorage, snapshot: Snapshot, args: dict[str, Any]) -> None:
    storage.snapshots.remove(snapshot.id)


@transitions.on("backup.complete")
def complete_backup(storage: BlockStorage, backup: Backup, args: dict[str, Any]) -> None:
    _end_backup(storage, backup, "available")


@transitions.on("backup.fail")
def fail_backup(storage: BlockStorage, backup: Backup, args: dict[str, Any]) -> None:
    _end_backup(storage, backup, args["state"])


@transitions.on("backup.remove")
def remove_backup(storage: BlockStorage, backup: Backup, args: dict[str, Any]) -> None:
    storage.backups.remove(backup.id)


@transitions.on("backup.restore")
def restore_backup(storage: BlockStorage, backup: Backup, args: dict[str, Any]) -> None:
    volume = storage.volumes.get(args["volume_id"])
    if volume is not None:
        volumes.change_status(storage, volume, "available")
    _end_backup(storage, backup, "available")


def _end_backup(storage: BlockStorage, backup: Backup, status: str) -> None:
    volume = storage.volumes.get(backup.volume_id)
    if volume is not None and volume.status == "backing-up":
        volumes.change_status(storage, volume, volume.previous_status)
    backup.status = status
    storage.touch(backup)
