"""Shared file systems: collections, quotas, what is there from the start."""

from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.service import Frame, Service
from isotherm.localcloud.shared_file_system.entities import (
    AccessRule,
    SecurityService,
    Share,
    ShareNetwork,
    ShareType,
    Snapshot,
)

QUOTAS = {
    "shares": 50,
    "gigabytes": 1000,
    "snapshots": 50,
    "snapshot_gigabytes": 1000,
    "share_networks": 10,
    "share_groups": 50,
    "share_group_snapshots": 50,
}
ZONE, HOST = "nova", "local@generic#pool"


class SharedFileSystems(Service):
    service_type = "shared-file-system"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        own = ("project_id",)
        self.types = self.collection("share_type", ShareType, index=("name",))
        self.security_services = self.collection("security_service", SecurityService, index=own)
        self.networks = self.collection("share_network", ShareNetwork, index=own)
        self.shares = self.collection("share", Share, index=(*own, "share_network_id"))
        self.snapshots = self.collection("snapshot", Snapshot, index=(*own, "share_id"))
        self.access_rules = self.collection("access", AccessRule, index=("share_id",))
        self.quotas = Quotas(self, QUOTAS)

    def seed(self) -> None:
        specs = {
            "driver_handles_share_servers": "False",
            "snapshot_support": "True",
            "create_share_from_snapshot_support": "True",
        }
        self.types.add(ShareType(name="default", extra_specs=specs, created_at=self.now()))

    def find_type(self, caller: Caller, name_or_id: str | None) -> ShareType:
        """The default one where none is named. Raises Fault 404."""
        wanted = name_or_id or "default"
        found = self.types.get(wanted) or next(iter(self.types.find(name=wanted)), None)
        if found is None or not self.sees_type(caller, found):
            raise Fault(404, "Share type not found.")
        return found

    @staticmethod
    def sees_type(caller: Caller, found: ShareType) -> bool:
        return found.is_public or caller.is_admin or caller.project_id in found.project_ids

    def used(self, project_id: str) -> dict[str, int]:
        shares = self.shares.find(project_id=project_id)
        snapshots = self.snapshots.find(project_id=project_id)
        return {
            "shares": len(shares),
            "gigabytes": sum(each.size for each in shares),
            "snapshots": len(snapshots),
            "snapshot_gigabytes": sum(each.size for each in snapshots),
            "share_networks": len(self.networks.find(project_id=project_id)),
        }

    def require_room(self, project_id: str, noun: str = "Share", **wanted: int) -> None:
        """Raises Fault 413."""
        for name in self.quotas.exceeded(project_id, self.used(project_id), wanted):
            kind, of_type = noun.lower(), "project/user or share type"
            if name.endswith("gigabytes"):
                refusal = f"{noun}SizeExceedsAvailableQuota: Requested {kind} exceeds allowed"
                raise Fault(413, f"{refusal} {of_type} gigabytes quota.")
            limit = self.quotas.limits(project_id)[name]
            refusal = f"{noun}LimitExceeded: Maximum number of {kind}s allowed ({limit}) either per"
            raise Fault(413, f"{refusal} {of_type} quota is exceeded.")
