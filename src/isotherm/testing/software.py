"""Software configurations and deployments in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from msgspec.structs import replace

from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.software import ConfigQuery, ToldServer
from isotherm.ports.store import NoRoom


class MemorySoftware:
    """Implements ``ports.software.SoftwareStore``."""

    def __init__(self) -> None:
        self._configs: dict[str, SoftwareConfig] = {}
        self._deployments: dict[str, Deployment] = {}
        self._told: dict[str, tuple[ToldServer, int, datetime | None]] = {}
        """Each with the version that was told last, and how long somebody is about it."""

    async def put_config(self, config: SoftwareConfig, *, most: int = -1) -> None:
        _require_room(self._configs, config, most)
        self._configs[config.id] = config

    async def config(self, config_id: str) -> SoftwareConfig | None:
        return self._configs.get(config_id)

    async def configs(self, query: ConfigQuery) -> list[SoftwareConfig]:
        found = [
            each
            for each in reversed(self._configs.values())
            if query.project_id in (None, each.project_id)
        ]
        ids = [each.id for each in found]
        start = ids.index(query.after) + 1 if query.after in ids else 0
        return list(islice(found[start:], query.limit))

    async def remove_config(self, config_id: str) -> bool:
        if any(each.config_id == config_id for each in self._deployments.values()):
            return False
        self._configs.pop(config_id, None)
        return True

    async def put_deployment(self, deployment: Deployment, *, most: int = -1) -> None:
        _require_room(self._deployments, deployment, most)
        self._deployments[deployment.id] = deployment
        self.note_change(deployment.server_id)

    async def conclude_deployment(self, deployment: Deployment) -> bool:
        present = self._deployments.get(deployment.id)
        if present is None or present.status != "IN_PROGRESS":
            return False
        self._deployments[deployment.id] = deployment
        return True

    async def deployment(self, deployment_id: str) -> Deployment | None:
        return self._deployments.get(deployment_id)

    async def deployments(
        self, project_id: str | None, server_id: str | None = None
    ) -> list[Deployment]:
        return [
            each
            for each in self._deployments.values()
            if project_id in (None, each.project_id) and server_id in (None, each.server_id)
        ]

    async def configs_of_server(
        self, server_id: str
    ) -> Sequence[tuple[Deployment, SoftwareConfig]]:
        return [
            (each, self._configs[each.config_id])
            for each in self._deployments.values()
            if each.server_id == server_id
        ]

    async def remove_deployment(self, deployment_id: str) -> bool:
        removed = self._deployments.pop(deployment_id, None)
        if removed is not None:
            self.note_change(removed.server_id)
        return removed is not None

    async def tell_server(self, server: ToldServer) -> None:
        if server.server_id not in self._told:
            self._told[server.server_id] = server, 0, None
        self.note_change(server.server_id)

    def note_change(self, server_id: str) -> None:
        if server_id in self._told:
            server, told, busy = self._told[server_id]
            self._told[server_id] = replace(server, version=server.version + 1), told, busy

    async def forget_server(self, server_id: str, now: datetime) -> bool:
        if server_id in self._told and _is_free(self._told[server_id][2], now):
            del self._told[server_id]
        return server_id not in self._told

    async def claim_servers(
        self, now: datetime, until: datetime, most: int
    ) -> Sequence[ToldServer]:
        due = [
            server
            for server, told, busy in self._told.values()
            if server.version > told and _is_free(busy, now)
        ][:most]
        for each in due:
            self._told[each.server_id] = each, self._told[each.server_id][1], until
        return due

    async def server_told(self, server: ToldServer) -> None:
        if server.server_id in self._told:
            present, _, _ = self._told[server.server_id]
            self._told[server.server_id] = present, server.version, None


def _is_free(busy_until: datetime | None, now: datetime) -> bool:
    return busy_until is None or busy_until <= now


def _require_room(
    kept: Mapping[str, SoftwareConfig | Deployment], new: SoftwareConfig | Deployment, most: int
) -> None:
    others = [
        each for each in kept.values() if each.project_id == new.project_id and each.id != new.id
    ]
    if 0 <= most <= len(others):
        raise NoRoom
