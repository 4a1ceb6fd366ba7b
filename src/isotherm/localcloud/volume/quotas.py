"""Quotas and limits of projects."""

import re
from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds.quota_sets import QuotaSets
from isotherm.localcloud.quotas import UNLIMITED
from isotherm.localcloud.volume import usage
from isotherm.localcloud.volume.dialect import VolumeDialect, forbidden, invalid, invalid_input
from isotherm.localcloud.volume.state import QUOTAS, BlockStorage

_RULE = "volume_extension:quotas"
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


class _QuotaDialect(VolumeDialect):
    def nothing(self, where: str) -> Fault:
        return self.invalid(where, {}, ValueError("{} should be non-empty"))

    def misfit(self, name: str, value: object, reason: ValueError) -> Fault:
        return invalid(f"{name} must be {reason}")


def _limit(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        raise ValueError("an integer")
    if int(value) < UNLIMITED:
        raise ValueError(f">= {UNLIMITED}")
    return int(value)


class VolumeQuotas(QuotaSets[BlockStorage]):
    """With three quotas for each volume type; `usage=true` tells what is used."""

    details = ()
    check = staticmethod(_limit)
    flags = ("tenant_id", "skip_validation", "force")
    admins = {  # noqa: RUF012 -- never changed
        verb: f"{_RULE}:{verb}" for verb in ("show", "update", "delete")
    }

    def limits(self, service: BlockStorage, project_id: str) -> dict[str, int]:
        return usage.limits(service, project_id)

    def default_limits(self, service: BlockStorage) -> dict[str, int]:
        return {name: QUOTAS.get(name, UNLIMITED) for name in usage.names(service)}

    def unknown(self, names: list[str], said: object) -> Fault:
        return invalid_input(f"Bad key(s) in quota set: {', '.join(names)}")

    def too_low(self, name: str, limit: int, used: int) -> Fault:
        return invalid(
            f"Quota {name} limit must be equal or greater than existing resources. Current usage "
            f"is {used} and the requested limit is {limit}."
        )

    def used(self, service: BlockStorage, project_id: str) -> Mapping[str, int]:
        return usage.used(service, project_id)

    def shown(
        self,
        service: BlockStorage,
        call: Call,
        values: Mapping[str, Any],
        project_id: str | None,
    ) -> object:
        if project_id is None:
            return {self.key: values}
        if (call.argument("usage") or "").lower() == "true":
            values = self.detailed(service, project_id)
        return {self.key: {**values, "id": project_id}}


SETS = VolumeQuotas(_QuotaDialect())
routes = SETS.routes


@routes.get("/os-quota-class-sets/{name}", "quota_class.show")
def show_class(storage: BlockStorage, call: Call) -> object:
    if not call.caller.is_admin:
        raise forbidden("volume_extension:quota_classes:get")
    return {"quota_class_set": {**SETS.default_limits(storage), "id": call.params["name"]}}


@routes.get("/limits", "limits.show")
def show_limits(storage: BlockStorage, call: Call) -> object:
    wanted = call.argument("project_id") if call.caller.is_admin else None
    target_id = wanted or call.project_id
    most, count = usage.limits(storage, target_id), usage.used(storage, target_id)
    absolute = {shown: most[name] for shown, name in _TOTALS.items()}
    absolute |= {shown: count[name] for shown, name in _USED.items()}
    return {"limits": {"rate": [], "absolute": absolute}}
