"""Limits and quotas of projects."""

from collections.abc import Iterable, Mapping
from typing import Any

from isotherm.localcloud.compute import checks
from isotherm.localcloud.compute.dialect import DIALECT
from isotherm.localcloud.compute.faults import invalid
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.routing import require
from isotherm.localcloud.compute.state import QUOTAS, Compute
from isotherm.localcloud.compute.usage import used_by
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds.quota_sets import QuotaSets

_LIMITS = {
    "maxTotalCores": "cores",
    "maxTotalInstances": "instances",
    "maxTotalKeypairs": "key_pairs",
    "maxServerMeta": "metadata_items",
    "maxTotalRAMSize": "ram",
    "maxServerGroups": "server_groups",
    "maxServerGroupMembers": "server_group_members",
}
_USAGE = {
    "totalRAMUsed": "ram",
    "totalCoresUsed": "cores",
    "totalInstancesUsed": "instances",
    "totalServerGroupsUsed": "server_groups",
}
_NETWORK = ("fixed_ips", "floating_ips", "security_groups", "security_group_rules")
_FILES = ("injected_files", "injected_file_content_bytes", "injected_file_path_bytes")
# Since then these are nobody's business here.
_GONE = {**dict.fromkeys(_NETWORK, 36), **dict.fromkeys(_FILES, 57)}


class ComputeQuotas(QuotaSets[Compute]):
    delete_status = 202
    check = staticmethod(checks.integer(-1, 2**31 - 1))

    def used(self, service: Compute, project_id: str) -> Mapping[str, int]:
        return used_by(service, project_id)

    def known(self, service: Compute, call: Call) -> Iterable[str]:
        minor = minor_of(call)
        return [name for name in QUOTAS if minor < _GONE.get(name, minor + 1)]

    def require(self, service: Compute, call: Call, project_id: str, verb: str) -> None:
        if verb != "show":
            require(call, f"os-quota-sets:{verb}")
        if verb == "delete" or project_id == call.project_id:
            return
        require(call, f"os-quota-sets:{verb}")
        if service.frame.peers.identity.project_name(project_id) is None:
            raise invalid(f"Project ID {project_id} is not a valid project.")

    def shown(
        self, service: Compute, call: Call, values: Mapping[str, Any], project_id: str | None
    ) -> object:
        own = {} if project_id is None else {"id": project_id}
        return {self.key: {**own, **self.sorted(service, call, values)}}

    def sorted(self, service: Compute, call: Call, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: values[name] for name in sorted(self.known(service, call))}

    def too_low(self, name: str, limit: int, used: int) -> Fault:
        return invalid(
            f"Quota limit {limit} for {name} must be greater than or equal to "
            f"already used and reserved {used}."
        )


SETS = ComputeQuotas(DIALECT, "quota_set")
routes = SETS.routes


@routes.get("/limits", "limits.show")
def show_limits(compute: Compute, call: Call) -> object:
    minor = minor_of(call)
    project_id = call.argument("tenant_id") or call.project_id
    if project_id != call.project_id:
        require(call, "limits:other_project")
    limits, used = compute.quotas.limits(project_id), used_by(compute, project_id)
    absolute = {shown: limits[name] for shown, name in _LIMITS.items()}
    absolute |= {shown: used[name] for shown, name in _USAGE.items()}
    if minor < 36:
        absolute |= {
            "maxTotalFloatingIps": -1,
            "maxSecurityGroups": -1,
            "maxSecurityGroupRules": -1,
            "totalFloatingIpsUsed": 0,
            "totalSecurityGroupsUsed": 0,
        }
    if minor < 39:
        absolute["maxImageMeta"] = limits["metadata_items"]
    if minor < 57:
        absolute |= {"maxPersonality": 5, "maxPersonalitySize": 10240}
    return {"limits": {"rate": [], "absolute": absolute}}


@routes.get(
    "/os-quota-class-sets/{name}", "quota_class_set.show", policy="os-quota-class-sets:show"
)
def show_class(compute: Compute, call: Call) -> Reply:
    shown = {"id": call.params["name"], **SETS.sorted(compute, call, compute.quotas.defaults)}
    return Reply(200, {"quota_class_set": shown})
