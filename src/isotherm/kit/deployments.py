"""What a server's report makes of a deployment, and how clients see what is deployed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from isotherm.core.values import Value, reveal
from isotherm.kit.software import Deployment, SoftwareConfig

IN_PROGRESS, COMPLETE, FAILED = "IN_PROGRESS", "COMPLETE", "FAILED"
STDOUT, STDERR, STATUS_CODE = "deploy_stdout", "deploy_stderr", "deploy_status_code"
OWN_OUTPUTS = (STDOUT, STDERR, STATUS_CODE)
"""Outputs that every deployment has, whatever its configuration declares."""


def described_config(config: SoftwareConfig, *, whole: bool = True) -> dict[str, Any]:
    """As clients see it, and ``whole`` as servers do."""
    shown: dict[str, Any] = {
        "id": config.id,
        "name": config.name,
        "group": config.group,
        "creation_time": _time(config.created_at),
    }
    if whole:
        shown |= {
            "config": config.config,
            "inputs": list(config.inputs),
            "outputs": list(config.outputs),
            "options": config.options,
        }
    return shown


def described_deployment(deployment: Deployment) -> dict[str, Any]:
    """As clients see it."""
    shown: dict[str, Any] = {
        "id": deployment.id,
        "server_id": deployment.server_id,
        "input_values": deployment.input_values,
        "output_values": deployment.output_values,
        "action": deployment.action,
        "status": deployment.status,
        # Clients of the reference get the word None here.
        "status_reason": str(deployment.status_reason),
        "config_id": deployment.config_id,
        "creation_time": _time(deployment.created_at),
    }
    if deployment.updated_at is not None:
        shown["updated_time"] = _time(deployment.updated_at)
    return shown


@lru_cache(4096)
def _time(at: datetime) -> str:
    # Servers have many, and ask often: this takes a fifth of what strftime does.
    return f"{at.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def concluded(
    deployment: Deployment, config: SoftwareConfig, told: Mapping[str, Value], now: datetime
) -> Deployment:
    """The deployment after its server told how it went: outputs that the configuration
    declares are kept, an error output or an exit code makes it fail."""
    outputs: dict[str, Value] = {}
    errors: list[str] = []
    code = told.get(STATUS_CODE)
    if _is_error_code(code):
        errors.append(_exited(code))
    for each in config.outputs:
        name = str(each["name"])
        if name in told:
            outputs[name] = told[name]
            if each.get("error_output"):
                errors.append(f"{name} : {reveal(told[name])}")
    outputs |= {name: told.get(name) for name in OWN_OUTPUTS}
    return replace(
        deployment,
        output_values=outputs,
        status=FAILED if errors else COMPLETE,
        status_reason=", ".join(errors) or "Outputs received",
        updated_at=now,
    )


def conclusion(deployment: Deployment) -> str:
    """What events say of a deployment that was concluded: with the exit code, where that alone
    is why it failed."""
    word = "failed" if deployment.status == FAILED else "succeeded"
    told = deployment.output_values
    code = told.get(STATUS_CODE) if isinstance(told, Mapping) else None
    by_code = f" ({code})" if deployment.status_reason == _exited(code) else ""
    return f"Signal: deployment {deployment.id} {word}{by_code}"


def _exited(code: Value) -> str:
    return f"{STATUS_CODE} : Deployment exited with non-zero status code: {code}"


def _is_error_code(code: Value) -> bool:
    """Whether a program says by its exit code that it failed; none says nothing."""
    return bool(code) and str(code) != "0"
