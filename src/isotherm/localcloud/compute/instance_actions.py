"""The record of what was done with servers."""

from isotherm.localcloud.compute.entities import Server, ServerAction
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call


def begin(compute: Compute, call: Call, server: Server, action: str, event: str = "") -> None:
    """Record a request for `action`; `event` is what a host then works at."""
    made = compute.actions.add(
        ServerAction(
            server_id=server.id,
            action=action,
            request_id=call.request_id,
            user_id=call.caller.user_id,
            project_id=call.project_id,
            started_at=compute.now(),
            updated_at=compute.now(),
            event=event or None,
            host=server.host,
        )
    )
    server.action_id = made.id


def finish(compute: Compute, server: Server, *, failed: bool = False) -> None:
    """The latest action has come to its end."""
    action = compute.actions.get(server.action_id) if server.action_id else None
    if action is not None and action.finished_at is None:
        action.finished_at = action.updated_at = compute.now()
        action.message = "Error" if failed else None
        action.host = server.host
        compute.actions.save(action)
