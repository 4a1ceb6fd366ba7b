"""How lists go on: each service says it in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

Filter = str | int | bool | Sequence[str]
"""What a listing is narrowed by: of a sequence any value will do."""

VALUES_PER_REQUEST = 100
"""So many UUIDs as filter stay well below the 8 KiB that web servers allow for a URL."""


def next_query(page: Any, plural: str) -> str:
    """The query of the next page, from whichever link leads to it; empty on the last one.

    Only the query is of use: links may name a host that only the service itself can reach.
    """
    if not isinstance(page, Mapping):
        return ""
    links = page.get("links")
    link = (
        _link(page.get(f"{plural}_links"))
        or (links.get("next") if isinstance(links, Mapping) else _link(links))
        or page.get("next")
    )
    return urlsplit(link).query if isinstance(link, str) else ""


def _link(links: Any) -> str:
    if not isinstance(links, list):
        return ""
    return next((str(link["href"]) for link in links if link.get("rel") == "next"), "")


def queries(filters: Mapping[str, Filter]) -> Iterator[str]:
    """Query strings which together ask for what meets the filters. A filter with several
    values is met by any of them; with very many it takes more than one request."""
    long = next((key for key, value in filters.items() if _is_long(value)), None)
    if long is None:
        yield _query(filters)
        return
    values = filters[long]
    assert isinstance(values, Sequence)
    for start in range(0, len(values), VALUES_PER_REQUEST):
        yield from queries({**filters, long: values[start : start + VALUES_PER_REQUEST]})


def _is_long(value: Filter) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) > VALUES_PER_REQUEST
    )


def _query(filters: Mapping[str, Filter]) -> str:
    return urlencode(
        [(key, _text(each)) for key, value in filters.items() for each in _values(value)]
    )


def _values(value: Filter) -> Sequence[str | int | bool]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
