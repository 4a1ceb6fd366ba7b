"""Lists: filtered, put in order, cut into pages. Each service has a style of its own."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds.fields import Field
from isotherm.localcloud.service import Service

S = TypeVar("S", bound=Service)
E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[S, E]):
    """What the lists of one kind understand.

    `filters` are the names that are compared with what is shown, `matchers` those that are
    compared otherwise; `sort_keys` are what may be sorted by, where the style does not say.
    Some lists come whole, and some without links to the next page.
    """

    filters: tuple[str, ...] = ()
    matchers: Mapping[str, Callable[[S, E, str], bool]] = field(default_factory=dict)
    sort_keys: tuple[str, ...] = ()
    paged: bool = True
    linked: bool = True


@dataclass(frozen=True, kw_only=True)
class Asked(Generic[E]):
    """One list that is asked for: all that the caller sees, and how to tell of it."""

    call: Call
    noun: str
    plural: str
    fields: Mapping[str, Field]
    listing: Listing[Any, E]
    found: list[E]
    value: Callable[[E, str], object]
    matches: Callable[[E, str, str], bool]
    show: Callable[[E], dict[str, Any]]


class Lists:
    """The usual style: `limit` and `marker`, `sort=name:asc,size`, or `sort_key` and `sort_dir`.

    A service overrides what it does otherwise.
    """

    general: ClassVar[tuple[str, ...]] = (
        *("limit", "marker", "offset", "sort", "sort_key", "sort_dir"),
        *("all_tenants", "project_id"),
    )
    """What every list understands beside its filters."""
    sort_keys: ClassVar[tuple[str, ...]] = ()
    renamed: ClassVar[Mapping[str, str]] = {}
    """Other names of fields to sort by."""
    ascending = True
    """Where only a key is said."""
    newest_first = False
    most = 1000
    usual: int | None = None
    """How many there are on a page where the client does not say."""

    def answer(self, asked: Asked[E]) -> object:
        """The body of the reply. Raises Fault 400."""
        found = self.filtered(asked)
        ordered = self.ordered(asked, found)
        page, more = self.page(asked, ordered) if asked.listing.paged else (ordered, False)
        shown = [asked.show(each) for each in page]
        beside = self.beside(asked, found, page, more=more) if asked.listing.linked else {}
        return self.body(asked, shown, beside)

    def body(self, asked: Asked[E], shown: list[dict[str, Any]], beside: dict[str, Any]) -> object:
        """Some services have the bare list here."""
        return {asked.plural: shown, **beside}

    # Filters.

    def filtered(self, asked: Asked[E]) -> list[E]:
        wanted = [pair for pair in asked.call.query if pair[0] not in self.general]
        known = {*asked.listing.filters, *asked.listing.matchers}
        unknown = [name for name, _ in wanted if name not in known]
        refusal = self.unknown_filters(unknown) if unknown else None
        if refusal is not None:
            raise refusal
        found = asked.found
        for name, text in wanted:
            if name in asked.listing.matchers:
                found = [each for each in found if asked.matches(each, name, text)]
            elif name in known:
                found = [each for each in found if self.equal(asked.value(each, name), text)]
        return found

    def unknown_filters(self, names: list[str]) -> Fault | None:
        """None: they are ignored."""
        return None

    def equal(self, held: object, text: str) -> bool:
        """Whether what is shown is what the query says."""
        if isinstance(held, dict):
            return holds(held, text)
        if isinstance(held, bool):
            return held == (text.lower() in ("true", "1"))
        return str(held) == text

    # Order.

    def ordered(self, asked: Asked[E], found: list[E]) -> list[E]:
        if self.newest_first:
            found = found[::-1]
        for key, direction in reversed(self.sorting(asked.call)):
            if key not in (asked.listing.sort_keys or self.sort_keys or asked.fields):
                raise self.bad_sort_key(key)
            if direction not in ("", "asc", "desc"):
                raise self.bad_sort_direction(direction)
            descending = direction == "desc" or (not direction and not self.ascending)
            found = _sorted(asked, found, self.renamed.get(key, key), descending=descending)
        return found

    def sorting(self, call: Call) -> list[tuple[str, str]]:
        """Keys with their directions, the first counts most."""
        sort = call.argument("sort")
        if sort is not None:
            return [(key, way) for key, _, way in (each.partition(":") for each in sort.split(","))]
        keys = [value for name, value in call.query if name == "sort_key" and value]
        ways = [value for name, value in call.query if name == "sort_dir"]
        return [(key, ways[at] if at < len(ways) else "") for at, key in enumerate(keys)]

    def bad_sort_key(self, key: str) -> Fault:
        return Fault(400, f"Invalid sort key: {key}")

    def bad_sort_direction(self, direction: str) -> Fault:
        return Fault(400, f"Invalid sort direction: {direction}")

    # Pages.

    def page(self, asked: Asked[E], ordered: list[E]) -> tuple[list[E], bool]:
        """The page that is asked for, and whether a link to the next is told."""
        call = asked.call
        start = self.number(call, "offset") or 0
        if marker := call.argument("marker"):
            start += 1 + self.position(asked, ordered, marker)
        limit = self.number(call, "limit")
        limit = self.usual if limit is None else limit
        stop = start + min(self.most if limit is None else limit, self.most)
        return ordered[start:stop], stop < len(ordered)

    def position(self, asked: Asked[E], ordered: list[E], marker: str) -> int:
        for position, each in enumerate(ordered):
            if each.id == marker:
                return position
        raise self.no_marker(asked.noun, marker)

    def no_marker(self, noun: str, marker: str) -> Fault:
        return Fault(400, f"marker [{marker}] not found")

    def number(self, call: Call, name: str) -> int | None:
        text = call.argument(name)
        if text is None or text == "":
            return None
        if not text.lstrip("-").isdigit():
            raise Fault(400, f"{name} param must be an integer")
        if int(text) < 0:
            raise Fault(400, f"{name} param must be positive")
        return int(text)

    def beside(
        self, asked: Asked[E], found: list[E], page: list[E], *, more: bool
    ) -> dict[str, Any]:
        """What the reply says beside the list itself: links, counts."""
        if not (more and page):
            return {}
        return {f"{asked.plural}_links": [{"rel": "next", "href": next_url(asked.call, page[-1])}]}


def _sorted(asked: Asked[E], found: list[E], name: str, *, descending: bool) -> list[E]:
    """By what is stored, which may tell more than what is shown: times are exact."""
    attribute = asked.fields[name].attribute if name in asked.fields else name
    return sorted(
        found,
        key=lambda each: rank(getattr(each, attribute, None)),
        reverse=descending,
    )


def next_url(call: Call, last: Entity) -> str:
    """The address of the next page; the rest of the query as it was sent."""
    query = [pair for pair in call.query_string.split("&") if not pair.startswith("marker=")]
    return f"{call.base_url}{call.path}?{'&'.join([*filter(None, query), f'marker={last.id}'])}"


def holds(held: dict[str, Any], text: str) -> bool:
    """Whether an object has the pairs that are written as a Python or JSON object."""
    try:
        pairs = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return isinstance(pairs, dict) and pairs.items() <= held.items()


def rank(value: object) -> tuple[bool, float, str]:
    """Nothing comes first, numbers before texts."""
    if isinstance(value, bool | int | float):
        return True, float(value), ""
    return value is not None, 0.0, str(value or "")
