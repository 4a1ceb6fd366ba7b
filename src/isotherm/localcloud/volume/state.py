"""Block storage: its collections and what everybody looks up in them."""

from typing import TypeVar

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.service import Frame, Service
from isotherm.localcloud.volume.entities import (
    Attachment,
    Backup,
    QosSpecs,
    Snapshot,
    Stored,
    Volume,
    VolumeType,
)

S = TypeVar("S", bound=Stored)

ZONE = "nova"
DEFAULT_TYPE = "__DEFAULT__"
# The one volume service there is.
SERVICE_ID = "6c0f5dc2-9d5c-4f0a-8f1b-5b6a7e1f0a11"
HOST = "local@local#local"
QUOTAS = {
    "volumes": 10,
    "per_volume_gigabytes": -1,
    "snapshots": 10,
    "gigabytes": 1000,
    "backups": 10,
    "backup_gigabytes": 1000,
    "groups": 10,
}


class BlockStorage(Service):
    service_type = "block-storage"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        make = self.collection
        self.types = make("volume_type", VolumeType, index=("name",))
        self.qos_specs = make("qos_specs", QosSpecs, index=("name",))
        self.volumes = make("volume", Volume, index=("project_id", "volume_type_id"))
        self.snapshots = make("snapshot", Snapshot, index=("project_id", "volume_id"))
        self.backups = make("backup", Backup, index=("project_id", "volume_id"))
        self.attachments = make(
            "attachment", Attachment, index=("volume_id", "server_id", "project_id")
        )
        self.quotas = Quotas(self, QUOTAS)

    def seed(self) -> None:
        self.types.add(VolumeType(name=DEFAULT_TYPE, description="Default Volume Type"))

    def change_status(self, volume: Volume, status: str) -> Volume:
        """`previous_status` is kept where the new one will pass by itself."""
        if status in ("extending", "retyping", "backing-up", "uploading"):
            volume.previous_status = volume.status
        volume.status = status
        volume.updated_at = self.now()
        return self.volumes.save(volume)

    # Looking up. All raise Fault 404 for what the caller cannot see.

    def volume(self, caller: Caller, volume_id: str) -> Volume:
        return _seen(self.volumes, caller, volume_id, "Volume")

    def snapshot(self, caller: Caller, snapshot_id: str) -> Snapshot:
        return _seen(self.snapshots, caller, snapshot_id, "Snapshot")

    def backup(self, caller: Caller, backup_id: str) -> Backup:
        return _seen(self.backups, caller, backup_id, "Backup")

    def volume_type(self, caller: Caller, name_or_id: str) -> VolumeType:
        for type_ in [self.types.get(name_or_id), *self.types.find(name=name_or_id)]:
            if type_ is not None and sees_type(self, caller, type_):
                return type_
        raise Fault(404, f"Volume type with name {name_or_id} could not be found.")

    def default_type(self) -> VolumeType:
        return self.types.find(name=DEFAULT_TYPE)[0]

    def type_of(self, volume: Volume) -> VolumeType:
        return self.types.get(volume.volume_type_id) or self.default_type()


def sees_type(storage: BlockStorage, caller: Caller, type_: VolumeType) -> bool:
    return caller.is_admin or type_.is_public or caller.project_id in type_.project_ids


def _seen(collection: Collection[S], caller: Caller, entity_id: str, noun: str) -> S:
    entity = collection.get(entity_id)
    if entity is None or not caller.sees(entity.project_id):
        raise Fault(404, f"{noun} {entity_id} could not be found.")
    return entity
