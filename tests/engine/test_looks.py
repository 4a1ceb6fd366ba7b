"""Looks at objects: soon at first, then at the pace of the type, and many at the same moment."""

from __future__ import annotations

import asyncio

from isotherm.engine.waiting.halt import Halt
from isotherm.engine.waiting.looks import Looks
from isotherm.testing.virtual_time import VirtualClock, run_virtually


def test_who_waits_at_the_same_pace_looks_at_the_same_moments_whenever_it_began() -> None:
    clock = VirtualClock()
    moments: list[set[float]] = []

    async def watch(late: float) -> None:
        await clock.sleep(late)
        looks, seen = Looks(Halt(clock), first_poll=0.1), set()
        while clock.monotonic() < 30:
            await looks.wait(1.0)
            seen.add(clock.monotonic())
        moments.append({each for each in seen if each > 20})

    async def watch_all() -> None:
        await asyncio.gather(*(watch(n / 100) for n in range(100)))

    run_virtually(watch_all)
    together = set().union(*moments)
    assert len(together) < 100, "a hundred of them, at about ten moments each"
    for each in moments:
        first, *others = sorted(each)
        assert all(
            1.0 <= later - before <= 1.125
            for before, later in zip([first, *others], others, strict=False)
        )


def test_the_first_looks_come_soon() -> None:
    clock = VirtualClock()

    async def watch() -> None:
        looks = Looks(Halt(clock), first_poll=0.1)
        await looks.wait(0)
        assert clock.monotonic() == 0.0
        await looks.wait(1.0)
        assert clock.monotonic() <= 0.2

    run_virtually(watch)


def test_who_looks_together_with_others_looks_more_often_at_the_same_moments() -> None:
    clock = VirtualClock()

    async def watch() -> None:
        looks = Looks(Halt(clock), first_poll=0.1, are_shared=lambda: True)
        before = 0.0
        for turn in range(20):
            await looks.wait(1.0)
            now = clock.monotonic()
            if turn > 5:
                assert 0.25 <= now - before <= 0.375
                assert now * 8 == round(now * 8), "the moments of those who look once a second"
            before = now

    run_virtually(watch)
