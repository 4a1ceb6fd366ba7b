"""The port to where software configurations and deployments are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from isotherm.kit.software import Deployment, SoftwareConfig


class ConfigQuery(Struct, frozen=True, kw_only=True):
    """``project_id`` None: of all projects. ``after`` is the id of the last one seen."""

    project_id: str | None
    limit: int | None = None
    after: str | None = None


class ToldServer(Struct, frozen=True, kw_only=True):
    """A server that does not ask for its metadata: they are sent to it, at each ``version``."""

    server_id: str
    stack_id: str
    resource: str
    version: int = 0


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

    async def deployments(
        self, project_id: str | None, server_id: str | None = None
    ) -> list[Deployment]:
        """Oldest first; without a project those of all."""
        ...

    async def configs_of_server(
        self, server_id: str
    ) -> Sequence[tuple[Deployment, SoftwareConfig]]:
        """Deployments of all projects to a server with what they deploy, oldest first."""
        ...

    async def remove_deployment(self, deployment_id: str) -> bool:
        """Whether there was one."""
        ...

    async def tell_server(self, server: ToldServer) -> None:
        """From now on there is a new version of what the server is told at each change of what
        is deployed to it; and there is one now."""
        ...

    async def forget_server(self, server_id: str, now: datetime) -> bool:
        """Whether there is no such server any more: not while somebody is about to tell it."""
        ...

    async def claim_servers(
        self, now: datetime, until: datetime, most: int
    ) -> Sequence[ToldServer]:
        """Those that have not been told the newest version; until then nobody else gets them."""
        ...

    async def server_told(self, server: ToldServer) -> None:
        """It has been told that version."""
        ...
