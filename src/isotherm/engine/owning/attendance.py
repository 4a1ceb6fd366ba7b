"""Each worker says now and then that it is there, for whoever asks which engines run."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from isotherm.engine.tools import Tools
from isotherm.ports.attendance import Engine
from isotherm.ports.store import StoreUnavailable

log = logging.getLogger(__name__)

REPORT_SECONDS = 60
_FORGOTTEN_AFTER = timedelta(days=1)


class Attendance:
    """Of one worker. ``owner`` names it among all that share the store."""

    def __init__(self, tools: Tools, owner: str) -> None:
        self._tools = tools
        self._id = str(uuid5(NAMESPACE_URL, f"isotherm-engine:{owner}"))
        self._names = {"host": tools.settings.host, "hostname": tools.settings.hostname}
        self._since = tools.clock.now()

    async def run(self) -> None:
        """Report for ever."""
        while True:
            try:
                await self._report()
            except StoreUnavailable as away:
                log.warning("nobody can be told that this engine runs: %s", away)
            await self._tools.clock.sleep(REPORT_SECONDS)

    async def _report(self) -> None:
        store, now = self._tools.store.attendance, self._tools.clock.now()
        await store.put(Engine(id=self._id, since=self._since, seen_at=now, **self._names))
        await store.purge(now - _FORGOTTEN_AFTER)

    async def end(self) -> None:
        """Where it ends in good order, it need not be missed."""
        try:
            await self._tools.store.attendance.remove(self._id)
        except StoreUnavailable as away:
            log.warning("nobody can be told that this engine ends: %s", away)
