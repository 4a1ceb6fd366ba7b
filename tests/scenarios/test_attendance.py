"""Engines say that they are there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from isotherm.ports.store import StoreUnavailable
from isotherm.testing.scene import Scene, play


def test_an_engine_is_listed_while_it_runs_and_gone_when_it_ends() -> None:
    async def scenario(scene: Scene) -> None:
        began = scene.clock.now()
        async with scene.worker():
            await scene.clock.sleep(601)
            (engine,) = await scene.store.attendance.engines()
            assert engine.since == began
            assert scene.clock.now() - engine.seen_at < timedelta(seconds=60)
        assert await scene.store.attendance.engines() == []

    play(scenario)


def test_a_database_that_is_away_ends_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(scene: Scene) -> None:
        async def away(*_: object) -> None:
            raise StoreUnavailable("away")

        async with scene.worker():
            with monkeypatch.context() as patch:
                patch.setattr(scene.store.attendance, "put", away)
                await scene.clock.sleep(300)
            await scene.clock.sleep(61)
            (engine,) = await scene.store.attendance.engines()
            assert scene.clock.now() - engine.seen_at < timedelta(seconds=60)

    play(scenario)
