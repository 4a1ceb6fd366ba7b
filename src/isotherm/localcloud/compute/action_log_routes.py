"""Routes of the record of what was done with servers."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.compute.entities import Server, ServerAction
from isotherm.localcloud.compute.faults import not_found
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.placement import host_id
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.paging import page_of

routes = ComputeRoutes()

_PATH = "/servers/{server_id}/os-instance-actions"


@routes.get(_PATH, "server_action.list")
def list_actions(compute: Compute, call: Call) -> object:
    server = _server(compute, call)
    actions = list(reversed(compute.actions.find(server_id=server.id)))
    page = page_of(actions, call)[0] if minor_of(call) >= 58 else actions
    return {"instanceActions": [_brief(call, action) for action in page]}


@routes.get(_PATH + "/{request_id}", "server_action.show")
def show_action(compute: Compute, call: Call) -> object:
    server, request_id = _server(compute, call), call.params["request_id"]
    found = compute.actions.find(server_id=server.id, request_id=request_id)
    if not found:
        raise Fault(404, f"Action {request_id} not found")
    action = found[0]
    shown = _brief(call, action)
    if minor_of(call) >= 51 or call.caller.is_admin:
        shown["events"] = [_event(call, action)] if action.event else []
    return {"instanceAction": shown}


def _server(compute: Compute, call: Call) -> Server:
    """Also a deleted one, since 2.21."""
    server_id = call.params["server_id"]
    tomb = compute.deleted.get(server_id) if minor_of(call) >= 21 else None
    if tomb is None:
        return compute.find_server(call.caller, server_id)
    if not call.caller.sees(tomb.project_id):
        raise not_found("Instance", server_id)
    return tomb.server


def _brief(call: Call, action: ServerAction) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "action": action.action,
        "instance_uuid": action.server_id,
        "request_id": action.request_id,
        "user_id": action.user_id,
        "project_id": action.project_id,
        "start_time": iso_time(action.started_at, suffix=".000000"),
        "message": action.message,
    }
    if minor_of(call) >= 58:
        shown["updated_at"] = iso_time(action.updated_at, suffix=".000000")
    return shown


def _event(call: Call, action: ServerAction) -> dict[str, Any]:
    minor, finished = minor_of(call), action.finished_at
    shown: dict[str, Any] = {
        "event": action.event,
        "start_time": iso_time(action.started_at, suffix=".000000"),
        "finish_time": None if finished is None else iso_time(finished, suffix=".000000"),
        "result": None if finished is None else action.message or "Success",
    }
    if call.caller.is_admin:
        shown["traceback"] = None
        if minor >= 62:
            shown["host"] = action.host
        if minor >= 84:
            shown["details"] = None
    if minor >= 62:
        shown["hostId"] = host_id(action.project_id, action.host) if action.host else ""
    return shown
