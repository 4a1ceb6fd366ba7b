"""Copies that are kept of objects which go (deletion policy Snapshot)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from isotherm.kit.context import Context
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Failed, Outcome, Pending


async def keep_copy(
    ctx: Context[Any], copy: Entity, ready: str, make: Callable[[], Awaitable[Any]]
) -> Outcome | None:
    """Make a copy, named like the object, unless there is one; None once it is ready.

    ``ready`` is the status in which the copy is of use. One that failed is told as such.
    """
    kept = await ctx.api.list(copy, name=ctx.physical_name)
    if not kept:
        await make()
        return Pending()
    status = str(kept[0]["status"])
    if status == ready:
        return None
    failed = status.startswith(("error", "killed", "deleted", "pending_delete"))
    what = copy.key or copy.plural.removesuffix("s")
    return Failed(f"The {what} went to {status}") if failed else Pending()
