"""Actions of servers: `POST /servers/{server_id}/action`."""

from typing import Any

from isotherm.localcloud.compute import (
    bodies,
    checks,
    instance_actions,
    power,
    resizing,
    snapshots,
)
from isotherm.localcloud.compute.dialect import read_action
from isotherm.localcloud.compute.faults import invalid
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.permissions import check_state, check_unlocked
from isotherm.localcloud.compute.power import Change
from isotherm.localcloud.compute.rendering import ServerView
from isotherm.localcloud.compute.routing import ComputeRoutes, require
from isotherm.localcloud.compute.servers import begin_delete, new_password
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Fault, Reply, instead_of
from isotherm.localcloud.kinds import said
from isotherm.localcloud.kinds.checks import one_of, text, uuid

routes = ComputeRoutes()

_PATH = "/servers/{server_id}/action"
_REBOOT = {"type": said(one_of("HARD", "Hard", "hard", "SOFT", "Soft", "soft"), required=True)}
_PASSWORD = {"adminPass": said(text())}
_RESCUE = {**_PASSWORD, "rescue_image_ref": said(uuid)}
_NEW_PASSWORD = {"adminPass": said(text(), required=True)}
_IMAGE = {
    "name": said(checks.name_text, required=True),
    "metadata": said(checks.METADATA),
}
_LOCK = {"locked_reason": said(text(1, 255))}
_GROUP = {"name": said(text(1), required=True)}
_STATE = {"state": said(one_of("active", "error"), required=True)}


def _add(name: str, change: Change) -> None:
    @routes.action(_PATH, name, f"server.{change.action}")
    def change_state(compute: Compute, call: Call) -> None:
        _check_single(call)
        power.begin(compute, call, compute.server_of(call), change)


for _name, _change in power.CHANGES.items():
    _add(_name, _change)


def _check_single(call: Call) -> None:
    if len(call.json) != 1:
        raise Fault(400, "Malformed request body")


@routes.action(_PATH, "reboot", "server.reboot")
def reboot(compute: Compute, call: Call) -> None:
    wish = read_action(call, _REBOOT)
    hard = wish["type"].upper() == "HARD"
    server = compute.server_of(call)
    power.begin(compute, call, server, power.HARD_REBOOT if hard else power.SOFT_REBOOT)


@routes.action(_PATH, "rescue", "server.rescue")
def rescue(compute: Compute, call: Call) -> Reply:
    wish = read_action(call, _RESCUE) if call.json["rescue"] else {}
    server = compute.server_of(call)
    if minor_of(call) < 87 and resizing.is_volume_backed(compute, server):
        raise invalid(
            f"Instance {server.id} cannot be rescued: Cannot rescue a volume-backed instance"
        )
    power.begin(compute, call, server, power.RESCUE)
    return Reply(200, {"adminPass": wish.get("adminPass") or new_password()})


@routes.action(_PATH, "changePassword", "server.change_password")
def change_password(compute: Compute, call: Call) -> None:
    read_action(call, _NEW_PASSWORD)
    power.begin(compute, call, compute.server_of(call), power.CHANGE_PASSWORD)


@routes.action(_PATH, "resize", "server.resize")
def resize(compute: Compute, call: Call) -> None:
    wish = read_action(call, bodies.RESIZE)
    resizing.begin_resize(compute, call, compute.server_of(call), wish)


@routes.action(_PATH, "confirmResize", "server.confirm_resize", status=204)
def confirm_resize(compute: Compute, call: Call) -> None:
    _check_single(call)
    resizing.begin_confirm(compute, call, compute.server_of(call))


@routes.action(_PATH, "revertResize", "server.revert_resize")
def revert_resize(compute: Compute, call: Call) -> None:
    _check_single(call)
    resizing.begin_revert(compute, call, compute.server_of(call))


@routes.action(_PATH, "rebuild", "server.rebuild")
def rebuild(compute: Compute, call: Call) -> Reply:
    wish = read_action(call, bodies.REBUILD)
    server = compute.server_of(call)
    resizing.begin_rebuild(compute, call, server, wish)
    shown: dict[str, Any] = ServerView(compute, call).after_change(server)
    if minor_of(call) >= 54:
        shown["key_name"] = server.key_name
    if minor_of(call) >= 57:
        shown["user_data"] = server.user_data
    shown["adminPass"] = wish.get("adminPass") or new_password()
    href = f"{call.base_url}/compute/v2.1/servers/{server.id}"
    return Reply(202, {"server": shown}, {"Location": href})


