"""Quotas of projects."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.network import faults, security_groups
from isotherm.localcloud.network.checks import Unconvertible, boolean, integer
from isotherm.localcloud.network.dialect import PREFIX, read_body
from isotherm.localcloud.network.state import QUOTAS, Networking
from isotherm.localcloud.routing import Routes

routes = Routes[Networking](PREFIX)

_LIMIT = integer(-1, 2**31 - 1)


@routes.get("/quotas", "quota.list")
def list_quotas(networking: Networking, call: Call) -> object:
    if not call.caller.is_admin:
        raise faults.forbidden("rule:get_quota")
    return {
        "quotas": [
            {**limits, "project_id": project_id, "tenant_id": project_id}
            for project_id, limits in networking.quotas.changed().items()
        ]
    }


@routes.get("/quotas/tenant", "quota.show_tenant")
def show_tenant(networking: Networking, call: Call) -> object:
    return {"tenant": {"tenant_id": call.project_id}}


@routes.get("/quotas/project", "quota.show_tenant")
def show_project(networking: Networking, call: Call) -> object:
    return {"project": {"project_id": call.project_id}}


@routes.get("/quotas/{project_id}", "quota.show")
def show_quota(networking: Networking, call: Call) -> object:
    return {"quota": networking.quotas.limits(_seen_project(call))}


@routes.get("/quotas/{project_id}/default", "quota.show_default")
def show_default(networking: Networking, call: Call) -> object:
    _seen_project(call)
    return {"quota": networking.quotas.defaults}


@routes.get("/quotas/{project_id}/details", "quota.show_details")
@routes.get("/quotas/{project_id}/details.json", "quota.show_details")
def show_details(networking: Networking, call: Call) -> object:
    project_id = _seen_project(call)
    security_groups.ensure_default(networking, project_id)
    return {
        "quota": {
            name: {"limit": limit, "used": networking.used(project_id, name), "reserved": 0}
            for name, limit in networking.quotas.limits(project_id).items()
        }
    }


@routes.put("/quotas/{project_id}", "quota.update")
def update_quota(networking: Networking, call: Call) -> object:
    if not call.caller.is_admin:
        raise faults.forbidden("rule:update_quota")
    body = read_body(call).get("quota")
    if not isinstance(body, dict):
        raise faults.refused("Unable to find 'quota' in request body")
    limits = _limits(body)
    project_id = call.params["project_id"]
    if not boolean(body.get("force", False)):
        _refuse_below_used(networking, project_id, limits)
    return {"quota": networking.quotas.update(project_id, limits)}


@routes.delete("/quotas/{project_id}", "quota.delete")
def delete_quota(networking: Networking, call: Call) -> None:
    if not call.caller.is_admin:
        raise faults.forbidden("rule:delete_quota")
    project_id = call.params["project_id"]
    if project_id not in networking.quotas.changed():
        raise faults.missing(
            "TenantQuotaNotFound", f"Quota for project {project_id} could not be found."
        )
    networking.quotas.reset(project_id)


def _seen_project(call: Call) -> str:
    project_id = call.params["project_id"]
    if not call.caller.sees(project_id):
        raise faults.forbidden("rule:get_quota")
    return project_id


def _limits(body: dict[str, Any]) -> dict[str, int]:
    flags = ("force", "check_limit", "tenant_id", "project_id")
    unknown = sorted(name for name in body if name not in QUOTAS and name not in flags)
    if unknown:
        raise faults.refused(f"Unrecognized attribute(s) '{', '.join(unknown)}'")
    limits: dict[str, int] = {}
    for name, value in body.items():
        if name in flags:
            continue
        try:
            limits[name] = _LIMIT(value)
        except Unconvertible as error:
            raise faults.invalid_input(str(error)) from error
        except ValueError as error:
            raise faults.invalid_value(name, str(error)) from error
    return limits


def _refuse_below_used(networking: Networking, project_id: str, limits: dict[str, int]) -> None:
    for name, limit in limits.items():
        used = networking.used(project_id, name)
        if 0 <= limit < used:
            raise faults.refused(
                f"Quota limit {limit} for {name} must be greater than or equal to already used "
                f"{used}"
            )
