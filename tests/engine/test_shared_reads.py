"""Reads of stacks: one for all who ask in the same turn of the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from isotherm.engine.preparing.shared_reads import SharedRead
from isotherm.ports.store import StoreUnavailable


class Shelf:
    """Has a text for every id, and counts how often it is asked."""

    def __init__(self, failures: int = 0) -> None:
        self.asked: list[int] = []
        self._failures = failures

    async def read(self, stack_ids: Sequence[str]) -> Mapping[str, str]:
        self.asked.append(len(stack_ids))
        await asyncio.sleep(0)
        if self._failures:
            self._failures -= 1
            raise StoreUnavailable("the database is away")
        return {each: f"text of {each}" for each in stack_ids}


async def ask(read: SharedRead[str], number: int) -> str:
    return (await read.of([f"{number}"]))[f"{number}"]


def test_those_who_ask_together_are_answered_by_few_reads() -> None:
    shelf = Shelf()

    async def go() -> list[str]:
        read = SharedRead(shelf.read)
        return await asyncio.gather(*(ask(read, number) for number in range(120)))

    assert asyncio.run(go()) == [f"text of {number}" for number in range(120)]
    assert shelf.asked == [50, 50, 20]


def test_who_asks_later_is_told_what_is_true_then() -> None:
    shelf = Shelf()

    async def go() -> None:
        read = SharedRead(shelf.read)
        await ask(read, 1)
        await ask(read, 1)

    asyncio.run(go())
    assert shelf.asked == [1, 1]


def test_a_read_that_fails_is_the_trouble_of_one() -> None:
    shelf = Shelf(failures=1)

    async def go() -> list[str | BaseException]:
        read = SharedRead(shelf.read)
        asking = (ask(read, number) for number in range(3))
        return await asyncio.gather(*asking, return_exceptions=True)

    first, *others = asyncio.run(go())
    assert isinstance(first, StoreUnavailable)
    assert others == ["text of 1", "text of 2"]


def test_who_is_broken_off_while_asking_leaves_the_others_to_ask() -> None:
    shelf = Shelf()

    async def go() -> str:
        read = SharedRead(shelf.read)
        first = asyncio.create_task(ask(read, 0))
        second = asyncio.create_task(ask(read, 1))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await second

    assert asyncio.run(go()) == "text of 1"
