"""What compute tells of its servers, for event alarms that wait for it."""

from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.entities import new_uuid


def notify(compute: Compute, server: Server, what: str) -> None:
    """`compute.instance.WHAT` has happened to the server."""
    traits = {
        "instance_id": server.id,
        "display_name": server.name,
        "state": server.vm_state,
        "host": server.host or "",
        "project_id": server.project_id,
        "user_id": server.user_id,
    }
    event = {
        "message_id": new_uuid(),
        "event_type": f"compute.instance.{what}",
        "traits": traits,
    }
    compute.frame.peers.alarms.notice(server.project_id, event)
