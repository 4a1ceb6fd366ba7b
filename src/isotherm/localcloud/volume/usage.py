"""What projects may use and do use, and the refusals when they would use more."""

from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds.checks import integer
from isotherm.localcloud.quotas import UNLIMITED
from isotherm.localcloud.volume.dialect import (
    DIALECT,
    VolumeRoutes,
    checked,
    forbidden,
    invalid_input,
)
from isotherm.localcloud.volume.entities import VolumeType
from isotherm.localcloud.volume.state import QUOTAS, BlockStorage

PER_TYPE = ("volumes", "gigabytes", "snapshots")
routes = VolumeRoutes()

_RULE = "volume_extension:quotas"
# Not to be taken for quotas in a body.
_OTHERS = ("tenant_id", "skip_validation", "force")
_LIMIT = integer(-1, 2**31 - 1)
_TOTALS = {
    "maxTotalVolumes": "volumes",
    "maxTotalSnapshots": "snapshots",
    "maxTotalVolumeGigabytes": "gigabytes",
    "maxTotalBackups": "backups",
    "maxTotalBackupGigabytes": "backup_gigabytes",
}
_USED = {
    "totalVolumesUsed": "volumes",
    "totalGigabytesUsed": "gigabytes",
    "totalSnapshotsUsed": "snapshots",
    "totalBackupsUsed": "backups",
    "totalBackupGigabytesUsed": "backup_gigabytes",
}


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


@routes.get("/os-quota-sets/{target_id}", "quota.show")
def show_quotas(storage: BlockStorage, call: Call) -> object:
    target_id = _target(call)
    shown: dict[str, Any] = {**limits(storage, target_id)}
    if (call.argument("usage") or "").lower() == "true":
        count = used(storage, target_id)
        shown = {
            name: {"limit": limit, "in_use": count[name], "reserved": 0}
            for name, limit in shown.items()
        }
    return {"quota_set": {**shown, "id": target_id}}


@routes.get("/os-quota-sets/{target_id}/defaults", "quota.show_defaults")
def show_defaults(storage: BlockStorage, call: Call) -> object:
    return {"quota_set": {**_defaults(storage), "id": _target(call)}}


@routes.put("/os-quota-sets/{target_id}", "quota.update", policy=f"{_RULE}:update")
def update_quotas(storage: BlockStorage, call: Call) -> object:
    wish = DIALECT.body(call, "quota_set")
    if not isinstance(wish, dict):
        raise DIALECT.no_object("quota_set", wish)
    known, given = names(storage), [name for name in wish if name not in _OTHERS]
    if unknown := [name for name in given if name not in known]:
        raise invalid_input(f"Bad key(s) in quota set: {', '.join(unknown)}")
    new = {name: checked(name, wish[name], _LIMIT) for name in given}
    storage.quotas.update(call.params["target_id"], new)
    return {"quota_set": limits(storage, call.params["target_id"])}


@routes.delete("/os-quota-sets/{target_id}", "quota.delete", policy=f"{_RULE}:delete", status=200)
def delete_quotas(storage: BlockStorage, call: Call) -> None:
    storage.quotas.reset(call.params["target_id"])


@routes.get(
    "/os-quota-class-sets/{name}", "quota_class.show", policy="volume_extension:quota_classes:get"
)
def show_class(storage: BlockStorage, call: Call) -> object:
    return {"quota_class_set": {**_defaults(storage), "id": call.params["name"]}}


@routes.get("/limits", "limits.show")
def show_limits(storage: BlockStorage, call: Call) -> object:
    wanted = call.argument("project_id") if call.caller.is_admin else None
    target_id = wanted or call.project_id
    most, count = limits(storage, target_id), used(storage, target_id)
    absolute = {shown: most[name] for shown, name in _TOTALS.items()}
    absolute |= {shown: count[name] for shown, name in _USED.items()}
    return {"limits": {"rate": [], "absolute": absolute}}


def _defaults(storage: BlockStorage) -> dict[str, int]:
    return {name: QUOTAS.get(name, UNLIMITED) for name in names(storage)}


def _target(call: Call) -> str:
    target_id = call.params["target_id"]
    if not call.caller.sees(target_id):
        raise forbidden(f"{_RULE}:show")
    return target_id
