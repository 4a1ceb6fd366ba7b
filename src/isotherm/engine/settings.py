"""What operators may set about the engine; times in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """``retry_limit``: attempts after the first for a create or delete that failed remotely.
    ``call_patience``: how often a call is made again that got no answer, or that the cloud
    refused in a way that passes (a conflict, a fault of its own).
    ``outage_seconds``: how long a cloud that gives no answer to a look, or does nothing for
    now, is waited for.
    ``first_poll``: the first look after a call; later looks come at growing distances up
    to what the type asks for.
    ``call_seconds``: how long the cloud may go on with a call whose caller has died.
    ``most_take_overs``: how many workers in a row may die or fail while they own a stack before
    it counts as the reason, and is failed.
    ``most_software_configs`` and ``…_deployments``: of one project; negative: no limit.
    ``host``: what this engine is called where engines are listed; ``hostname``: its machine.
    ``deleted_stacks_days``: how long deleted stacks can still be shown; None: for ever.
    """

    lease_seconds: float = 40.0
    renew_seconds: float = 10.0
    poll_seconds: float = 5.0
    claim_limit: int = 20
    retry_limit: int = 5
    retry_delay: float = 0.25
    retry_delay_limit: float = 30.0
    call_patience: int = 5
    outage_seconds: float = 600.0
    call_seconds: float = 60.0
    first_poll: float = 0.1
    gather_seconds: float = 0.02
    most_take_overs: int = 10
    rollback_timeout_mins: int = 60
    deleted_stacks_days: int | None = None
    most_software_configs: int = 4096
    most_software_deployments: int = 4096
    host: str = "localhost"
    hostname: str = "localhost"
