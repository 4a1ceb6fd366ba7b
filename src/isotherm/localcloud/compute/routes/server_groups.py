"""Routes of server groups. Until 2.63 they list policies, since 2.64 they have one with rules."""

from typing import Any

from isotherm.localcloud.compute import checks
from isotherm.localcloud.compute.checks import Property
from isotherm.localcloud.compute.entities import ServerGroup
from isotherm.localcloud.compute.faults import invalid, not_found, quota_exceeded
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.compute.usage import used_by
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.paging import page_of

routes = ComputeRoutes()

_STRICT = ("anti-affinity", "affinity")
_ALL = (*_STRICT, "soft-affinity", "soft-anti-affinity")


def _policy(name: str, value: Any, minor: int) -> str:
    checked: str = checks.choice(*(_ALL if minor >= 15 else _STRICT))(name, value, minor)
    return checked


_RULES = checks.shape({"max_server_per_host": Property(checks.integer(1))})
_CREATE = {
    "name": Property(checks.name_text, required=True),
    "policies": Property(checks.items(_policy, least=1, most=1), required=True, until=63),
    "policy": Property(_policy, required=True, since=64),
    "rules": Property(_RULES, since=64),
}


@routes.get("/os-server-groups", "server_group.list")
def list_groups(compute: Compute, call: Call) -> object:
    everybody = call.caller.is_admin and call.argument("all_projects") is not None
    groups = list(compute.groups) if everybody else compute.groups.find(project_id=call.project_id)
    offset = call.argument("offset") or "0"
    start = int(offset) if offset.isascii() and offset.isdigit() else 0
    page, _ = page_of(groups[start:], call)
    return {"server_groups": [_show(compute, call, group) for group in page]}


@routes.post("/os-server-groups", "server_group.create")
def create_group(compute: Compute, call: Call) -> object:
    wish = checks.read(call, "server_group", _CREATE)
    policy, rules = wish.get("policy") or wish["policies"][0], wish.get("rules", {})
    if rules and policy != "anti-affinity":
        raise invalid("Only anti-affinity policy supports rules.")
    used = used_by(compute, call.project_id)
    if compute.quotas.exceeded(call.project_id, used, {"server_groups": 1}):
        raise quota_exceeded("Quota exceeded, too many server groups.")
    group = ServerGroup(
        name=wish["name"],
        project_id=call.project_id,
        user_id=call.caller.user_id,
        policy=policy,
        rules=rules,
    )
    compute.groups.add(group)
    return {"server_group": _show(compute, call, group)}


@routes.get("/os-server-groups/{group_id}", "server_group.show")
def show_group(compute: Compute, call: Call) -> object:
    return {"server_group": _show(compute, call, _find(compute, call))}


@routes.delete("/os-server-groups/{group_id}", "server_group.delete")
def delete_group(compute: Compute, call: Call) -> None:
    group = _find(compute, call)
    for server in compute.servers.find(group_id=group.id):
        server.group_id = None
        compute.servers.save(server)
    compute.groups.remove(group.id)


def _find(compute: Compute, call: Call) -> ServerGroup:
    group = compute.groups.get(call.params["group_id"])
    if group is None or not call.caller.sees(group.project_id):
        raise not_found("Instance group", call.params["group_id"])
    return group


def _show(compute: Compute, call: Call, group: ServerGroup) -> dict[str, Any]:
    minor = minor_of(call)
    shown: dict[str, Any] = {"id": group.id, "name": group.name}
    if minor >= 64:
        shown |= {"policy": group.policy, "rules": group.rules}
    else:
        shown |= {"policies": [group.policy], "metadata": {}}
    shown["members"] = [server.id for server in compute.servers.find(group_id=group.id)]
    if minor >= 13:
        shown |= {"project_id": group.project_id, "user_id": group.user_id}
    return shown
