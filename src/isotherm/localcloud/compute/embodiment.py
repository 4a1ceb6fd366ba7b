"""Servers that run: what becomes of a server's machine when its state has changed."""

from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.state import RUNNING_STATES, Compute

_FROZEN_STATES = ("paused", "suspended")
_RESTARTING_TASKS = (
    *("rebooting", "rebooting_hard", "rescuing", "unrescuing"),
    *("resize_prep", "resize_reverting"),
)


def follow(compute: Compute, server: Server, task: str | None) -> None:
    """`task` is what led to the state that the server is in now."""
    machines = compute.frame.peers.machines
    if task == "rebuilding":
        machines.wipe(server.id)
    if server.vm_state in RUNNING_STATES:
        if task in _RESTARTING_TASKS:
            machines.stop(server.id)
        machines.run(server.id)
    elif server.vm_state in _FROZEN_STATES:
        machines.freeze(server.id)
    elif server.vm_state == "deleted":
        machines.remove(server.id)
    else:
        machines.stop(server.id)
