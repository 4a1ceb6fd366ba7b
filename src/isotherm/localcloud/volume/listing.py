"""Lists: who sees what, filters, order and pages, as block storage understands them."""

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.volume.entities import Attachment, Stored
from isotherm.localcloud.volume.faults import invalid, invalid_input, not_found

T = TypeVar("T", bound=Stored | Attachment)
S = TypeVar("S", bound=Stored)

_MOST = 1000
# What every list understands beside its filters.
_GENERAL = (
    "all_tenants",
    "project_id",
    "limit",
    "marker",
    "offset",
    "sort",
    "sort_key",
    "sort_dir",
    "with_count",
)
_SORT_KEYS = (
    "id",
    "name",
    "display_name",
    "status",
    "size",
    "availability_zone",
    "bootable",
    "created_at",
    "updated_at",
    "volume_id",
    "project_id",
)


def visible(call: Call, items: Iterable[T]) -> list[T]:
    """The project's own, newest first; for administrators on request those of all."""
    everybody = (call.argument("all_tenants") or "0").lower() in ("1", "true", "t", "yes")
    found = list(items)
    if not (call.caller.is_admin and everybody):
        found = [item for item in found if item.project_id == call.caller.project_id]
    elif (project_id := call.argument("project_id")) is not None:
        found = [item for item in found if item.project_id == project_id]
    return found[::-1]


def filtered(
    call: Call, items: Iterable[T], filters: Mapping[str, Callable[[T], object]]
) -> list[T]:
    """Raises Fault 400 for a filter that the list does not know."""
    wanted = [(name, value) for name, value in call.query if name not in _GENERAL]
    unknown = [name for name, _ in wanted if name not in filters]
    if unknown:
        raise invalid(f"Invalid filters {','.join(unknown)} are found in query options.")
    found = list(items)
    for name, value in wanted:
        found = [item for item in found if _matches(filters[name](item), value)]
    return found


def _matches(held: object, value: str) -> bool:
    if isinstance(held, dict):
        try:
            pairs = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return False
        return isinstance(pairs, dict) and pairs.items() <= held.items()
    if isinstance(held, bool):
        return held == (value.lower() in ("true", "1"))
    return str(held) == value


def ordered(call: Call, items: list[T]) -> list[T]:
    """By `sort=name:asc,size`, or the older `sort_key` and `sort_dir`; a key alone descends."""
    sort = call.argument("sort")
    if sort is not None:
        pairs = [part.partition(":")[::2] for part in sort.split(",")]
    else:
        key = call.argument("sort_key")
        pairs = [(key, call.argument("sort_dir") or "")] if key else []
    for key, direction in reversed(pairs):
        if key not in _SORT_KEYS:
            raise invalid_input("Invalid sort key")
        if direction not in ("", "asc", "desc"):
            raise invalid_input("Unknown sort direction, must be 'desc' or 'asc'.")
        name = "name" if key == "display_name" else key
        items = sorted(items, key=lambda item: _key(item, name), reverse=direction != "asc")
    return items


def _key(item: object, name: str) -> tuple[bool, Any]:
    value = getattr(item, name, None)
    return (value is not None, value if value is not None else "")


def list_page(
    call: Call,
    made: Collection[S],
    filters: Mapping[str, Callable[[S], object]],
    show: Callable[[S], dict[str, Any]],
) -> dict[str, Any]:
    """The body of a list's reply."""
    found = filtered(call, visible(call, made), filters)
    shown, links = page(call, ordered(call, found), made.kind.capitalize())
    plural = f"{made.kind}s"
    body: dict[str, Any] = {plural: [show(each) for each in shown]}
    if links:
        body[f"{plural}_links"] = links
    if (call.argument("with_count") or "").lower() == "true":
        body["count"] = len(found)
    return body


def page(call: Call, items: list[T], kind: str) -> tuple[list[T], list[dict[str, str]]]:
    """The page asked for, and the link to the next."""
    limit = _number(call, "limit", _MOST)
    start = _number(call, "offset", 0)
    marker = call.argument("marker")
    if marker is not None:
        positions = [place for place, item in enumerate(items) if item.id == marker]
        if not positions:
            raise not_found(kind, marker)
        start += positions[0] + 1
    shown = items[start : start + min(limit, _MOST)]
    if not shown or call.argument("limit") is None or len(shown) < limit:
        return shown, []
    query = [pair for pair in call.query_string.split("&") if not pair.startswith("marker=")]
    query.append(f"marker={shown[-1].id}")
    href = f"{call.base_url}{call.path}?{'&'.join(query)}"
    return shown, [{"rel": "next", "href": href}]


def _number(call: Call, name: str, default: int) -> int:
    text = call.argument(name)
    if text is None:
        return default
    if not text.lstrip("-").isdigit():
        raise invalid(f"{name} param must be an integer")
    if int(text) < 0:
        raise invalid(f"{name} param must be positive")
    return int(text)
