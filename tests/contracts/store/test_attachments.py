"""What is kept beside stacks."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from tests.contracts.store.records import START

from isotherm.core.ids import new_id
from isotherm.core.values import Secret
from isotherm.ports.attachments import Attachment
from isotherm.ports.records import replace
from isotherm.ports.store import Store


def an_attachment(**fields: Any) -> Attachment:
    given: dict[str, Any] = {
        "id": new_id(),
        "project_id": new_id(),
        "stack_id": new_id(),
        "kind": "change-set",
        "name": "one",
        "at": START,
        "content": {},
    }
    return Attachment(**given | fields)


async def test_it_is_read_as_it_was_written_and_replaced_by_its_id(store: Store) -> None:
    first = an_attachment(content={"parameters": {"p": Secret("hush")}, "list": [1, None]})
    await store.attachments.put(first)
    second = an_attachment(project_id=first.project_id, name="two")
    await store.attachments.put(second)
    await store.attachments.put(an_attachment(project_id=first.project_id, kind="other"))
    await store.attachments.put(an_attachment())
    read = store.attachments.of_project
    assert await read(first.project_id, "change-set") == [first, second]
    changed = replace(first, content={"done": True})
    await store.attachments.put(changed)
    assert await read(first.project_id, "change-set") == [changed, second]
    assert await store.attachments.remove(first.id)
    assert not await store.attachments.remove(first.id)
    assert await read(first.project_id, "change-set") == [second]


async def test_only_one_of_those_with_the_same_id_is_added(store: Store) -> None:
    first = an_attachment(name="first")
    rivals = [replace(first, name=f"rival {n}") for n in range(5)]
    added = await asyncio.gather(*(store.attachments.add(each) for each in rivals))
    assert sum(added) == 1
    assert not await store.attachments.add(first)
    (winner,) = (each for each, won in zip(rivals, added, strict=True) if won)
    assert await store.attachments.get(first.id) == winner
    assert not await store.attachments.remove(first.id, name="first")
    assert await store.attachments.remove(first.id, name=winner.name)
    assert await store.attachments.get(first.id) is None
    assert await store.attachments.add(first)


async def test_what_no_stack_has_any_more_is_purged(store: Store) -> None:
    old = an_attachment()
    new = an_attachment(project_id=old.project_id, at=START + timedelta(days=2))
    for each in (old, new):
        await store.attachments.put(each)
    await store.purge(START + timedelta(days=1))
    assert await store.attachments.of_project(old.project_id, "change-set") == [new]
