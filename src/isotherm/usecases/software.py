"""Software configurations and deployments of a project, with stacks or without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from isotherm.core.errors import NotFound, RequestError, RequestLimitExceeded
from isotherm.core.ids import new_id
from isotherm.core.values import Value
from isotherm.engine.recording.server_metadata import by_name
from isotherm.kit.config_fields import inputs_of, outputs_of
from isotherm.kit.context import Intent
from isotherm.kit.deployments import IN_PROGRESS, concluded, conclusion
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Resource, replace
from isotherm.ports.software import ConfigQuery, SoftwareStore
from isotherm.ports.store import NoRoom
from isotherm.usecases.access import reach_of
from isotherm.usecases.left_reports import with_left_report
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services

_LONGEST = 255
_CHANGEABLE = (
    "config_id",
    "input_values",
    "output_values",
    "action",
    "status",
    "status_reason",
)


class ConfigInUse(RequestError):
    """A deployment still uses the configuration."""

    http_status = 409
    error_type = "InvalidRestrictedAction"

    def __init__(self, config_id: str) -> None:
        super().__init__(
            f"Software config {config_id} is used by a deployment: delete that one first."
        )


async def list_configs(
    services: Services, caller: Caller, *, everywhere: bool, limit: int | None, after: str | None
) -> list[SoftwareConfig]:
    """Newest first; ``everywhere`` means of all projects. Raises Forbidden."""
    if everywhere:
        services.policy.require("software_configs:global_index", caller)
    project_id = None if everywhere else reach_of(services, caller)
    query = ConfigQuery(project_id=project_id, limit=limit, after=after)
    return await services.store.software.configs(query)


async def create_config(
    services: Services, caller: Caller, given: Mapping[str, Any]
) -> SoftwareConfig:
    """Raises BadRequest for fields of the wrong form, RequestLimitExceeded."""
    try:
        inputs, outputs = inputs_of(given.get("inputs")), outputs_of(given.get("outputs"))
    except ValueError as error:
        raise BadRequest(f"The software config is wrong: {error}.") from None
    config = SoftwareConfig(
        id=new_id(),
        project_id=caller.project_id,
        name=_text(given, "name"),
        group=_text(given, "group"),
        config=given.get("config"),
        inputs=inputs,
        outputs=outputs,
        options=given.get("options") or {},
        created_at=services.clock.now(),
    )
    most = services.settings.max_software_configs_per_tenant
    try:
        await services.store.software.put_config(config, most=most)
    except NoRoom:
        _refuse_more("configs", most)
    return config


async def show_config(services: Services, caller: Caller, config_id: str) -> SoftwareConfig:
    """Raises NotFound."""
    config = await services.store.software.config(config_id)
    if config is None or reach_of(services, caller) not in (None, config.project_id):
        raise NotFound(f"Software config with id {config_id} not found")
    return config


async def delete_config(services: Services, caller: Caller, config_id: str) -> None:
    """Raises NotFound, ConfigInUse."""
    await show_config(services, caller, config_id)
    if not await services.store.software.remove_config(config_id):
        raise ConfigInUse(config_id)


async def list_deployments(
    services: Services, caller: Caller, server_id: str | None
) -> list[Deployment]:
    return await services.store.software.deployments(reach_of(services, caller), server_id)


async def create_deployment(
    services: Services, caller: Caller, given: Mapping[str, Any]
) -> Deployment:
    """Raises NotFound where there is no such configuration, BadRequest, RequestLimitExceeded."""
    config = await show_config(services, caller, str(given.get("config_id")))
    server_id = _text(given, "server_id")
    if server_id is None:
        raise BadRequest("server_id is missing: say which server the deployment is for.")
    deployment = Deployment(
        id=new_id(),
        project_id=caller.project_id,
        server_id=server_id,
        config_id=config.id,
        action=_text(given, "action"),
        status=_text(given, "status"),
        status_reason=_text(given, "status_reason", at_most=None),
        input_values=given.get("input_values") or {},
        stack_user_project_id=_text(given, "stack_user_project_id"),
        created_at=services.clock.now(),
    )
    most = services.settings.max_software_deployments_per_tenant
    try:
        await services.store.software.put_deployment(deployment, most=most)
    except NoRoom:
        _refuse_more("deployments", most)
    return deployment


async def show_deployment(services: Services, caller: Caller, deployment_id: str) -> Deployment:
    """With what its server has reported by now. Raises NotFound."""
    found = await _deployment(services, caller, deployment_id)
    return await with_left_report(services, caller, found)


async def _deployment(services: Services, caller: Caller, deployment_id: str) -> Deployment:
    """Raises NotFound."""
    deployment = await services.store.software.deployment(deployment_id)
    if deployment is None or reach_of(services, caller) not in (None, deployment.project_id):
        raise NotFound(f"Deployment with id {deployment_id} not found")
    return deployment


async def update_deployment(
    services: Services, caller: Caller, deployment_id: str, given: Mapping[str, Any]
) -> Deployment:
    """What is not given, or is empty, stays as it is. Raises NotFound, BadRequest."""
    present = await _deployment(services, caller, deployment_id)
    changes = {name: given[name] for name in _CHANGEABLE if given.get(name)}
    if "config_id" in changes:
        config = await show_config(services, caller, str(changes["config_id"]))
        changes["config_id"] = config.id
    for name, most in (("action", _LONGEST), ("status", _LONGEST), ("status_reason", None)):
        if name in changes:
            changes[name] = _text(changes, name, at_most=most)
    deployment = replace(present, **changes, updated_at=services.clock.now())
    await services.store.software.put_deployment(deployment)
    return deployment


async def delete_deployment(services: Services, caller: Caller, deployment_id: str) -> None:
    """Raises NotFound."""
    await _deployment(services, caller, deployment_id)
    await services.store.software.remove_deployment(deployment_id)


async def take_report(
    software: SoftwareStore,
    row: Resource,
    told: Mapping[str, Value],
    now: datetime,
    *,
    about: str = "",
) -> Mapping[str, Value] | None:
    """Conclude the deployment of a resource by what its server tells; what the event is to say
    of it. None where the deployment does not wait for anything, or for a report ``about`` something
    else than that: such reports change nothing."""
    deployment = await awaited_deployment(software, row)
    if deployment is None:
        return None
    config = await software.config(deployment.config_id)
    if config is None or about not in ("", config.id):
        return None
    done = concluded(deployment, config, told, now)
    if not await software.conclude_deployment(done):
        return None
    return {"reason": conclusion(done)}


async def awaited_deployment(software: SoftwareStore, row: Resource) -> Deployment | None:
    """That of a resource, as long as its server has not reported on it."""
    intent = Intent(row.token, row.attempt, row.intent_at or row.created_at)
    deployment = await software.deployment(row.physical_id or intent.uuid)
    waits = deployment is not None and deployment.status == IN_PROGRESS
    return deployment if waits else None


async def deployments_of_server(
    services: Services, caller: Caller, server_id: str
) -> Sequence[SoftwareConfig]:
    """What is to be deployed to the server, in the order of names, as servers apply it; users
    of a stack are told what is for their own."""
    found = await services.store.software.configs_of_server(server_id)
    if (reach := reach_of(services, caller)) is None:
        return by_name([config for _, config in found])
    return by_name([config for each, config in found if reach in _projects_of(each)])


def _projects_of(deployment: Deployment) -> tuple[str | None, str | None]:
    return deployment.project_id, deployment.stack_user_project_id


def _text(given: Mapping[str, Any], name: str, *, at_most: int | None = _LONGEST) -> str | None:
    """Numbers count as text, as for all clients of the reference. Raises BadRequest."""
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str | int | float):
        raise BadRequest(f"{name} must be a text.")
    if at_most is not None and len(str(value)) > at_most:
        raise BadRequest(f"{name} must be a text of at most {at_most} characters.")
    return str(value)


def _refuse_more(kind: str, most: int) -> NoReturn:
    raise RequestLimitExceeded(
        f"You have reached the maximum of {most} software {kind} of a project. "
        "Delete some before creating more."
    )
