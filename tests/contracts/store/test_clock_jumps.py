"""The database's clock may be set forth and back: nobody waits for as long as that was.

Moving what is recorded into the future is the same as setting the clock back.
"""

from __future__ import annotations

import pytest
from tests.claims import claim_one
from tests.contracts.store.records import add_stack, fence, lease, make_resource

from isotherm.ports.store import Fenced, Writes
from isotherm.store import Database, SqlStore
from isotherm.store.tables import duties, leases

HOUR = 3600 * 1_000_000


def set_back(database: Database, microseconds: int) -> None:
    with database.writing.begin() as connection:
        connection.execute(leases.update().values(expires_at=leases.c.expires_at + microseconds))
        connection.execute(
            duties.update().values(
                due_at=duties.c.due_at + microseconds,
                expires_at=duties.c.expires_at + microseconds,
            )
        )


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("microseconds", [HOUR, 24 * HOUR], ids=["hour", "day"])
async def test_what_was_given_back_before_is_free(
    in_order: bool, microseconds: int, sql_store: SqlStore, database: Database
) -> None:
    stack = await add_stack(sql_store)
    await sql_store.release(await lease(sql_store, stack, "a"), in_order=in_order)
    set_back(database, microseconds)
    taken = await lease(sql_store, stack, "b")
    assert taken.broken_off is None if in_order else taken.broken_off == 0


async def test_what_was_given_back_in_order_is_free_after_a_small_step(
    sql_store: SqlStore, database: Database
) -> None:
    stack = await add_stack(sql_store)
    await sql_store.release(await lease(sql_store, stack, "a"))
    set_back(database, 30 * 1_000_000)
    await lease(sql_store, stack, "b")


async def test_what_a_dead_worker_owned_before_is_free(
    sql_store: SqlStore, database: Database
) -> None:
    stack = await add_stack(sql_store)
    lost = await fence(sql_store, stack, "a")
    set_back(database, HOUR)
    taken = await lease(sql_store, stack, "b")
    # Its calls may be under way, for all that anybody knows.
    assert taken.broken_off == 0
    with pytest.raises(Fenced):
        await sql_store.commit(lost, Writes(resources=[make_resource(stack.id)]))


async def test_a_living_worker_keeps_what_it_renews_in_time(
    sql_store: SqlStore, database: Database
) -> None:
    stack = await add_stack(sql_store)
    held = await fence(sql_store, stack, "a")
    set_back(database, HOUR)
    assert sql_store.renew("a", [stack.id], 60) == {stack.id: stack.traversal}
    assert await claim_one(sql_store, "b", stack.id, 60) is None
    await sql_store.commit(held, Writes(resources=[make_resource(stack.id)]))


async def test_duties_are_done_after_a_day_that_came_twice(
    sql_store: SqlStore, database: Database
) -> None:
    await sql_store.add_duty("purge", "x")
    (duty,) = await sql_store.claim_duties("a", ["purge"], 1, 600)
    set_back(database, 24 * HOUR)
    (again,) = await sql_store.claim_duties("b", ["purge"], 1, 600)
    await sql_store.end_duty(again, 3600)
    assert await sql_store.claim_duties("b", ["purge"], 1, 600) == []
    set_back(database, 30 * 24 * HOUR)
    assert len(await sql_store.claim_duties("b", ["purge"], 1, 600)) == 1
    await sql_store.end_duty(duty, 3600)
