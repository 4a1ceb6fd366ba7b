"""Whether a server may be asked for something now."""

from collections.abc import Collection

from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.faults import locked, wrong_state
from isotherm.localcloud.exchange import Call


def check_state(
    call: Call,
    server: Server,
    action: str,
    vm_states: Collection[str],
    *,
    tasks: Collection[str | None] = (None,),
) -> None:
    """Raises Fault 409 if the server is locked, in another state, or busy with another task."""
    check_unlocked(call, server)
    if server.vm_state not in vm_states:
        raise wrong_state(server, action)
    if server.task_state not in tasks:
        raise wrong_state(server, action, "task_state")


def check_unlocked(call: Call, server: Server) -> None:
    if server.locked_by is not None and not call.caller.is_admin:
        raise locked(server)
