"""Figures of what is in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.contracts.store.records import add_stack, after, fence, lease, make_traversal

from isotherm.core.states import Status
from isotherm.ports.records import Stack, replace
from isotherm.ports.store import Writes
from isotherm.store import SqlStore


async def test_an_empty_database_has_figures_too(sql_store: SqlStore) -> None:
    figures = await sql_store.figures()
    assert dict(figures.stacks) == {}
    assert (figures.waiting, figures.leased) == (0, 0)
    assert (figures.waiting_seconds, figures.working_seconds) == (0, 0)


async def finish(store: SqlStore, stack: Stack) -> None:
    holding = await fence(store, stack)
    finished = make_traversal(stack.id, finished=True)
    await store.commit(holding, Writes(stack=stack, traversal=finished))
    await store.release(holding.lease)


async def test_stacks_are_told_by_state_and_queues_by_age(sql_store: SqlStore) -> None:
    now = datetime.now(UTC)
    await finish(sql_store, replace(await add_stack(sql_store), status=Status.COMPLETE))
    await finish(sql_store, replace(await add_stack(sql_store), deleted_at=after(1)))
    owned = await add_stack(sql_store, created_at=now - timedelta(hours=2))
    await lease(sql_store, owned)
    await add_stack(sql_store, created_at=now - timedelta(hours=1))
    figures = await sql_store.figures()
    assert figures.stacks == {("CREATE", "COMPLETE"): 1, ("CREATE", "IN_PROGRESS"): 2}
    assert (figures.waiting, figures.leased) == (1, 1)
    assert figures.waiting_seconds == pytest.approx(3600, abs=120)
    assert figures.working_seconds == pytest.approx(7200, abs=120)
