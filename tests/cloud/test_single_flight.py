"""One piece of work for many who ask."""

from __future__ import annotations

import asyncio

import pytest

from isotherm.cloud.single_flight import SingleFlight


class Work:
    def __init__(self) -> None:
        self.runs = 0
        self.release = asyncio.Event()
        self.begun_again = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.runs += 1
        run = self.runs
        if run > 1:
            self.begun_again.set()
        await self.release.wait()
        if self.error:
            raise self.error
        return run


async def start(flight: SingleFlight[str, int], work: Work, many: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.ensure_future(flight.run("key", work)) for _ in range(many)]
    await asyncio.sleep(0)
    return tasks


async def test_all_get_the_answer_of_one() -> None:
    flight, work = SingleFlight[str, int](), Work()
    tasks = await start(flight, work, 3)
    work.release.set()
    assert await asyncio.gather(*tasks) == [1, 1, 1]
    assert await flight.run("key", work) == 2


async def test_all_get_the_error_of_one() -> None:
    flight, work = SingleFlight[str, int](), Work()
    work.error = ValueError("no")
    tasks = await start(flight, work, 3)
    work.release.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in results] == [ValueError] * 3
    assert work.runs == 1


async def test_another_takes_over_when_the_first_is_cancelled() -> None:
    flight, work = SingleFlight[str, int](), Work()
    first, *others = await start(flight, work, 3)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await work.begun_again.wait()
    work.release.set()
    assert await asyncio.gather(*others) == [2, 2]


async def test_who_waits_can_be_cancelled_alone() -> None:
    flight, work = SingleFlight[str, int](), Work()
    first, second, third = await start(flight, work, 3)
    second.cancel()
    await asyncio.wait([second])
    work.release.set()
    assert [await first, await third] == [1, 1]
