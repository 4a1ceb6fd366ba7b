"""Losing the broker raises nowhere; what is woken afterwards arrives again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.contracts.bus.conftest import Cuttable

from isotherm.bus.postgres import PostgreSQL
from isotherm.bus.rabbitmq import RabbitMQ
from isotherm.bus.remote import Carrier, RemoteBus
from isotherm.ports.bus import TRAVERSALS, Bus


async def wake_until_heard(bus: Bus, topic: str, key: str, heard: AsyncIterator[str]) -> list[str]:
    """Wake again and again until the other side, which reconnects in its own time, hears it."""
    keys: list[str] = []
    listening = asyncio.ensure_future(_take_until(key, heard, keys))
    async with asyncio.timeout(30):
        while not listening.done():
            await bus.wake(topic, key)
            await asyncio.wait([listening], timeout=0.05)
    return keys


async def _take_until(last: str, heard: AsyncIterator[str], keys: list[str]) -> None:
    async for key in heard:
        keys.append(key)
        if key == last:
            return


@asynccontextmanager
async def noticing_the_loss() -> AsyncIterator[None]:
    """Ends when the bus has told the log that it is cut off."""
    noticed = asyncio.Event()
    log = logging.getLogger("isotherm.bus.remote")

    def notice(record: logging.LogRecord) -> bool:
        noticed.set()
        return True

    log.addFilter(notice)
    try:
        yield
        async with asyncio.timeout(30):
            await noticed.wait()
    finally:
        log.removeFilter(notice)


async def test_both_directions_work_again_after_a_cut(cuttable: Cuttable, topic: str) -> None:
    async with (
        cuttable.here.listen(topic) as here,
        cuttable.there.listen(topic) as there,
    ):
        for number in range(2):
            await cuttable.proxy.cut()
            await cuttable.there.wake(topic, f"unheard-{number}")
            await cuttable.proxy.restore()
            heard = await wake_until_heard(cuttable.there, topic, f"in-{number}", here)
            assert f"in-{number}" in heard
            heard = await wake_until_heard(cuttable.here, topic, f"out-{number}", there)
            assert f"out-{number}" in heard


async def test_what_is_woken_during_the_cut_is_heard_here_now_and_there_later(
    cuttable: Cuttable, topic: str
) -> None:
    async with (
        cuttable.here.listen(topic) as here,
        cuttable.there.listen(topic) as there,
    ):
        async with noticing_the_loss():
            await cuttable.proxy.cut()
        await cuttable.here.wake(topic, "a")
        async with asyncio.timeout(1):
            assert await anext(here) == "a"
        await cuttable.proxy.restore()
        async with asyncio.timeout(30):
            assert await anext(there) == "a"


@pytest.mark.parametrize(
    "carrier",
    [
        RabbitMQ("rabbit://user:hidden-word@127.0.0.1:1/"),
        PostgreSQL("postgresql://user:hidden-word@127.0.0.1:1/isotherm"),
    ],
    ids=["rabbitmq", "postgresql"],
)
async def test_a_broker_that_was_never_there_is_only_logged(
    carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    bus = RemoteBus(carrier)
    with caplog.at_level(logging.WARNING):
        async with bus.listen(TRAVERSALS) as keys:
            await bus.wake(TRAVERSALS, "a")
            assert await anext(keys) == "a"
        await bus.close()
    assert "127.0.0.1:1" in caplog.text
    assert "hidden-word" not in caplog.text
