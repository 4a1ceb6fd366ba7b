"""Pages of a list: `limit` and `marker`, as all services understand them."""

from collections.abc import Sequence
from typing import TypeVar

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault

E = TypeVar("E", bound=Entity)


def page_of(items: Sequence[E], call: Call, *, most: int = 1000) -> tuple[Sequence[E], bool]:
    """The requested page of an ordered list, and whether more follows. Raises Fault 400."""
    marker, start = call.argument("marker"), 0
    if marker:
        start = 1 + _position(items, marker)
    stop = start + min(_limit(call.argument("limit"), most), most)
    return items[start:stop], stop < len(items)


def _position(items: Sequence[Entity], marker: str) -> int:
    for position, item in enumerate(items):
        if item.id == marker:
            return position
    raise Fault(400, f"marker [{marker}] not found")


def _limit(text: str | None, most: int) -> int:
    if not text:
        return most
    if not text.isascii() or not text.isdigit():
        raise Fault(400, "limit param must be an integer that is not negative")
    return int(text) or most
