"""Alarms: judged when they are due by whichever worker looks first, and their actions taken.

Several workers may judge one alarm at once: the change of its state, what is told of it and the
actions that follow are one commit, which only the first of them can make.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.signals import signal_message
from isotherm.engine.recording.watches import calls_of, past_of, shown, state_changed, target_of
from isotherm.engine.tools import Tools
from isotherm.kit.measures import gathered, kept_period, span_of
from isotherm.kit.watches import Watch, judge, window_of
from isotherm.ports.bus import Bus
from isotherm.ports.records import replace
from isotherm.ports.store import StoreUnavailable
from isotherm.ports.watches import Call

log = logging.getLogger(__name__)

_LOOK_EVERY = 1.0
_AT_ONCE = 200
_GRACE = timedelta(seconds=1)
"""What comes at the very end of a period is still taken in."""
_LONGEST = 60
"""Seconds between two looks, for however long a period."""
_ATTEMPTS = 10


class Watchman:
    """Judges alarms for one worker."""

    def __init__(self, tools: Tools, bus: Bus) -> None:
        self._tools = tools
        self._bus = bus

    async def run(self) -> None:
        """Look for what is due, for ever."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as away:
                log.warning("no alarm can be judged: %s", away)
            await self._tools.clock.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Judge what is due now, and take the actions that follow. Raises StoreUnavailable."""
        store, now = self._tools.store.watches, self._tools.clock.now()
        for watch in await store.due_watches(now, _AT_ONCE):
            await self._judge(watch, now)
        for call in await store.due_calls(now, _AT_ONCE):
            await self._take(call, now)

    async def _judge(self, watch: Watch, now: datetime) -> None:
        start, end = window_of(watch, now)
        store, series = self._tools.store.watches, watch.series.id
        found = await store.points([series], kept_period(watch.period), start, end)
        points = [each for each in found.get(series, ()) if watch.unit in ("", each.unit)]
        state, reason = judge(watch, gathered(points, watch.period), now)
        seen = replace(watch, version=watch.version + 1, look_at=next_look(watch, now))
        if state is watch.state:
            await store.conclude(replace(seen, reason=reason))
            return
        changed = replace(seen, state=state, reason=reason, state_at=now)
        await store.conclude(changed, state_changed(watch, changed, now), calls_of(changed, now))

    async def _take(self, call: Call, now: datetime) -> None:
        """An action has one effect: the message that it becomes goes by its id."""
        store = self._tools.store
        trouble = await self._signal(call, now)
        if trouble and call.attempts + 1 < _ATTEMPTS:
            later = now + timedelta(seconds=2**call.attempts)
            await store.watches.put_call(replace(call, due_at=later, attempts=call.attempts + 1))
            return
        told = f"Failed to execute action {shown(call.action)}: {trouble}"
        if not trouble:
            told = f"Successfully executed action {shown(call.action)}"
        await store.watches.end_call(call, past_of(call, "Action", told, now))

    async def _signal(self, call: Call, now: datetime) -> str:
        """What keeps the action from being taken; empty where it is."""
        arn = target_of(call.action)
        if arn is None or arn.project_id != call.project_id:
            return "it names no resource of the project"
        store = self._tools.store
        for row in await store.resources(arn.stack_id):
            if row.name == arn.resource and row.current:
                message = signal_message(row, call.body, now)
                await post(store, self._bus, replace(message, id=call.id))
                return ""
        return "there is no such resource"


def next_look(watch: Watch, now: datetime) -> datetime:
    every = min(watch.period, _LONGEST)
    return span_of(now, every) + timedelta(seconds=every) + _GRACE
