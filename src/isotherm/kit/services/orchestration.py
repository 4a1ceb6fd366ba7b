"""Orchestration: stacks, here or in other places, known by name and id together."""

from isotherm.kit.service import Service, busy, declare

ORCHESTRATION = declare(
    Service(
        "orchestration",
        version="v1",
        per_project=True,
        busy=(busy("already has an action"),),
    )
)
