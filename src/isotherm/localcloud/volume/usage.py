"""What projects may use and do use, and the refusals when they would use more."""

from collections.abc import Mapping

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.quotas import UNLIMITED
from isotherm.localcloud.volume.entities import VolumeType
from isotherm.localcloud.volume.state import QUOTAS, BlockStorage

PER_TYPE = ("volumes", "gigabytes", "snapshots")


def names(storage: BlockStorage) -> list[str]:
    """All quotas in the service's order: its own, and three for each volume type."""
    per_type = [f"{name}_{type_.name}" for type_ in storage.types for name in PER_TYPE]
    own = [name for name in QUOTAS if name != "groups"]
    return [*own, *per_type, "groups"]


def limits(storage: BlockStorage, project_id: str) -> dict[str, int]:
    known = storage.quotas.limits(project_id)
    return {name: known.get(name, UNLIMITED) for name in names(storage)}


def used(storage: BlockStorage, project_id: str) -> dict[str, int]:
    counts = dict.fromkeys(names(storage), 0)

    def count(type_id: str, **more: int) -> None:
        type_ = storage.types.get(type_id)
        for name, value in more.items():
            counts[name] += value
            if type_ is not None:
                counts[f"{name}_{type_.name}"] += value

    for volume in storage.volumes.find(project_id=project_id):
        count(volume.volume_type_id, volumes=1, gigabytes=volume.size)
    for snapshot in storage.snapshots.find(project_id=project_id):
        of = storage.volumes.get(snapshot.volume_id)
        count(of.volume_type_id if of else "", snapshots=1, gigabytes=snapshot.size)
    for backup in storage.backups.find(project_id=project_id):
        counts["backups"] += 1
        counts["backup_gigabytes"] += backup.size
    return counts


def check_size(storage: BlockStorage, project_id: str, size: int) -> None:
    """No volume is larger than a project's volumes may be. Raises Fault 413."""
    limit = limits(storage, project_id)["per_volume_gigabytes"]
    if limit != UNLIMITED and size > limit:
        raise _over(
            "VolumeSizeExceedsLimit",
            f"Requested volume size {size}G is larger than maximum allowed limit {limit}G.",
        )


def check_backup(storage: BlockStorage, project_id: str, size: int) -> None:
    limit, count = limits(storage, project_id), used(storage, project_id)
    if _passes(limit["backup_gigabytes"], count["backup_gigabytes"], size):
        raise _over(
            "VolumeBackupSizeExceedsAvailableQuota",
            "Requested backup exceeds allowed Backup gigabytes quota. Requested "
            f"{size}G, quota is {limit['backup_gigabytes']}G and "
            f"{count['backup_gigabytes']}G has been consumed.",
        )
    if _passes(limit["backups"], count["backups"], 1):
        raise _over(
            "BackupLimitExceeded",
            f"Maximum number of backups allowed ({limit['backups']}) exceeded",
        )


def check(
    storage: BlockStorage, project_id: str, type_: VolumeType, wanted: Mapping[str, int]
) -> None:
    """Room for more `gigabytes`, `volumes`, `snapshots` of the type. Raises Fault 413."""
    limit, count = limits(storage, project_id), used(storage, project_id)
    for kind, more in wanted.items():
        for name in (kind, f"{kind}_{type_.name}"):
            if _passes(limit[name], count[name], more):
                raise _refusal(kind, name, more, limit[name], count[name])


def _refusal(kind: str, name: str, more: int, limit: int, count: int) -> Fault:
    if kind == "gigabytes":
        return _over(
            "VolumeSizeExceedsAvailableQuota",
            f"Requested volume or snapshot exceeds allowed {name} quota. Requested "
            f"{more}G, quota is {limit}G and {count}G has been consumed.",
        )
    if kind == "volumes":
        return _over(
            "VolumeLimitExceeded",
            f"Maximum number of volumes allowed ({limit}) exceeded for quota '{name}'.",
        )
    return _over("SnapshotLimitExceeded", f"Maximum number of snapshots allowed ({limit}) exceeded")


def _passes(limit: int, count: int, more: int) -> bool:
    return limit != UNLIMITED and more > 0 and count + more > limit


def _over(name: str, message: str) -> Fault:
    return Fault(413, f"{name}: {message}")
