"""Tells the event sinks of a stack what happens to it: in order, and at least once.

What was told last is kept with the stack, so that nothing is left out when a worker dies; what
was told and not noted by then is told again. Nothing waits for a sink that does not answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.values import redact
from isotherm.engine.preparing.definitions import Definer
from isotherm.engine.tools import Tools
from isotherm.kit.event_sinks import EVENT_SINKS
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Event, Stack, replace
from isotherm.ports.store import EventQuery, Fence, Fenced, Lease, Writes
from isotherm.template import is_web_address

log = logging.getLogger(__name__)

_EVERY = 1.0
_AT_ONCE = 100
_PATIENCE = 10.0
"""Seconds for one event; a sink that needs longer is told again later."""

_Sinks = list[Mapping[str, Any]]


class Courier:
    """One stack's, in the hands of its owner."""

    def __init__(self, tools: Tools, cloud: Cloud, lease: Lease) -> None:
        self._tools = tools
        self._cloud = cloud
        self._lease = lease
        self._definer = Definer(tools.store, cloud, tools.types, tools.environment)
        self._told: str | None = None
        self._foretold: set[str] = set()

    @asynccontextmanager
    async def at_work(self, stack: Stack) -> AsyncIterator[None]:
        """Tell what happens while the context is open, and then the rest."""
        if not stack.tells:
            yield
            return
        try:
            async with asyncio.TaskGroup() as tasks:
                going = tasks.create_task(self._go_on(stack))
                try:
                    yield
                finally:
                    going.cancel()
        except ExceptionGroup as group:
            raise group.exceptions[0] from group
        await self.finish(stack.id)

    async def tell_last(self, stack: Stack, events: Sequence[Event]) -> None:
        """What is about to be written, while the stack may still act for its owner."""
        if stack.tells:
            await self._deliver(stack)
            for event in events:
                for sink in await self._sinks(stack):
                    await self._told_to(stack, sink, event)
                self._foretold.add(event.id)

    async def finish(self, stack_id: str) -> None:
        """Tell the rest, and note how far it went. Raises StoreUnavailable."""
        stack = await self._tools.store.stack(stack_id)
        if stack is None or not stack.tells:
            return
        await self._deliver(stack)
        if self._told in (None, stack.told):
            return
        fence = Fence(lease=self._lease, traversal=stack.traversal)
        try:
            await self._tools.store.commit(fence, Writes(stack=replace(stack, told=self._told)))
        except Fenced:
            return  # by now somebody has begun something new, and that will note it

    async def _go_on(self, stack: Stack) -> None:
        while True:
            await self._tools.clock.sleep(_EVERY)
            await self._deliver(stack)

    async def _deliver(self, stack: Stack) -> None:
        if self._told is None:
            self._told = stack.told
        query = EventQuery(stack_ids=[stack.id], marker=self._told or None, limit=_AT_ONCE)
        sinks = await self._sinks(stack)
        while events := await self._tools.store.events(query):
            if not await self._tell(stack, sinks, events):
                return
            query = EventQuery(stack_ids=[stack.id], marker=self._told, limit=_AT_ONCE)

    async def _sinks(self, stack: Stack) -> _Sinks:
        """Those of the root stack's environment are told of the whole tree."""
        root = await self._tools.store.stack(stack.root_id or stack.id) or stack
        try:
            source = await self._tools.store.source(root.source_id)
            return list(self._definer.environment(source).event_sinks)
        except (InvalidDocument, KeyError):
            return []

    async def _tell(self, stack: Stack, sinks: _Sinks, events: Sequence[Event]) -> bool:
        """Whether all was told that can be."""
        for event in events:
            for sink in sinks if event.id not in self._foretold else ():
                if not await self._told_to(stack, sink, event):
                    return False
            self._told = event.id
        return True

    async def _told_to(self, stack: Stack, sink: Mapping[str, Any], event: Event) -> bool:
        """False: it may work later. What never will is left out."""
        kind = EVENT_SINKS.get(str(sink.get("type")))
        if kind is None:
            return True
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._tell_one(stack, sink, event)
        except (RemoteError, TimeoutError) as error:
            passes = isinstance(error, TimeoutError) or error.passes
            log.warning("stack %s: its event sink %s was not told", stack.id, _shown(sink))
            return not passes
        except Exception:
            # A plug-in's own fault shall not hold up the stack.
            log.exception("stack %s: its event sink %s has failed", stack.id, _shown(sink))
        return True

    async def _tell_one(self, stack: Stack, sink: Mapping[str, Any], event: Event) -> None:
        kind, body = EVENT_SINKS[str(sink["type"])], event_body(stack, event)
        if kind.by_web:
            await self._tools.sender.post(str(sink["target"]), body, key=event.id)
        else:
            await kind.tell(await self._cloud.connect(stack.credentials), sink, body)


def _shown(sink: Mapping[str, Any]) -> str:
    """Of addresses nothing but where they lead: they may be what proves that one may call."""
    target = str(sink.get("target"))
    return urlsplit(target).hostname or "" if is_web_address(target) else target


def event_body(stack: Stack, event: Event) -> dict[str, Any]:
    """What a sink is told, in the form that listeners know."""
    return {
        "timestamp": event.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": "0.1",
        "type": "os.heat.event",
        "id": event.id,
        "payload": {
            "version": "0.1",
            "stack_id": stack.id,
            "stack_name": stack.name,
            "resource_name": event.resource_name,
            "physical_resource_id": event.physical_id,
            "resource_action": event.action.value,
            "resource_status": event.status.value,
            "resource_status_reason": event.status_reason,
            "resource_type": event.resource_type,
            "resource_properties": redact(event.properties),
        },
    }
