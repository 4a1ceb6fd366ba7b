"""The cloud for a run that may lose its lease: nothing is changed without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.engine.leasing.tenure import Tenure
from isotherm.kit.context import CloudApi, Filter
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Remote

_READS = frozenset({"GET", "HEAD"})


class GuardedApi(CloudApi):
    """See ``CloudApi``. Calls that may have an effect also raise Fenced, and then have none."""

    def __init__(self, api: CloudApi, tenure: Tenure) -> None:
        self._api = api
        self._tenure = tenure

    async def create(self, entity: Entity, body: Mapping[str, Any], *, parent: str = "") -> Remote:
        await self._tenure.secure()
        return await self._api.create(entity, body, parent=parent)

    async def show(self, entity: Entity, physical_id: str, *, parent: str = "") -> Remote:
        return await self._api.show(entity, physical_id, parent=parent)

    async def list(self, entity: Entity, *, parent: str = "", **filters: Filter) -> list[Remote]:
        return await self._api.list(entity, parent=parent, **filters)

    async def update(
        self, entity: Entity, physical_id: str, body: Mapping[str, Any], *, parent: str = ""
    ) -> Remote:
        await self._tenure.secure()
        return await self._api.update(entity, physical_id, body, parent=parent)

    async def delete(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        await self._tenure.secure()
        await self._api.delete(entity, physical_id, parent=parent)

    async def act(
        self, entity: Entity, physical_id: str, action: str, arguments: Any = None
    ) -> Any:
        await self._tenure.secure()
        return await self._api.act(entity, physical_id, action, arguments)

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        microversion: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        if method not in _READS:
            await self._tenure.secure()
        return await self._api.call(
            service, method, path, body, microversion=microversion, headers=headers
        )

    async def find(self, finder: str, name_or_id: str) -> str:
        return await self._api.find(finder, name_or_id)
