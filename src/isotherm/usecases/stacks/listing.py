"""List stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct

from isotherm.core.states import Status
from isotherm.core.values import Value
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Stack
from isotherm.ports.store import StackQuery
from isotherm.usecases.access import reach_of
from isotherm.usecases.services import Services

_FIELDS = {
    "id": "id",
    "name": "name",
    "stack_name": "name",
    "status": "status",
    "stack_status": "status",
    "action": "action",
    "stack_action": "action",
    "stack_status_reason": "status_reason",
    "tenant": "project_id",
    "username": "username",
    "stack_owner": "username",
    "owner_id": "parent_id",
    "parent": "parent_id",
    "disable_rollback": "disable_rollback",
    "timeout_mins": "timeout_mins",
    "stack_user_project_id": "stack_user_project_id",
}
_SORT_FIELDS = {
    "name": "name",
    "stack_name": "name",
    "status": "status",
    "stack_status": "status",
    "creation_time": "created_at",
    "created_at": "created_at",
    "updated_time": "updated_at",
    "updated_at": "updated_at",
}
FILTERS = frozenset(_FIELDS)


class ListRequest(Struct, frozen=True, kw_only=True):
    """``filters`` by the names in FILTERS; ``sort_keys`` that are not known are passed over.

    Where ``descending`` is None, keys ascend, and without keys the newest comes first.
    """

    filters: Mapping[str, Sequence[Value]] = {}
    tags: Sequence[str] = ()
    tags_any: Sequence[str] = ()
    not_tags: Sequence[str] = ()
    not_tags_any: Sequence[str] = ()
    show_deleted: bool = False
    show_nested: bool = False
    show_hidden: bool = False
    global_tenant: bool = False
    with_count: bool = False
    sort_keys: Sequence[str] = ()
    descending: bool | None = None
    limit: int | None = None
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class StackPage:
    """``count`` is that of all pages, where it was asked for."""

    stacks: list[Stack]
    count: int | None


async def list_stacks(services: Services, caller: Caller, request: ListRequest) -> StackPage:
    """Raises Forbidden where all projects are asked for without the right to it."""
    if request.global_tenant:
        services.policy.require("stacks:global_index", caller)
    query = await _query(services, caller, request)
    count = await services.store.count_stacks(query) if request.with_count else None
    if request.limit == 0:
        return StackPage([], count)
    return StackPage(await services.store.stacks(query), count)


async def _query(services: Services, caller: Caller, request: ListRequest) -> StackQuery:
    filters = _filters(request)
    sort_keys = [_SORT_FIELDS[key] for key in request.sort_keys if key in _SORT_FIELDS]
    hidden = () if request.show_hidden else services.settings.hidden_stack_tags
    return StackQuery(
        project_id=None if request.global_tenant else reach_of(services, caller),
        filters=filters,
        tags=request.tags,
        tags_any=request.tags_any,
        not_tags=request.not_tags,
        not_tags_any=(*request.not_tags_any, *hidden),
        show_deleted=request.show_deleted,
        # Asking for the children of a stack means nested ones.
        show_nested=request.show_nested or "parent_id" in filters,
        sort_keys=sort_keys,
        descending=not sort_keys if request.descending is None else request.descending,
        limit=request.limit,
        marker=await _marker(services, caller, request),
    )


def _filters(request: ListRequest) -> dict[str, Sequence[Value]]:
    """What each field may be. A status is also understood as it is shown, with its action."""
    filters: dict[str, Sequence[Value]] = {}
    actions: list[Value] = []
    for name, accepted in request.filters.items():
        field = _FIELDS[name]
        values = [_typed(field, each) for each in accepted]
        if field == "status":
            shown = [_split(str(each)) for each in values]
            actions += [action for action, _ in shown if action]
            values = [status for _, status in shown]
        before = filters.get(field)
        filters[field] = values if before is None else [v for v in values if v in before]
    if actions:
        filters["action"] = [*filters.get("action", ()), *actions]
    return filters


def _split(shown: str) -> tuple[str, str]:
    """Action and status; no action where there is none."""
    if shown in tuple(Status):
        return "", shown
    action, joined, status = shown.partition("_")
    return (action, status) if joined else ("", shown)


async def _marker(services: Services, caller: Caller, request: ListRequest) -> str | None:
    """A marker that names no stack that could be listed is passed over, as if none had been
    given: nobody learns from a page which stacks others have."""
    stack = await services.store.stack(request.marker) if request.marker else None
    if stack is None:
        return None
    if not request.global_tenant and reach_of(services, caller) not in (None, stack.project_id):
        return None
    return stack.id


def _typed(field: str, value: Value) -> Value:
    if field == "disable_rollback":
        return str(value).lower() in ("true", "1", "yes")
    if field == "timeout_mins":
        return int(value) if str(value).isdecimal() else None
    return value
