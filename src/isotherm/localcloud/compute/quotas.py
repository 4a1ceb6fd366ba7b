"""Routes of limits and quotas."""

from typing import Any

from isotherm.localcloud.compute import checks
from isotherm.localcloud.compute.dialect import read
from isotherm.localcloud.compute.faults import invalid
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.routing import ComputeRoutes, require
from isotherm.localcloud.compute.state import QUOTAS, Compute
from isotherm.localcloud.compute.usage import used_by
from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.kinds import said
from isotherm.localcloud.kinds.checks import flag

routes = ComputeRoutes()

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
_LIMIT = checks.integer(-1, 2**31 - 1)
_UPDATE = {
    name: said(_LIMIT, until=35 if name in _NETWORK else 56 if name in _FILES else 96)
    for name in QUOTAS
}


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


@routes.get("/os-quota-sets/{project}", "quota_set.show")
def show_quota(compute: Compute, call: Call) -> object:
    project_id = _project(compute, call, "show")
    return _set(call, compute.quotas.limits(project_id), project_id)


@routes.get("/os-quota-sets/{project}/defaults", "quota_set.show")
def show_defaults(compute: Compute, call: Call) -> object:
    return _set(call, compute.quotas.defaults, call.params["project"])


@routes.get("/os-quota-sets/{project}/detail", "quota_set.show")
def show_quota_in_detail(compute: Compute, call: Call) -> object:
    project_id = _project(compute, call, "detail")
    used = used_by(compute, project_id)
    detail = {
        name: {"limit": limit, "in_use": used.get(name, 0), "reserved": 0}
        for name, limit in compute.quotas.limits(project_id).items()
    }
    return _set(call, detail, project_id)


@routes.put("/os-quota-sets/{project}", "quota_set.update", policy="os-quota-sets:update")
def update_quota(compute: Compute, call: Call) -> object:
    properties = {**_UPDATE, "force": said(flag)}
    wish = read(call, "quota_set", properties)
    force = wish.pop("force", False)
    project_id = _project(compute, call, "update")
    used = used_by(compute, project_id)
    for name, limit in wish.items():
        if not force and 0 <= limit < used.get(name, 0):
            raise invalid(
                f"Quota limit {limit} for {name} must be greater than or equal to "
                f"already used and reserved {used[name]}."
            )
    return _set(call, compute.quotas.update(project_id, wish), None)


@routes.delete(
    "/os-quota-sets/{project}", "quota_set.delete", status=202, policy="os-quota-sets:delete"
)
def delete_quota(compute: Compute, call: Call) -> None:
    compute.quotas.reset(call.params["project"])


@routes.get(
    "/os-quota-class-sets/{name}", "quota_class_set.show", policy="os-quota-class-sets:show"
)
def show_class(compute: Compute, call: Call) -> Reply:
    shown = {"id": call.params["name"], **_known(call, compute.quotas.defaults)}
    return Reply(200, {"quota_class_set": shown})


def _project(compute: Compute, call: Call, verb: str) -> str:
    project_id = call.params["project"]
    if project_id != call.project_id:
        require(call, f"os-quota-sets:{verb}")
        if compute.frame.peers.identity.project_name(project_id) is None:
            raise invalid(f"Project ID {project_id} is not a valid project.")
    return project_id


def _set(call: Call, values: dict[str, Any], project_id: str | None) -> dict[str, Any]:
    shown = {} if project_id is None else {"id": project_id}
    return {"quota_set": {**shown, **_known(call, values)}}


def _known(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """What the request's microversion knows."""
    minor = minor_of(call)
    hidden = {*(_NETWORK if minor >= 36 else ()), *(_FILES if minor >= 57 else ())}
    return {name: values[name] for name in sorted(values) if name not in hidden}
