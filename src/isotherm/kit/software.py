"""Software configurations, and deployments of them to servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from isotherm.core.values import Value


class SoftwareConfig(Struct, frozen=True, kw_only=True):
    """What is to be done on servers; it never changes. ``inputs`` and ``outputs`` as clients
    see them: with all their fields."""

    id: str
    project_id: str
    name: str | None = None
    group: str | None = None
    config: Value = None
    inputs: Sequence[Mapping[str, Value]] = ()
    outputs: Sequence[Mapping[str, Value]] = ()
    options: Value = {}
    created_at: datetime


class Deployment(Struct, frozen=True, kw_only=True):
    """That a server is to apply a configuration, and what came of it. ``status`` and ``action``
    are free text where users without a stack write them, and the values anything."""

    id: str
    project_id: str
    server_id: str
    config_id: str
    action: str | None = None
    status: str | None = None
    status_reason: str | None = None
    input_values: Value = {}
    output_values: Value = None
    stack_user_project_id: str | None = None
    created_at: datetime
    updated_at: datetime | None = None


class Software(Protocol):
    """Configurations and deployments of the stack's project, for types. What changes something
    may be repeated."""

    async def config(self, config_id: str) -> SoftwareConfig | None: ...

    async def keep_config(self, config: SoftwareConfig) -> None:
        """Raises RemoteError where the project has too many."""
        ...

    async def remove_config(self, config_id: str) -> None:
        """Fine where it is gone, and where a deployment still uses it: then it stays."""
        ...

    async def deployment(self, deployment_id: str) -> Deployment | None: ...

    async def keep_deployment(self, deployment: Deployment) -> None:
        """Raises RemoteError where the project has too many."""
        ...

    async def conclude_deployment(self, deployment: Deployment) -> bool:
        """Replace it if it is in progress; whether it was."""
        ...

    async def remove_deployment(self, deployment_id: str) -> None:
        """Fine where it is gone. Its configuration stays."""
        ...

    async def tell_server(self, server_id: str, resource: str) -> None:
        """Have the metadata of a server sent to it by its type (``tell``): now, and whenever
        there is something else to be deployed to it."""
        ...

    async def forget_server(self, server_id: str) -> None:
        """Undoes that. Raises Busy as long as they are being sent."""
        ...


class NoSoftware:
    """Where the stack is only looked at, and nothing is kept."""

    async def config(self, config_id: str) -> SoftwareConfig | None:
        return None

    async def keep_config(self, config: SoftwareConfig) -> None:
        raise LookupError(config.id)

    async def remove_config(self, config_id: str) -> None:
        raise LookupError(config_id)

    async def deployment(self, deployment_id: str) -> Deployment | None:
        return None

    async def keep_deployment(self, deployment: Deployment) -> None:
        raise LookupError(deployment.id)

    async def conclude_deployment(self, deployment: Deployment) -> bool:
        raise LookupError(deployment.id)

    async def remove_deployment(self, deployment_id: str) -> None:
        raise LookupError(deployment_id)

    async def tell_server(self, server_id: str, resource: str) -> None:
        raise LookupError(server_id)

    async def forget_server(self, server_id: str) -> None:
        """Where nothing is kept there is none."""
