"""Wake-ups that wait to be sent."""

from __future__ import annotations

import asyncio

import pytest

from isotherm.bus.outbox import Outbox


async def test_each_wake_up_waits_once_and_in_order() -> None:
    outbox = Outbox()
    for key in "abab":
        outbox.put(("topic", key))
    assert await outbox.take() == [("topic", "a"), ("topic", "b")]


async def test_what_could_not_be_sent_is_sent_later() -> None:
    outbox = Outbox()
    outbox.put(("topic", "a"))
    taken = await outbox.take()
    outbox.put(("topic", "b"))
    outbox.give_back(taken)
    assert set(await outbox.take()) == {("topic", "a"), ("topic", "b")}


async def test_all_is_sent_when_nothing_waits_and_nothing_is_on_its_way() -> None:
    outbox = Outbox()
    await outbox.all_sent()
    outbox.put(("topic", "a"))
    await outbox.take()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await outbox.all_sent()
    outbox.confirm()
    await outbox.all_sent()


async def test_a_long_outage_does_not_fill_the_memory() -> None:
    outbox = Outbox()
    for number in range(10_003):
        outbox.put(("topic", str(number)))
    taken = await outbox.take()
    assert len(taken) == 10_000
    assert taken[0] == ("topic", "3")