@routes.action(_PATH, "shelve", "server.shelve")
def shelve(compute: Compute, call: Call) -> None:
    _check_single(call)
    resizing.begin_shelve(compute, call, compute.server_of(call))


@routes.action(_PATH, "shelveOffload", "server.shelve_offload", policy="os-shelve:shelve_offload")
def shelve_offload(compute: Compute, call: Call) -> None:
    """Shelved servers leave their host at once: there is none to offload."""
    check_state(call, compute.server_of(call), "shelveOffload", ("shelved",))


@routes.action(_PATH, "unshelve", "server.unshelve")
def unshelve(compute: Compute, call: Call) -> None:
    _check_single(call)
    resizing.begin_unshelve(compute, call, compute.server_of(call))


@routes.action(_PATH, "lock", "server.lock")
def lock(compute: Compute, call: Call) -> None:
    with_reason = minor_of(call) >= 73 and call.json["lock"]
    wish = read_action(call, _LOCK) if with_reason else {}
    server = compute.server_of(call)
    own = call.caller.project_id == server.project_id
    if own and server.locked_by is not None:
        return
    server.locked_by = "owner" if own else "admin"
    server.locked_reason = wish.get("locked_reason")
    instance_actions.begin(compute, call, server, "lock")
    compute.touch(server)


@routes.action(_PATH, "unlock", "server.unlock")
def unlock(compute: Compute, call: Call) -> None:
    server = compute.server_of(call)
    if server.locked_by == "admin":
        require(call, "os-lock-server:unlock:unlock_override")
    server.locked_by = server.locked_reason = None
    instance_actions.begin(compute, call, server, "unlock")
    compute.touch(server)


@routes.action(_PATH, "createImage", "server.create_image")
def create_image(compute: Compute, call: Call) -> Reply:
    wish = read_action(call, _IMAGE)
    image_id = snapshots.begin_snapshot(compute, call, compute.server_of(call), wish)
    if minor_of(call) >= 45:
        return Reply(202, {"image_id": image_id})
    return Reply(202, None, {"Location": f"{call.base_url}/image/images/{image_id}"})


@routes.action(_PATH, "addSecurityGroup", "server.add_security_group")
def add_security_group(compute: Compute, call: Call) -> None:
    name = read_action(call, _GROUP)["name"]
    server = compute.server_of(call)
    check_unlocked(call, server)
    group_id = _find_group(compute, call, name)
    compute.frame.peers.network.add_security_group(server.id, group_id)


@routes.action(_PATH, "removeSecurityGroup", "server.remove_security_group")
def remove_security_group(compute: Compute, call: Call) -> None:
    name = read_action(call, _GROUP)["name"]
    server = compute.server_of(call)
    check_unlocked(call, server)
    group_id = _find_group(compute, call, name)
    held = {group.id for group in compute.frame.peers.network.security_groups_of(server.id)}
    if group_id not in held:
        raise Fault(404, f"Security group {name} not associated with the instance {server.id}")
    compute.frame.peers.network.remove_security_group(server.id, group_id)


def _find_group(compute: Compute, call: Call, name: str) -> str:
    message = f"Security group {name} is not found for project {call.project_id}"
    with instead_of(404, Fault(404, message)):
        return compute.frame.peers.network.find_security_group(call.caller, name)


@routes.action(_PATH, "os-resetState", "server.reset_state", policy="os-admin-actions:reset_state")
def reset_state(compute: Compute, call: Call) -> None:
    state = read_action(call, _STATE)["state"]
    server = compute.server_of(call)
    instance_actions.begin(compute, call, server, "resetState")
    compute.cancel(server)
    server.vm_state, server.task_state = state, None
    compute.touch(server)


@routes.action(_PATH, "forceDelete", "server.force_delete")
def force_delete(compute: Compute, call: Call) -> None:
    _check_single(call)
    begin_delete(compute, call, compute.server_of(call), "forceDelete")
