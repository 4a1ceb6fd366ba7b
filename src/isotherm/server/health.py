"""Whether a process can do its work."""

from __future__ import annotations

from isotherm.engine.owning.worker import Worker
from isotherm.engine.settings import EngineSettings
from isotherm.store import SqlStore


class Health:
    """Of one process; it heals by itself as soon as what it misses is back."""

    def __init__(self, store: SqlStore, worker: Worker | None, settings: EngineSettings) -> None:
        self._store = store
        self._worker = worker
        # An engine is well as long as the database tells it what there is to do.
        self._longest_silence = max(settings.lease_seconds, 3 * settings.poll_seconds)

    async def reasons(self) -> list[str]:
        """Why it cannot; none if it can."""
        if trouble := await self._store.trouble():
            return [trouble]
        silence = self._worker.out_of_touch if self._worker is not None else 0.0
        if silence > self._longest_silence:
            return [f"the engine has found out nothing from the database for {silence:.0f} s"]
        return []
