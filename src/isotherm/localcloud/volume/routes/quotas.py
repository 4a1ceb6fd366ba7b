"""Routes of quotas and limits."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.volume import bodies, usage
from isotherm.localcloud.volume.faults import forbidden, invalid, invalid_field, invalid_input
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import QUOTAS, BlockStorage

routes = VolumeRoutes()

_RULE = "volume_extension:quotas"
# Not to be taken for quotas in a body.
_OTHERS = ("tenant_id", "skip_validation", "force")


@routes.get("/os-quota-sets/{target_id}", "quota.show")
def show_quotas(storage: BlockStorage, call: Call) -> object:
    target_id = _target(call)
    limits = usage.limits(storage, target_id)
    if (call.argument("usage") or "").lower() != "true":
        return {"quota_set": {**limits, "id": target_id}}
    used = usage.used(storage, target_id)
    detailed: dict[str, Any] = {
        name: {"limit": limit, "in_use": used[name], "reserved": 0}
        for name, limit in limits.items()
    }
    return {"quota_set": {**detailed, "id": target_id}}


@routes.get("/os-quota-sets/{target_id}/defaults", "quota.show_defaults")
def show_defaults(storage: BlockStorage, call: Call) -> object:
    return {"quota_set": {**_defaults(storage), "id": _target(call)}}


@routes.put("/os-quota-sets/{target_id}", "quota.update", policy=f"{_RULE}:update")
def update_quotas(storage: BlockStorage, call: Call) -> object:
    wish = bodies.read(call, "quota_set", dict[str, Any])
    given = {name: value for name, value in wish.items() if name not in _OTHERS}
    known = usage.names(storage)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise invalid_input(f"Bad key(s) in quota set: {', '.join(unknown)}")
    limits = {name: _limit(name, value) for name, value in given.items()}
    storage.quotas.update(call.params["target_id"], limits)
    return {"quota_set": usage.limits(storage, call.params["target_id"])}


@routes.delete("/os-quota-sets/{target_id}", "quota.delete", policy=f"{_RULE}:delete", status=200)
def delete_quotas(storage: BlockStorage, call: Call) -> None:
    storage.quotas.reset(call.params["target_id"])


@routes.get("/os-quota-class-sets/{name}", "quota_class.show")
def show_class(storage: BlockStorage, call: Call) -> object:
    if not call.caller.is_admin:
        raise forbidden("volume_extension:quota_classes:get")
    return {"quota_class_set": {**_defaults(storage), "id": call.params["name"]}}


@routes.get("/limits", "limits.show")
def show_limits(storage: BlockStorage, call: Call) -> object:
    wanted = call.argument("project_id") if call.caller.is_admin else None
    target_id = wanted or call.project_id
    limits, used = usage.limits(storage, target_id), usage.used(storage, target_id)
    absolute = {
        "maxTotalVolumes": limits["volumes"],
        "maxTotalSnapshots": limits["snapshots"],
        "maxTotalVolumeGigabytes": limits["gigabytes"],
        "maxTotalBackups": limits["backups"],
        "maxTotalBackupGigabytes": limits["backup_gigabytes"],
        "totalVolumesUsed": used["volumes"],
        "totalGigabytesUsed": used["gigabytes"],
        "totalSnapshotsUsed": used["snapshots"],
        "totalBackupsUsed": used["backups"],
        "totalBackupGigabytesUsed": used["backup_gigabytes"],
    }
    return {"limits": {"rate": [], "absolute": absolute}}


def _defaults(storage: BlockStorage) -> dict[str, int]:
    return {name: QUOTAS.get(name, -1) for name in usage.names(storage)}


def _target(call: Call) -> str:
    target_id = call.params["target_id"]
    if not call.caller.sees(target_id):
        raise forbidden(f"{_RULE}:show")
    return target_id


def _limit(name: str, value: object) -> int:
    try:
        limit = int(str(value))
    except ValueError as error:
        raise invalid_field(name, f"{value!r} is no integer") from error
    if limit < -1:
        raise invalid(f"{name} must be >= -1")
    return limit
