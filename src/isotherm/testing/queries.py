"""What a query of the store finds among records in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct

from isotherm.ports.records import Event, Stack
from isotherm.ports.store import EventQuery, StackQuery

R = TypeVar("R", bound=Struct)


def matches(query: StackQuery, stack: Stack) -> bool:
    tags = set(stack.tags)
    return (
        query.project_id in (None, stack.project_id)
        and (query.show_deleted or stack.deleted_at is None)
        and (query.show_nested or stack.parent_id is None)
        and _accepted(query.filters, stack)
        and tags.issuperset(query.tags)
        and (not query.tags_any or not tags.isdisjoint(query.tags_any))
        and not (query.not_tags and tags.issuperset(query.not_tags))
        and tags.isdisjoint(query.not_tags_any)
    )


def tells(query: EventQuery, event: Event) -> bool:
    return (
        event.stack_id in query.stack_ids
        and query.resource_name in (None, event.resource_name)
        and _accepted(query.filters, event)
    )


def _accepted(filters: Mapping[str, Sequence[Any]], record: Struct) -> bool:
    return all(getattr(record, name) in accepted for name, accepted in filters.items())


def sorted_stacks(stacks: list[Stack], query: StackQuery) -> list[Stack]:
    keys = [*query.sort_keys, "created_at", "id"]
    return sorted(
        stacks,
        key=lambda each: [orderable(getattr(each, key)) for key in keys],
        reverse=query.descending,
    )


def orderable(value: Any) -> tuple[bool, Any]:
    """Nulls come first, whatever the type of the others."""
    return (value is not None, value)


def page(found: list[R], marker: str | None, limit: int | None) -> list[R]:
    start = 0
    if marker is not None:
        start = 1 + next((i for i, each in enumerate(found) if _id(each) == marker), -1)
    return found[start:] if limit is None else found[start : start + limit]


def _id(record: Any) -> str:
    return str(record.id)
