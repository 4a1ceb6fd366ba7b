"""Duties: each is done by one process at a time, and comes again."""

from __future__ import annotations

import pytest

from isotherm.core.ids import new_id
from isotherm.ports.store import Duty, Store


@pytest.fixture
def kind() -> str:
    """Of this test alone: what others of the database do is no business of it."""
    return f"kind-{new_id()}"


def keys(duties: list[Duty]) -> list[str]:
    return [each.key for each in duties]


async def test_a_new_duty_is_due_at_once_and_is_taken_by_one(store: Store, kind: str) -> None:
    await store.add_duty(kind, "a")
    (duty,) = await store.claim_duties("one", [kind], 5, 60)
    assert (duty.kind, duty.key, duty.owner) == (kind, "a", "one")
    assert await store.claim_duties("two", [kind], 5, 60) == []


async def test_a_duty_that_is_done_is_due_again_later(store: Store, kind: str) -> None:
    await store.add_duty(kind, "a")
    (duty,) = await store.claim_duties("one", [kind], 5, 60)
    await store.end_duty(duty, 3600)
    assert await store.claim_duties("two", [kind], 5, 60) == []
    await store.add_duty(kind, "a")
    assert await store.claim_duties("two", [kind], 5, 60) == [], "it is there already"


async def test_a_duty_may_be_due_again_at_once(store: Store, kind: str) -> None:
    await store.add_duty(kind, "a")
    (duty,) = await store.claim_duties("one", [kind], 5, 60)
    await store.end_duty(duty, 0)
    (again,) = await store.claim_duties("two", [kind], 5, 60)
    assert again.epoch == duty.epoch + 1


async def test_what_a_dead_worker_was_at_is_taken_by_another(store: Store, kind: str) -> None:
    await store.add_duty(kind, "a")
    (lost,) = await store.claim_duties("dead", [kind], 5, -1)
    (taken,) = await store.claim_duties("alive", [kind], 5, 60)
    await store.end_duty(lost, 0)
    assert await store.claim_duties("third", [kind], 5, 60) == [], "it is not the dead one's"
    await store.end_duty(taken, 0)
    assert keys(await store.claim_duties("third", [kind], 5, 60)) == ["a"]


async def test_only_kinds_that_are_known_are_taken_and_no_more_than_asked(
    store: Store, kind: str
) -> None:
    for key in ("a", "b", "c"):
        await store.add_duty(kind, key)
    assert await store.claim_duties("one", [f"{kind}-other"], 5, 60) == []
    assert await store.claim_duties("one", [], 5, 60) == []
    assert keys(await store.claim_duties("one", [kind], 2, 60)) == ["a", "b"]
    assert keys(await store.claim_duties("two", [kind], 2, 60)) == ["c"]
