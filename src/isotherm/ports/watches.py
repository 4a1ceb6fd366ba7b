"""The port to where measures and the alarms about them are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from isotherm.kit.measures import Point, Sample, Series
from isotherm.kit.watches import Watch


class Past(Struct, frozen=True, kw_only=True):
    """Something that became of an alarm; ``kind`` as clients know it (``StateUpdate``).
    ``composite``: the alarm is about others."""

    id: str
    project_id: str
    name: str
    at: datetime
    kind: str
    summary: str
    data: dict[str, Any] = {}
    composite: bool = False


class Call(Struct, frozen=True, kw_only=True):
    """An action that is still to be taken. Its id is the same each time that it is tried.
    ``repeats``: it was asked for before, and will be again, so that one try is enough."""

    id: str
    project_id: str
    name: str
    due_at: datetime
    action: str
    body: dict[str, Any]
    attempts: int = 0
    repeats: bool = False
    composite: bool = False


class SeriesQuery(Struct, frozen=True, kw_only=True):
    project_id: str
    namespace: str = ""
    name: str = ""
    after: str = ""
    since: datetime | None = None
    """Only those of which something was measured since then."""
    limit: int = 500


class WatchStore(Protocol):
    """Durable where a method returns. Raises StoreUnavailable."""

    async def add_samples(self, samples: Sequence[Sample]) -> None:
        """Keep them, and count them in where they belong."""
        ...

    async def points(
        self, series_ids: Sequence[str], period: int, start: datetime, end: datetime
    ) -> Mapping[str, list[Point]]:
        """Of one of the kept periods, by series, oldest first; ``end`` is left out."""
        ...

    async def series(self, query: SeriesQuery) -> list[Series]:
        """In the order of their ids; ``after`` is the id of the last one seen."""
        ...

    async def put_watch(self, watch: Watch, past: Past) -> None:
        """Insert, or replace the one of its id."""
        ...

    async def watch(self, project_id: str, name: str) -> Watch | None:
        """None where there is none."""
        ...

    async def watches(self, project_id: str) -> list[Watch]:
        """In the order of their names."""
        ...

    async def remove_watch(self, project_id: str, name: str, past: Past) -> bool:
        """Whether there was one."""
        ...

    async def due_watches(self, now: datetime, limit: int) -> list[Watch]:
        """Those that are to be judged by now."""
        ...

    async def look_later(self, watches: Sequence[Watch]) -> None:
        """Judge them again when they say, those that were not changed meanwhile."""
        ...

    async def look_at(self, ids: Sequence[str], at: datetime) -> None:
        """Judge these at that time, whenever they were to be judged."""
        ...

    async def conclude(
        self, watch: Watch, past: Past | None = None, calls: Sequence[Call] = ()
    ) -> bool:
        """Replace the watch of the version before with what followed from that; False, and
        nothing happens, where it was changed meanwhile."""
        ...

    async def due_calls(self, now: datetime, limit: int) -> list[Call]:
        """Those that are to be made by now."""
        ...

    async def claim_call(self, call: Call, until: datetime) -> bool:
        """Whether the caller may make it: nobody else is told of it before ``until``."""
        ...

    async def put_call(self, call: Call) -> None:
        """To be tried again."""
        ...

    async def end_call(self, call: Call, past: Past) -> None:
        """Forget a call that was made, and keep what came of it."""
        ...

    async def history(self, project_id: str, name: str = "") -> list[Past]:
        """Newest first."""
        ...

    async def purge_measures(self, now: datetime) -> int:
        """Remove some of what is kept no longer; how much. Nothing is left where it is nothing."""
        ...
