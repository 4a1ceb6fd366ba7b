"""Actions that lead from one state of a server to another, and nothing else."""

from collections.abc import Mapping
from typing import Final

import msgspec

from isotherm.localcloud.compute import instance_actions
from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.faults import conflict
from isotherm.localcloud.compute.lifecycle import PAUSED, RUNNING, SHUT_DOWN
from isotherm.localcloud.compute.permissions import check_state, check_unlocked
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call


class Change(msgspec.Struct, frozen=True):
    """From any of the states `since`, through the task, to the state `until`."""

    action: str
    since: tuple[str, ...]
    task: str
    until: str
    power: int = RUNNING
    tasks: tuple[str | None, ...] = (None,)


CHANGES: Final[Mapping[str, Change]] = {
    "os-start": Change("start", ("stopped",), "powering-on", "active"),
    "os-stop": Change("stop", ("active", "error"), "powering-off", "stopped", SHUT_DOWN),
    "pause": Change("pause", ("active",), "pausing", "paused", PAUSED),
    "unpause": Change("unpause", ("paused",), "unpausing", "active"),
    "suspend": Change("suspend", ("active",), "suspending", "suspended", SHUT_DOWN),
    "resume": Change("resume", ("suspended",), "resuming", "active"),
    "unrescue": Change("unrescue", ("rescued",), "unrescuing", "active"),
}
RESCUE: Final = Change("rescue", ("active", "stopped", "error"), "rescuing", "rescued")
CHANGE_PASSWORD: Final = Change("changePassword", ("active",), "updating_password", "active")
SOFT_REBOOT: Final = Change("reboot", ("active",), "rebooting", "active", tasks=(None, "rebooting"))
HARD_REBOOT: Final = Change(
    "reboot",
    ("active", "stopped", "paused", "suspended", "error"),
    "rebooting_hard",
    "active",
    tasks=(None, "rebooting", "rebooting_hard"),
)


def begin(compute: Compute, call: Call, server: Server, change: Change) -> None:
    """Raises Fault 409."""
    check_unlocked(call, server)
    if server.host is None and server.vm_state != "building":
        raise conflict(f"Instance {server.id} is not ready")
    check_state(call, server, change.action, change.since, tasks=change.tasks)
    event = f"compute_{change.action}_instance"
    start_task(compute, call, server, (change.action, event, change.task))
    compute.advance(call, "server.reach", server, vm_state=change.until, power_state=change.power)


def start_task(
    compute: Compute, call: Call, server: Server, names: tuple[str, str, str | None]
) -> None:
    """Record the action and its event, and show the task."""
    action, event, task = names
    instance_actions.begin(compute, call, server, action, event)
    server.task_state = task
    compute.touch(server)
