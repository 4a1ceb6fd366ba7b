"""Alarms: judged when they are due by whichever worker looks first, and their actions taken.

Several workers may judge one alarm at once: the change of its state, what is told of it and the
actions that follow are one commit, which only the first of them can make. An action is taken by
who has claimed it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from isotherm.core.errors import RemoteError
from isotherm.core.ids import ProjectId
from isotherm.engine.recording.alarm_actions import Target, is_webhook, shown, target_of
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.signals import signal_message
from isotherm.engine.recording.watches import (
    calls_again,
    outcome_of,
    past_of,
    wake_composites,
)
from isotherm.engine.tools import Tools
from isotherm.kit.judging import Verdict, judge, judge_rule, window_of
from isotherm.kit.measures import Point, span_of
from isotherm.kit.suppression import ends_at
from isotherm.kit.watches import Watch
from isotherm.ports.bus import Bus
from isotherm.ports.records import Resource, replace
from isotherm.ports.store import StoreUnavailable
from isotherm.ports.watches import Call

log = logging.getLogger(__name__)

_LOOK_EVERY = 1.0
_AT_ONCE = 200
_ROUNDS = 100
"""So many times that many are judged in one look; who is still due then is looked at next."""
_GRACE = timedelta(seconds=0.5)
"""What comes at the very end of a period is still taken in."""
_LONGEST = 60
"""Seconds between two looks, for however long a period."""
_ATTEMPTS = 10
_CLAIMED = timedelta(seconds=60)
"""For so long an action is left to who has claimed it."""


class Watchman:
    """Judges alarms for one worker, and takes their actions."""

    def __init__(self, tools: Tools, bus: Bus) -> None:
        self._tools = tools
        self._bus = bus
        self._taking = 0

    async def run(self) -> None:
        """Look for what is due, for ever. No alarm waits for an action that takes its time."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                try:
                    await self.look()
                    for call in await self._due_calls():
                        tasks.create_task(self._taken(call))
                except StoreUnavailable as away:
                    log.warning("no alarm can be judged: %s", away)
                await self._tools.clock.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Judge what is due now. Raises StoreUnavailable."""
        store, now = self._tools.store.watches, self._tools.clock.now()
        for _ in range(_ROUNDS):
            due = await store.due_watches(now, _AT_ONCE)
            if not due:
                return
            await self._judge(due, now)

    async def _judge(self, due: Sequence[Watch], now: datetime) -> None:
        """Those that stay what they are cost one commit together."""
        store, others = self._tools.store.watches, await self._others(due)
        verdicts = await self._verdicts(due, others, now)
        steady, changed = [], []
        for watch, verdict in zip(due, verdicts, strict=True):
            suppressor = others.get(watch.project_id, {}).get(watch.suppressor)
            after, past, calls = outcome_of(watch, _became(watch, verdict, now), suppressor, now)
            seen = replace(watch, look_at=next_look(watch, now))
            if past is not None:
                changed.append(after)
                await store.conclude(replace(after, look_at=next_look(after, now)), past, calls)
            elif calls := calls_again(watch, now):
                again = replace(seen, acted_at=now, version=watch.version + 1)
                await store.conclude(again, None, calls)
            else:
                steady.append(seen)
        await store.look_later(steady)
        await wake_composites(store, changed, now)

    async def _others(self, due: Sequence[Watch]) -> dict[str, dict[str, Watch]]:
        """By project and name, the alarms that some of these are about."""
        others: dict[str, dict[str, Watch]] = {}
        for project_id in {each.project_id for each in due if each.rule}:
            there = await self._tools.store.watches.watches(project_id)
            others[project_id] = {each.name: each for each in there}
        return others

    async def _verdicts(
        self, due: Sequence[Watch], others: Mapping[str, Mapping[str, Watch]], now: datetime
    ) -> list[Verdict]:
        points = await self._points([each for each in due if not each.rule], now)
        return [
            judge_rule(each, others[each.project_id])
            if each.rule
            else judge(each, points[window_of(each, now)], now)
            for each in due
        ]

    async def _points(
        self, due: Sequence[Watch], now: datetime
    ) -> Mapping[tuple[datetime, datetime], dict[str, list[Point]]]:
        """What is known of all that is measured, by the window in which it is looked at."""
        wanted: dict[tuple[datetime, datetime], dict[int, set[str]]] = {}
        for watch in due:
            periods = wanted.setdefault(window_of(watch, now), {})
            for query in watch.measured:
                if query.series is not None:
                    periods.setdefault(query.kept_period, set()).add(query.series.id)
        found: dict[tuple[datetime, datetime], dict[str, list[Point]]] = {}
        for span, periods in wanted.items():
            found[span] = {}
            for period, ids in periods.items():
                found[span] |= await self._tools.store.watches.points(sorted(ids), period, *span)
        return found

    async def _due_calls(self) -> list[Call]:
        room = _AT_ONCE - self._taking
        if room <= 0:
            return []
        return await self._tools.store.watches.due_calls(self._tools.clock.now(), room)

    async def _taken(self, call: Call) -> None:
        self._taking += 1
        try:
            await self._take(call)
        except StoreUnavailable as away:
            log.warning("an action of alarm %s waits: %s", call.name, away)
        finally:
            self._taking -= 1

    async def _take(self, call: Call) -> None:
        store, now = self._tools.store.watches, self._tools.clock.now()
        if not await store.claim_call(call, now + _CLAIMED):
            return
        trouble, passes = await self._trouble(call, now)
        now = self._tools.clock.now()
        if trouble and passes and not call.repeats and call.attempts + 1 < _ATTEMPTS:
            later = now + timedelta(seconds=2**call.attempts)
            await store.put_call(replace(call, due_at=later, attempts=call.attempts + 1))
            return
        told = f"Failed to execute action {shown(call.action)}: {trouble}"
        if not trouble:
            told = f"Successfully executed action {shown(call.action)}"
        await store.end_call(call, past_of(call, "Action", told, now))

    async def _trouble(self, call: Call, now: datetime) -> tuple[str, bool]:
        """What keeps the action from being taken, empty where it is; whether that may pass."""
        target = target_of(call.action)
        if target is None and is_webhook(call.action):
            try:
                await self._tools.sender.post(call.action, call.body, key=call.id)
            except RemoteError as error:
                return str(error), error.passes
            return "", True
        return await self._signal(call, target, now), True

    async def _signal(self, call: Call, target: Target | None, now: datetime) -> str:
        """It has one effect: the message that it becomes goes by the id of the call."""
        row = await self._signalled(call, target)
        if row is None:
            return "there is no such resource in the project"
        message = replace(signal_message(row, call.body, now), id=call.id)
        await post(self._tools.store, self._bus, message)
        return ""

    async def _signalled(self, call: Call, target: Target | None) -> Resource | None:
        store = self._tools.store
        if target is None:
            return None
        if not target.resource:
            return await self._namesake(call)
        stack = await store.find_stack(ProjectId(call.project_id), target.stack)
        if stack is None:
            return None
        rows = await store.resources(stack.id)
        return next((each for each in rows if each.name == target.resource and each.current), None)

    async def _namesake(self, call: Call) -> Resource | None:
        """The resource whose id it is, where that is one of the project."""
        for row in await self._tools.store.namesakes(call.action):
            stack = await self._tools.store.stack(row.stack_id)
            if row.current and stack is not None and stack.project_id == call.project_id:
                return row
        return None


def _became(watch: Watch, verdict: Verdict, now: datetime) -> Watch:
    if verdict.state is watch.state:
        return replace(watch, version=watch.version + 1)
    told = {"reason": verdict.reason, "reason_data": verdict.data}
    return replace(watch, state=verdict.state, state_at=now, version=watch.version + 1, **told)


def next_look(watch: Watch, now: datetime) -> datetime:
    every = min(watch.period or _LONGEST, _LONGEST)
    usual = span_of(now, every) + timedelta(seconds=every) + _GRACE
    return min(usual, ends_at(watch) or usual)
