"""Which engines there are."""

from __future__ import annotations

from datetime import timedelta

from tests.contracts.store.records import START

from isotherm.core.ids import new_id
from isotherm.ports.attendance import Engine
from isotherm.ports.records import replace
from isotherm.ports.store import Store


async def test_engines_say_that_they_are_there_until_they_end_or_are_forgotten(
    store: Store,
) -> None:
    # Other tests may have the same database.
    await store.attendance.purge(START + timedelta(days=365))
    first = Engine(id=new_id(), host="one", hostname="vm", since=START, seen_at=START)
    later = START + timedelta(minutes=1)
    second = Engine(id=new_id(), host="two", hostname="vm", since=later, seen_at=later)
    for each in (second, first):
        await store.attendance.put(each)
    assert await store.attendance.engines() == [first, second]
    seen = replace(first, seen_at=later + timedelta(minutes=1))
    await store.attendance.put(seen)
    assert await store.attendance.engines() == [seen, second]
    assert await store.attendance.purge(later + timedelta(seconds=1)) == 1
    assert await store.attendance.engines() == [seen]
    await store.attendance.remove(seen.id)
    await store.attendance.remove(seen.id)
    assert await store.attendance.engines() == []
