"""What lies in the database: secrets sealed, odd text harmless, times exact."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from tests.contracts.store.records import (
    add_stack,
    after,
    fence,
    make_event,
    make_resource,
    make_stack,
    make_traversal,
)

from isotherm.core.values import Secret
from isotherm.ports.records import Source, replace
from isotherm.ports.store import EventQuery, StackQuery, Store, Writes
from isotherm.store import Database, Key, Sealer, SqlStore, UnsealableError
from isotherm.store.tables import metadata, resources

SECRET = "correct-horse-battery-staple"


def everything_in(connection: str) -> str:
    database = Database(connection)
    with database.reading.connect() as reading:
        rows = [
            str(row) for table in metadata.sorted_tables for row in reading.execute(table.select())
        ]
    database.dispose()
    return "\n".join(rows)


async def test_no_secret_lies_open(connection: str, sql_store: SqlStore) -> None:
    source_id = await sql_store.put_source(
        Source(template={}, environment={"parameters": {"open": SECRET}}, files={})
    )
    stack = await add_stack(
        sql_store, source_id=source_id, credentials={"password": Secret(SECRET)}
    )
    hidden = {"a": [{"b": Secret(SECRET)}], "c": Secret({"d": SECRET}), "shown": "shown-value"}
    row = make_resource(
        stack.id,
        properties=hidden,
        applying=hidden,
        attributes=hidden,
        data=hidden,
        reference=Secret(SECRET),
    )
    event = make_event(stack.id, properties=hidden)
    await sql_store.commit(await fence(sql_store, stack), Writes(resources=[row], events=[event]))

    lying = everything_in(connection)
    assert "shown-value" in lying
    assert SECRET not in lying
    assert await sql_store.resources(stack.id) == [row]


async def test_another_key_opens_nothing_and_hides_no_stack(
    connection: str, sql_store: SqlStore
) -> None:
    stack = await add_stack(sql_store, credentials={"password": Secret(SECRET)})
    stranger = SqlStore(Database(connection), Sealer(Key.from_passphrase("another")))
    other = await add_stack(stranger, credentials={"password": Secret("of-the-other")})
    listed = {each.id: each for each in await stranger.stacks(StackQuery(project_id="project"))}
    assert listed.keys() == {stack.id, other.id}
    assert listed[other.id] == other
    found = listed[stack.id]
    assert replace(found, credentials=stack.credentials) == stack
    complaint = f"stack:{stack.id}/0 was sealed with key"
    assert isinstance(found.credentials, dict)
    with pytest.raises(UnsealableError, match=complaint):
        found.credentials["password"].reveal()
    # Nor is it lost for good: nothing is written over it.
    newer = replace(found, traversal=2)
    with pytest.raises(UnsealableError, match=complaint):
        await stranger.supersede(newer, make_traversal(stack.id, 2), None, expected=found)
    with pytest.raises(UnsealableError, match="source:"):
        await stranger.source(stack.source_id)
    await stranger.close()
    assert await sql_store.stack(stack.id) == stack


async def test_a_former_key_still_opens(connection: str, sql_store: SqlStore) -> None:
    stack = await add_stack(sql_store, credentials={"password": Secret(SECRET)})
    former = Key.from_passphrase("notgood but just long enough i think")
    store = SqlStore(Database(connection), Sealer(Key.from_passphrase("new"), former))
    assert await store.stack(stack.id) == stack
    await store.close()


async def test_a_sealed_value_opens_in_its_own_row_only(
    connection: str, sql_store: SqlStore
) -> None:
    stack = await add_stack(sql_store)
    mine, other = [
        make_resource(stack.id, properties={"password": Secret(word)}) for word in ("a", "b")
    ]
    await sql_store.commit(await fence(sql_store, stack), Writes(resources=[mine, other]))
    database = Database(connection)
    with database.writing.begin() as writing:
        document = writing.scalar(resources.select().with_only_columns(resources.c.document))
        writing.execute(resources.update().values(document=document))
    database.dispose()
    with pytest.raises(UnsealableError, match=other.id):
        await sql_store.resources(stack.id)


@pytest.mark.parametrize("odd", ["a\0b", "half a pair \ud83d", "\x1f\x7f\u2028", "🏗\U0010ffff"])
async def test_odd_text_from_a_cloud_is_kept_as_well_as_can_be(
    sql_store: SqlStore, odd: str
) -> None:
    stack = await add_stack(sql_store)
    given: dict[str, Any] = {"status_reason": odd, "physical_id": odd}
    row = make_resource(stack.id, attributes={odd: [odd, Secret(odd)]}, **given)
    event = make_event(stack.id, **given)
    await sql_store.commit(await fence(sql_store, stack), Writes(resources=[row], events=[event]))
    (kept,) = await sql_store.resources(stack.id)
    (_, told) = await sql_store.events(EventQuery(stack_ids=[stack.id]))
    replaced = odd.replace("\0", "\ufffd").replace("\ud83d", "?")
    assert (kept.status_reason, told.physical_id) == (replaced, replaced)
    in_json = odd.replace("\ud83d", "?") if "\ud83d" in odd else odd
    assert kept.attributes == {in_json: [in_json, Secret(in_json)]}


@pytest.mark.parametrize("key", ["$sealed", "$sealed$", "$sealed$$", "after"])
async def test_data_that_looks_like_our_own_marks_is_data(store: Store, key: str) -> None:
    stack = await add_stack(store)
    value = {key: "1:00000000:AAAA", "list": [{key: key}, key, Secret({key: Secret({key: 1})})]}
    row = make_resource(stack.id, properties={"value": value, key: {}})
    await store.commit(await fence(store, stack), Writes(resources=[row]))
    assert await store.resources(stack.id) == [row]


async def test_times_are_microseconds_of_utc(connection: str, sql_store: SqlStore) -> None:
    stack = await add_stack(sql_store, created_at=after(0.000_001))
    kept = await sql_store.stack(stack.id)
    assert kept
    assert kept.created_at.isoformat() == "2026-01-02T03:04:05.678902+00:00"
    database = Database(connection)
    with database.reading.connect() as reading:
        assert reading.scalar(text("SELECT created_at FROM stacks")) == 1767323045678902
    database.dispose()


async def test_errors_do_not_show_values(sql_store: SqlStore) -> None:
    stack = make_stack(source_id="nothing", description=SECRET)
    with pytest.raises(Exception, match=r"(?i)foreign key") as raised:
        await sql_store.create_stack(stack, make_traversal(stack.id), make_event(stack.id))
    assert SECRET not in str(raised.value)
