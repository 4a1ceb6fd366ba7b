"""Reports that servers leave on deployments without a stack: in an object or a queue, of which the
configuration tells them. Nobody brings such a report; it is fetched when the deployment is shown.

Those of stacks are fetched by the engine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from isotherm.core.errors import RemoteError
from isotherm.core.values import Value, reveal
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.deployments import FAILED, IN_PROGRESS, concluded
from isotherm.kit.services.messaging import QUEUE
from isotherm.kit.services.object_store import OBJECT_STORE
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.cloud import Caller
from isotherm.ports.records import replace
from isotherm.usecases.services import Services

_OBJECT, _MESSAGE = "TEMP_URL_SIGNAL", "ZAQAR_SIGNAL"
_NO_REPORT = "What was left as a report is no JSON object"


@dataclass(frozen=True, slots=True)
class _Left:
    """A report as it was left, and what to delete for it not to be there again."""

    content: Any
    taken_from: str = ""


async def with_left_report(
    services: Services, caller: Caller, deployment: Deployment
) -> Deployment:
    """The deployment after what its server has left, read as the caller. As it is where nothing
    was left yet, or it cannot be read, as by administrators from another project."""
    if deployment.status != IN_PROGRESS or deployment.project_id != caller.project_id:
        return deployment
    config = await services.store.software.config(deployment.config_id)
    if config is None:
        return deployment
    try:
        return await _concluded(services, caller, deployment, config)
    except RemoteError:
        return deployment


async def _concluded(
    services: Services, caller: Caller, deployment: Deployment, config: SoftwareConfig
) -> Deployment:
    told = {str(each["name"]): str(reveal(each.get("value") or "")) for each in config.inputs}
    transport = told.get("deploy_signal_transport")
    if transport not in (_OBJECT, _MESSAGE) or "deploy_stack_id" in told:
        return deployment
    api = await services.cloud.connect_caller(caller)
    if transport == _OBJECT:
        address = told.get("deploy_signal_id", "")
        left = await _in_object(api, address, since=deployment.updated_at)
    else:
        left = await _in_queue(api, told.get("deploy_queue_id", ""))
    if left is None or not left.content:
        return deployment
    done = _after(deployment, config, left.content, services.clock.now())
    if not await services.store.software.conclude_deployment(done):
        return await services.store.software.deployment(deployment.id) or done
    if left.taken_from:
        await api.call(QUEUE.service, "DELETE", left.taken_from)
    return done


def _after(
    deployment: Deployment, config: SoftwareConfig, content: Any, now: datetime
) -> Deployment:
    report = _report(content)
    if report is None:
        return replace(deployment, status=FAILED, status_reason=_NO_REPORT, updated_at=now)
    return concluded(deployment, config, report, now)


def _report(content: Any) -> Mapping[str, Value] | None:
    """What calls itself JSON comes as such. None for what is no report."""
    if isinstance(content, str | bytes):
        try:
            content = json.loads(content)
        except ValueError:
            return None
    return content if isinstance(content, dict) else None


async def _in_object(api: CloudApi, address: str, *, since: datetime | None) -> _Left | None:
    """What was put at the address; nothing where that was before the deployment was changed."""
    container, _, name = urlsplit(address).path.rpartition("/")
    container = container.rpartition("/")[2]
    if not (container and name):
        return None
    path = f"/{quote(unquote(container), safe='')}/{quote(unquote(name))}"
    if since is not None:
        headers = await api.call(OBJECT_STORE.type, "HEAD", path)
        at = {key.lower(): value for key, value in headers.items()}.get("last-modified")
        if at and parsedate_to_datetime(at) < since.replace(microsecond=0):
            return None
    return _Left(await api.call(OBJECT_STORE.type, "GET", path))


async def _in_queue(api: CloudApi, queue: str) -> _Left | None:
    """The oldest message."""
    if not queue:
        return None
    messages = f"/queues/{quote(queue, safe='')}/messages"
    query = urlencode({"echo": "true", "limit": 1})
    page = await api.call(QUEUE.service, "GET", f"{messages}?{query}") or {}
    for each in page.get("messages", ()):
        return _Left(each["body"], f"{messages}?ids={quote(each['id'])}")
    return None
