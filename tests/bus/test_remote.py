"""A bus keeps what it could not send, and sends what is left before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from isotherm.bus.listeners import Listeners
from isotherm.bus.outbox import WakeUp
from isotherm.bus.remote import Carrier, Connection, RemoteBus


class Wire(Carrier):
    """Carries to a list; as many sendings fail first as it is told to."""

    errors = (OSError,)

    def __init__(self, failures: int = 0) -> None:
        self.carried: list[WakeUp] = []
        self.connections = 0
        self._failures = failures
        self.change = asyncio.Event()

    def __str__(self) -> str:
        return "a wire"

    @asynccontextmanager
    async def connect(self, listeners: Listeners) -> AsyncIterator[Connection]:
        self.connections += 1
        yield self

    async def send(self, wake_ups: list[WakeUp]) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        if self._failures:
            self._failures -= 1
            raise OSError("the wire is cut")
        self.carried += wake_ups
        self.change.set()

    async def lost(self) -> None:
        await asyncio.Event().wait()


async def test_what_could_not_be_sent_is_sent_by_the_next_connection() -> None:
    wire = Wire(failures=1)
    bus = RemoteBus(wire)
    await bus.wake("topic", "a")
    async with asyncio.timeout(10):
        await wire.change.wait()
    assert wire.carried == [("topic", "a")]
    assert wire.connections == 2
    await bus.close()


async def test_closing_sends_what_is_left() -> None:
    wire = Wire()
    bus = RemoteBus(wire)
    async with bus.listen("topic"):
        await bus.wake("topic", "a")
        await bus.close()
    assert wire.carried == [("topic", "a")]


async def test_nothing_is_connected_before_it_is_needed() -> None:
    wire = Wire()
    bus = RemoteBus(wire)
    await bus.close()
    await bus.wake("topic", "a")
    await asyncio.sleep(0)
    assert wire.connections == 0
