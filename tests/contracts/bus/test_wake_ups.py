"""Wake-ups reach every listener of their topic, in this process and in others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.contracts.bus.conftest import Pair


async def take(keys: AsyncIterator[str], count: int) -> list[str]:
    async with asyncio.timeout(20):
        return [await anext(keys) for _ in range(count)]


async def test_every_listener_is_told(pair: Pair, topic: str) -> None:
    async with (
        pair.here.listen(topic) as first,
        pair.here.listen(topic) as second,
        pair.there.listen(topic) as third,
    ):
        await pair.here.wake(topic, "a")
        for keys in (first, second, third):
            assert await take(keys, 1) == ["a"]
        await pair.there.wake(topic, "b")
        for keys in (first, second, third):
            assert await take(keys, 1) == ["b"]


async def test_topics_are_apart(pair: Pair, topic: str) -> None:
    other = f"{topic}-other"
    async with pair.there.listen(topic) as keys, pair.there.listen(other) as other_keys:
        await pair.here.wake(topic, "a")
        await pair.here.wake(other, "b")
        await pair.here.wake(topic, "c")
        assert await take(other_keys, 1) == ["b"]
        assert await take(keys, 2) == ["a", "c"]


async def test_a_slow_listener_is_told_once_of_each_key(pair: Pair, topic: str) -> None:
    async with pair.here.listen(topic) as keys:
        for _ in range(1000):
            await pair.here.wake(topic, "a")
            await pair.here.wake(topic, "b")
        await pair.here.wake(topic, "end")
        assert await take(keys, 3) == ["a", "b", "end"]
        await pair.here.wake(topic, "a")
        assert await take(keys, 1) == ["a"]


async def test_a_listener_that_has_left_is_not_told(pair: Pair, topic: str) -> None:
    async with pair.here.listen(topic) as keys:
        pass
    await pair.here.wake(topic, "a")
    async with pair.here.listen(topic) as later:
        await pair.here.wake(topic, "b")
        assert await take(later, 1) == ["b"]
    await pair.here.close()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await anext(keys)


async def test_closing_ends_the_listeners(pair: Pair, topic: str) -> None:
    async with pair.here.listen(topic) as keys:
        await pair.here.wake(topic, "a")
        await pair.here.close()
        assert [key async for key in keys] == ["a"]
    await pair.here.wake(topic, "b")
    async with pair.here.listen(topic) as keys:
        assert [key async for key in keys] == []


async def test_many_at_once_all_arrive(pair: Pair, topic: str) -> None:
    keys = [f"key-{number}" for number in range(500)]
    async with pair.there.listen(topic) as heard:
        await asyncio.gather(*(pair.here.wake(topic, key) for key in keys))
        assert await take(heard, 500) == keys


async def test_a_process_that_ends_at_once_has_still_told_the_others(
    pair: Pair, topic: str
) -> None:
    async with pair.there.listen(topic) as keys, pair.here.listen("else"):
        await pair.here.wake(topic, "a")
        await pair.here.close()
        assert await take(keys, 1) == ["a"]
