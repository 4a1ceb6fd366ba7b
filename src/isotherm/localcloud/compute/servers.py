"""Routes of servers: create, list, show, update, delete."""

import secrets
from typing import Any

from isotherm.localcloud.compute import bodies, booting, instance_actions, listing
from isotherm.localcloud.compute.dialect import checked, read
from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.faults import locked
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.notifications import notify
from isotherm.localcloud.compute.rendering import ServerView, brief, links
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.kinds.checks import as_is, mapping

routes = ComputeRoutes()

_HINTS = ("os:scheduler_hints", "OS-SCH-HNT:scheduler_hints")
_PASSWORD_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


def new_password() -> str:
    return "".join(secrets.choice(_PASSWORD_LETTERS) for _ in range(12))


@routes.post("/servers", "server.create", status=202)
def create_server(compute: Compute, call: Call) -> object:
    properties = bodies.CREATE if minor_of(call) < 37 else bodies.CREATE_WITH_NETWORKS
    wish = read(call, "server", properties)
    bodies.refuse_newer(wish, minor_of(call))
    given: object = next((call.json[name] for name in _HINTS if name in call.json), {})
    hints = checked("scheduler_hints", given, mapping(as_is))
    made = booting.build(compute, call, booting.draw(compute, call, wish, hints))
    if wish.get("return_reservation_id"):
        return {"reservation_id": made[0].reservation_id}
    server = made[0]
    own_links = links(call, "servers", server.id)
    shown = {
        "id": server.id,
        "links": own_links,
        "OS-DCF:diskConfig": server.disk_config,
        "security_groups": _asked_groups(wish),
        "adminPass": wish.get("adminPass") or new_password(),
    }
    return Reply(202, {"server": shown}, {"Location": own_links[0]["href"]})


def _asked_groups(wish: dict[str, Any]) -> list[dict[str, str]]:
    names = dict.fromkeys(group["name"] for group in wish.get("security_groups", ()))
    return [{"name": name} for name in names or ("default",)]


@routes.get("/servers", "server.list")
def list_servers(compute: Compute, call: Call) -> object:
    servers, more = listing.select(compute, call)
    return _page(call, "/servers", [brief(call, server) for server in servers], more)


@routes.get("/servers/detail", "server.list")
def list_servers_in_detail(compute: Compute, call: Call) -> object:
    servers, more = listing.select(compute, call)
    view = ServerView(compute, call)
    return _page(call, "/servers/detail", [view.listed(server) for server in servers], more)


def _page(call: Call, path: str, shown: list[dict[str, Any]], more: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"servers": shown}
    if shown and (more or (call.argument("limit") or "") == str(len(shown))):
        body["servers_links"] = [listing.next_link(call, path, shown[-1]["id"])]
    return body


@routes.get("/servers/{server_id}", "server.show")
def show_server(compute: Compute, call: Call) -> object:
    return {"server": ServerView(compute, call).show(compute.server_of(call))}


@routes.put("/servers/{server_id}", "server.update")
def update_server(compute: Compute, call: Call) -> object:
    wish = read(call, "server", bodies.UPDATE)
    server = compute.server_of(call)
    server.name = wish.get("name", server.name)
    server.hostname = wish.get("hostname", server.hostname)
    server.description = wish.get("description", server.description)
    server.access_ipv4 = wish.get("accessIPv4", server.access_ipv4)
    server.access_ipv6 = wish.get("accessIPv6", server.access_ipv6)
    server.disk_config = wish.get("OS-DCF:diskConfig", server.disk_config)
    compute.touch(server)
    return {"server": ServerView(compute, call).after_change(server)}


@routes.delete("/servers/{server_id}", "server.delete")
def delete_server(compute: Compute, call: Call) -> None:
    begin_delete(compute, call, compute.server_of(call), "delete")


def begin_delete(compute: Compute, call: Call, server: Server, action: str) -> None:
    """Whatever the server was doing, it stops and goes. Raises Fault 409 if it is locked."""
    if server.locked_by is not None and not call.caller.is_admin:
        raise locked(server)
    if server.task_state == "deleting":
        return
    compute.cancel(server)
    instance_actions.begin(compute, call, server, action, "compute_terminate_instance")
    server.task_state = "deleting"
    compute.touch(server)
    notify(compute, server, "delete.start")
    compute.advance(call, "server.delete", server)
