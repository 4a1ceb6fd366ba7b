"""Alarms that are judged here, as resource types make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from isotherm.core.clock import Clock
from isotherm.engine.leasing.tenure import Tenure
from isotherm.engine.recording.watches import put_watch, remove_watch
from isotherm.kit.measures import Series
from isotherm.ports.watches import WatchStore


class WatchesOfProject:
    """Implements ``kit.watches.Watches``. Nothing is changed without a lease."""

    def __init__(self, store: WatchStore, clock: Clock, project_id: str, tenure: Tenure) -> None:
        self._store, self._clock = store, clock
        self._project_id, self._tenure = project_id, tenure

    async def put(self, name: str, wish: Mapping[str, Any]) -> None:
        await self._tenure.secure()
        metric, dimensions = wish["metric"], wish["dimensions"]
        series = Series(
            project_id=self._project_id,
            namespace=wish["namespace"],
            name=metric,
            dimensions=tuple(sorted(dimensions.items())),
        )
        more = {k: v for k, v in wish.items() if k not in ("metric", "dimensions", "namespace")}
        whole = {**more, "name": name, "series": series}
        await put_watch(self._store, self._clock.now(), self._project_id, whole)

    async def show(self, name: str) -> Mapping[str, Any] | None:
        found = await self._store.watch(self._project_id, name)
        if found is None:
            return None
        told: dict[str, Any] = msgspec.to_builtins(found)
        return told

    async def remove(self, name: str, *, owner: str = "") -> None:
        await self._tenure.secure()
        if owner:
            found = await self._store.watch(self._project_id, name)
            if found is None or found.owner != owner:
                return
        await remove_watch(self._store, self._clock.now(), self._project_id, name)
