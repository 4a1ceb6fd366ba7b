"""Software configurations and deployments in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.software import ConfigQuery
from isotherm.ports.store import NoRoom


class MemorySoftware:
    """Implements ``ports.software.SoftwareStore``."""

    def __init__(self) -> None:
        self._configs: dict[str, SoftwareConfig] = {}
        self._deployments: dict[str, Deployment] = {}

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

    async def conclude_deployment(self, deployment: Deployment) -> bool:
        present = self._deployments.get(deployment.id)
        if present is None or present.status != "IN_PROGRESS":
            return False
        self._deployments[deployment.id] = deployment
        return True

    async def deployment(self, deployment_id: str) -> Deployment | None:
        return self._deployments.get(deployment_id)

    async def deployments(self, project_id: str, server_id: str | None = None) -> list[Deployment]:
        return [
            each
            for each in self._deployments.values()
            if each.project_id == project_id and server_id in (None, each.server_id)
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
        return self._deployments.pop(deployment_id, None) is not None


def _require_room(
    kept: Mapping[str, SoftwareConfig | Deployment], new: SoftwareConfig | Deployment, most: int
) -> None:
    others = [
        each for each in kept.values() if each.project_id == new.project_id and each.id != new.id
    ]
    if 0 <= most <= len(others):
        raise NoRoom
