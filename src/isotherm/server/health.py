"""Whether a process can do its work."""

from __future__ import annotations

import shutil
from pathlib import Path

from isotherm.engine.owning.worker import Worker
from isotherm.engine.settings import EngineSettings
from isotherm.store import SqlStore

_LEAST_SPACE = 256 * 1024
"""Bytes below which the next commit may be one too many."""


class Health:
    """Of one process; it heals by itself as soon as what it misses is back."""

    def __init__(
        self,
        store: SqlStore,
        worker: Worker | None,
        settings: EngineSettings,
        folder: Path | None = None,
    ) -> None:
        """``folder`` is where this process writes, if it has one."""
        self._folder = folder
        self._store = store
        self._worker = worker
        # An engine is well as long as the database tells it what there is to do.
        self._longest_silence = max(settings.lease_seconds, 3 * settings.poll_seconds)

    async def reasons(self) -> list[str]:
        """Why it cannot; none if it can."""
        if trouble := await self._store.trouble():
            return [trouble]
        if self._folder is not None and shutil.disk_usage(self._folder).free < _LEAST_SPACE:
            return [f"there is no space left in {self._folder}"]
        silence = self._worker.out_of_touch if self._worker is not None else 0.0
        if silence > self._longest_silence:
            return [f"the engine has found out nothing from the database for {silence:.0f} s"]
        return []
