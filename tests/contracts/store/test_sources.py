"""Sources: kept once by content, however large."""

from __future__ import annotations

import pytest
from tests.contracts.store.records import add_stack, after, overtake

from isotherm.core.values import Secret
from isotherm.ports.records import Source
from isotherm.ports.store import EventQuery, StackQuery, Store


async def test_a_source_comes_back_as_it_was_given(store: Store) -> None:
    source = Source(
        template="heat_template_version: 2021-04-16\n# 🏗 and \t tabs\n",
        environment={"parameters": {"password": Secret("s3cret"), "n": 1, "l": ["a", None]}},
        files={"file:///a.yaml": "a: ☃", "b": ""},
    )
    assert await store.source(await store.put_source(source)) == source


async def test_a_megabyte_of_four_byte_characters(store: Store) -> None:
    source = Source(template="🏗" * 262_144, environment={}, files={"a": "x" * 3_000_000})
    assert await store.source(await store.put_source(source)) == source


async def test_the_same_content_has_the_same_id(store: Store) -> None:
    def source(password: str = "a", template: str = "t") -> Source:
        environment = {"parameters": {"password": Secret(password)}}
        return Source(template=template, environment=environment, files={})

    source_id = await store.put_source(source())
    assert await store.put_source(source()) == source_id
    assert await store.put_source(source(password="b")) != source_id
    assert await store.put_source(source(template="u")) != source_id
    assert await store.source(source_id) == source()


async def test_what_a_stack_has_at_present_need_not_be_written_again(store: Store) -> None:
    source = Source(template="t", environment={}, files={"a": "b"})
    other = Source(template="u", environment={}, files={"a": "b"})
    kept = await store.put_source(source)
    assert await store.put_source(source, kept=kept) == kept
    assert await store.source(await store.put_source(other, kept=kept)) == other


async def test_an_unknown_source_is_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.source("nothing")


async def test_purging_removes_what_was_deleted_before(store: Store) -> None:
    live = await add_stack(store, name="live")
    old, newer = [
        await overtake(store, await add_stack(store, name=name), deleted_at=after(seconds))
        for name, seconds in (("old", 1), ("newer", 10))
    ]
    assert await store.purge(after(10)) == 1
    assert await store.purge(after(10)) == 0
    kept = await store.stacks(StackQuery(show_deleted=True))
    assert {stack.id for stack in kept} == {live.id, newer.id}
    assert await store.stack(old.id) is None
    assert await store.traversal(old.id) is None
    assert await store.events(EventQuery(stack_ids=[old.id])) == []
    await store.source(live.source_id)


async def test_purging_goes_on_until_all_are_gone(store: Store) -> None:
    for _ in range(45):
        await overtake(store, await add_stack(store), deleted_at=after(1))
    assert await store.purge(after(2)) == 45
