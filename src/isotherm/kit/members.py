"""Sets whose members come and go by one call each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

from isotherm.core.errors import Exists, Gone

Call = Callable[[str], Awaitable[Any]]


async def exchange(
    before: Iterable[str] | None, wanted: Iterable[str] | None, *, add: Call, remove: Call
) -> bool:
    """Take out who was in and is not wanted any more, take in who is wanted; whether any call
    was made. May be repeated: who is in, or out, already is fine."""
    old, new = set(before or ()), set(wanted or ())
    for member in sorted(old - new):
        with suppress(Gone):
            await remove(member)
    for member in sorted(new - old):
        with suppress(Exists):
            await add(member)
    return old != new
