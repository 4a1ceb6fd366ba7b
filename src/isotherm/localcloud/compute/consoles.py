"""Routes of consoles: what a server wrote, and where to look at its screen."""

from isotherm.localcloud.compute import checks
from isotherm.localcloud.compute.dialect import read, read_action
from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.faults import conflict
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import said
from isotherm.localcloud.kinds.checks import one_of, or_none

routes = ComputeRoutes()

_OUTPUT = {"length": said(or_none(checks.integer(-1)))}
_VNC = {"type": said(one_of("novnc", "xvpvnc"), required=True)}
_REMOTE = {
    "protocol": said(one_of("vnc", "spice", "serial", "rdp", "mks"), required=True),
    "type": said(
        one_of("novnc", "xvpvnc", "spice-html5", "serial", "rdp-html5", "webmks"),
        required=True,
    ),
}


@routes.action(
    "/servers/{server_id}/action",
    "os-getConsoleOutput",
    "server.show_console_output",
    status=200,
)
def show_output(compute: Compute, call: Call) -> object:
    length = read_action(call, _OUTPUT).get("length")
    server = compute.server_of(call)
    _check_ready(server)
    lines = _lines(compute, server)
    shown = lines if length in (None, -1) else lines[len(lines) - min(length, len(lines)) :]
    return {"output": "\n".join(shown)}


def _lines(compute: Compute, server: Server) -> list[str]:
    written = compute.frame.peers.machines.console(server.id)
    if written is not None:
        return written.splitlines()
    return [
        f"{server.hostname} login: booted from the local cloud",
        f"[  OK  ] Started {server.name}.",
        f"{server.hostname} login:",
    ]


@routes.action(
    "/servers/{server_id}/action", "os-getVNCConsole", "server.show_console", status=200, until=5
)
def show_vnc(compute: Compute, call: Call) -> object:
    kind = read_action(call, _VNC)["type"]
    return {"console": {"type": kind, "url": _url(compute, call)}}


@routes.post("/servers/{server_id}/remote-consoles", "server.show_console", since=6)
def create_remote_console(compute: Compute, call: Call) -> object:
    wish = read(call, "remote_console", _REMOTE)
    return {"remote_console": {**wish, "url": _url(compute, call)}}


def _url(compute: Compute, call: Call) -> str:
    _check_ready(compute.server_of(call))
    return f"{call.base_url}/console/vnc_auto.html?path=%3Ftoken%3D{new_uuid()}"


def _check_ready(server: Server) -> None:
    if server.host is None:
        raise conflict(f"Instance {server.id} is not ready")
