"""The port to where software configurations and deployments are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from isotherm.kit.software import Deployment, SoftwareConfig


class ConfigQuery(Struct, frozen=True, kw_only=True):
    """``project_id`` None: of all projects. ``after`` is the id of the last one seen."""

    project_id: str | None
    limit: int | None = None
    after: str | None = None


class SoftwareStore(Protocol):
    """Durable where a method returns. What is put twice is there once. Raises StoreUnavailable."""

    async def put_config(self, config: SoftwareConfig, *, most: int = -1) -> None:
        """Raises NoRoom where the project has ``most`` others already (negative: no limit)."""
        ...

    async def config(self, config_id: str) -> SoftwareConfig | None:
        """None where there is none."""
        ...

    async def configs(self, query: ConfigQuery) -> list[SoftwareConfig]:
        """Newest first."""
        ...

    async def remove_config(self, config_id: str) -> bool:
        """False where a deployment uses it; True also where there is none."""
        ...

    async def put_deployment(self, deployment: Deployment, *, most: int = -1) -> None:
        """Insert, or replace. Raises NoRoom as ``put_config``."""
        ...

    async def conclude_deployment(self, deployment: Deployment) -> bool:
        """Replace it if it is in progress; whether it was."""
        ...

    async def deployment(self, deployment_id: str) -> Deployment | None:
        """None where there is none."""
        ...

    async def deployments(self, project_id: str, server_id: str | None = None) -> list[Deployment]:
        """Oldest first."""
        ...

    async def configs_of_server(
        self, server_id: str
    ) -> Sequence[tuple[Deployment, SoftwareConfig]]:
        """Deployments of all projects to a server with what they deploy, oldest first."""
        ...

    async def remove_deployment(self, deployment_id: str) -> bool:
        """Whether there was one."""
        ...
