"""What projects use of their quotas, and the refusals when they would use more."""

from collections.abc import Mapping

from isotherm.localcloud.quotas import UNLIMITED
from isotherm.localcloud.volume.entities import VolumeType
from isotherm.localcloud.volume.faults import over_limit
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


def check_volume(storage: BlockStorage, project_id: str, type_: VolumeType, size: int) -> None:
    """Room for a new volume. Raises Fault 413."""
    check_size(storage, project_id, size)
    _check(storage, project_id, type_, {"gigabytes": size, "volumes": 1})


def check_snapshot(storage: BlockStorage, project_id: str, type_: VolumeType, size: int) -> None:
    _check(storage, project_id, type_, {"gigabytes": size, "snapshots": 1})


def check_growth(storage: BlockStorage, project_id: str, type_: VolumeType, more: int) -> None:
    _check(storage, project_id, type_, {"gigabytes": more})


def check_size(storage: BlockStorage, project_id: str, size: int) -> None:
    """No volume is larger than a project's volumes may be. Raises Fault 413."""
    limit = limits(storage, project_id)["per_volume_gigabytes"]
    if limit != UNLIMITED and size > limit:
        raise over_limit(
            "VolumeSizeExceedsLimit",
            f"Requested volume size {size}G is larger than maximum allowed limit {limit}G.",
        )


def check_backup(storage: BlockStorage, project_id: str, size: int) -> None:
    limit, count = limits(storage, project_id), used(storage, project_id)
    if _passes(limit["backup_gigabytes"], count["backup_gigabytes"], size):
        raise over_limit(
            "VolumeBackupSizeExceedsAvailableQuota",
            "Requested backup exceeds allowed Backup gigabytes quota. Requested "
            f"{size}G, quota is {limit['backup_gigabytes']}G and "
            f"{count['backup_gigabytes']}G has been consumed.",
        )
    if _passes(limit["backups"], count["backups"], 1):
        raise over_limit(
            "BackupLimitExceeded",
            f"Maximum number of backups allowed ({limit['backups']}) exceeded",
        )


def _check(
    storage: BlockStorage, project_id: str, type_: VolumeType, wanted: Mapping[str, int]
) -> None:
    limit, count = limits(storage, project_id), used(storage, project_id)
    for kind, more in wanted.items():
        for name in (kind, f"{kind}_{type_.name}"):
            if not _passes(limit[name], count[name], more):
                continue
            if kind == "gigabytes":
                raise over_limit(
                    "VolumeSizeExceedsAvailableQuota",
                    f"Requested volume or snapshot exceeds allowed {name} quota. Requested "
                    f"{more}G, quota is {limit[name]}G and {count[name]}G has been consumed.",
                )
            if kind == "volumes":
                raise over_limit(
                    "VolumeLimitExceeded",
                    f"Maximum number of volumes allowed ({limit[name]}) exceeded for quota "
                    f"'{name}'.",
                )
            raise over_limit(
                "SnapshotLimitExceeded",
                f"Maximum number of snapshots allowed ({limit[name]}) exceeded",
            )


def _passes(limit: int, count: int, more: int) -> bool:
    return limit != UNLIMITED and more > 0 and count + more > limit
