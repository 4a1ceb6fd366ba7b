"""Quotas of projects."""

from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds.quota_sets import QuotaSets
from isotherm.localcloud.network import faults, security_groups
from isotherm.localcloud.network.checks import integer
from isotherm.localcloud.network.dialect import DIALECT
from isotherm.localcloud.network.state import Networking


class NetworkQuotas(QuotaSets[Networking]):
    path = "/quotas"
    key = "quota"
    defaults = "default"
    details = ("details", "details.json")
    flags = ("force", "check_limit", "tenant_id", "project_id")
    delete_status = 204
    used_name = "used"
    check = staticmethod(integer(-1, 2**31 - 1))

    def used(self, service: Networking, project_id: str) -> Mapping[str, int]:
        security_groups.ensure_default(service, project_id)
        return {name: service.used(project_id, name) for name in service.quotas.defaults}

    def require(self, service: Networking, call: Call, project_id: str, verb: str) -> None:
        if not (call.caller.is_admin or (verb == "show" and call.caller.sees(project_id))):
            raise faults.forbidden(f"rule:{'get' if verb == 'show' else verb}_quota")

    def absent(self, project_id: str) -> Fault:
        return faults.missing(
            "TenantQuotaNotFound", f"Quota for project {project_id} could not be found."
        )


QUOTAS = NetworkQuotas(DIALECT)
routes = QUOTAS.routes


@routes.get("/quotas", "quota.list")
def list_quotas(networking: Networking, call: Call) -> object:
    if not call.caller.is_admin:
        raise faults.forbidden("rule:get_quota")
    changed: dict[str, dict[str, Any]] = {**networking.quotas.changed()}
    return {
        "quotas": [
            {**limits, "project_id": project_id, "tenant_id": project_id}
            for project_id, limits in changed.items()
        ]
    }


@routes.get("/quotas/tenant", "quota.show_tenant")
def show_tenant(networking: Networking, call: Call) -> object:
    return {"tenant": {"tenant_id": call.project_id}}


@routes.get("/quotas/project", "quota.show_tenant")
def show_project(networking: Networking, call: Call) -> object:
    return {"project": {"project_id": call.project_id}}
