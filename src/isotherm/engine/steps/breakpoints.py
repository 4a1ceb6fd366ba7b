"""Hooks at which steps wait until somebody lets them go on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from isotherm.engine.interruptions import PutOff, TimedOut, TimedOutAtHook
from isotherm.engine.recording.inbox import Inbox
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.waiting.halt import Halt
from isotherm.ports.records import Pause, Resource
from isotherm.template import ResourceRegistry


@dataclass(frozen=True, slots=True)
class Doors:
    """By which news reach what waits; the inbox is looked into ``every`` so many seconds, too,
    because a wake-up may get lost."""

    halt: Halt
    inbox: Inbox
    every: float


class Breakpoints:
    """Those of one traversal. ``verb`` is the one whose hooks are heeded: create, update or
    delete; nothing where there are none."""

    def __init__(self, registry: ResourceRegistry, verb: str, ledger: Ledger, doors: Doors) -> None:
        self._registry = registry
        self._verb = verb
        self._ledger = ledger
        self._doors = doors
        self._waiting: dict[asyncio.Event, str] = {}
        """Those who wait, each with the name of its resource: what one has heard, others have
        still to hear."""
        self._put_off = False

    def held(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the resources whose steps wait somewhere."""
        if not self._registry.resources:
            return frozenset()
        return frozenset(name for name in names if self.before(name) or self.after(name))

    def before(self, name: str, verb: str = "") -> str:
        """The hook at which a step of this verb (or any) waits before it does anything to the
        resource; empty where there is none."""
        return self._at(name, "pre", verb)

    def after(self, name: str, verb: str = "") -> str:
        """The same of the hook after it."""
        return self._at(name, "post", verb)

    def following(self, row: Resource, verb: str) -> Pause | None:
        """Where the row is to wait once the verb has done its work, if anywhere."""
        hook = self.after(row.name, verb)
        if not hook:
            return None
        return Pause(hook=hook, traversal=self._ledger.stack.traversal)

    def _at(self, name: str, when: str, verb: str) -> str:
        # Asked several times a step, and hardly any stack has hooks.
        if not self._registry.resources or not self._verb or verb not in ("", self._verb):
            return ""
        hook = f"{when}-{self._verb}"
        return hook if hook in self._registry.hooks(name) else ""

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the resources that wait at the moment: nobody works on their rows."""
        return frozenset(self._waiting.values())

    def look(self) -> None:
        """A hook may have been cleared."""
        for news in self._waiting:
            news.set()

    def put_off(self) -> None:
        """Nothing is begun any more, so nothing needs to wait."""
        self._put_off = True
        self.look()

    async def pause(self, row: Resource, hook: str) -> Resource:
        """Wait at a hook, unless it has been cleared in this traversal before; the row then.

        Raises PutOff, Overtaken, TimedOutAtHook.
        """
        pause = row.pause
        if pause is None or (pause.hook, pause.traversal) != (hook, self._ledger.stack.traversal):
            row = await self._ledger.pause(row, hook)
        return await self.wait(row)

    async def wait(self, row: Resource) -> Resource:
        """Wait where the row has come to a hook in this traversal, and it was not cleared yet.

        Raises PutOff, Overtaken, TimedOutAtHook.
        """
        if not self._is_held(row):
            return row
        try:
            with self._nobody_at(row.name) as news:
                while self._is_held(row):
                    if self._put_off:
                        raise PutOff
                    news.clear()
                    await self._doors.halt.sleep(self._doors.every, news)
                    if not news.is_set():
                        self._doors.inbox.tell()
                    row = self._ledger.rows[row.id]
        except TimedOut:
            row = self._ledger.rows[row.id]
            hook = row.pause.hook if row.pause else ""
            reason = f"the stack's time was over before Hook {hook} was cleared"
            await self._ledger.end_pause(row, reason, cleared=False)
            raise TimedOutAtHook from None
        return row

    def _is_held(self, row: Resource) -> bool:
        pause = row.pause
        if pause is None or pause.cleared:
            return False
        return pause.traversal == self._ledger.stack.traversal

    @contextmanager
    def _nobody_at(self, name: str) -> Iterator[asyncio.Event]:
        """What is set when a hook may have been cleared."""
        news = asyncio.Event()
        self._waiting[news] = name
        try:
            yield news
        finally:
            del self._waiting[news]
