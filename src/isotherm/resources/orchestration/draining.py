"""How groups shrink: who goes first, and what is waited for before members go.

Groups have no properties for it, which other services would refuse: their metadata say it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from isotherm import kit

SETTING = "scale_in"
"""Key of the metadata that the template gives."""
DRAINING = "draining"
"""Key of the metadata by which a group tells who is about to go, with what refers to each."""
OLDEST, NEWEST = "oldest", "newest"
_SINCE = "draining since"
_SECONDS_BETWEEN_LOOKS = 1.0
_LONGEST = 43_200


@dataclass(frozen=True, slots=True)
class ScaleIn:
    """``handle`` refers to the handle that is signalled with the name of a member, or with what
    refers to it, when that may go; None: nothing is waited for."""

    order: str = OLDEST
    handle: kit.Value = None
    timeout: float = 0.0


def scale_in_of(metadata: kit.Values) -> ScaleIn:
    """Raises Refused for what cannot be understood."""
    said = metadata.get(SETTING)
    if said is None:
        return ScaleIn()
    if not isinstance(said, Mapping) or said.keys() - {"order", "drain"}:
        raise _wrong("order and drain are all that it may have")
    order, drain = said.get("order", OLDEST), said.get("drain")
    if order not in (OLDEST, NEWEST):
        raise _wrong(f"order must be {OLDEST} or {NEWEST}")
    if drain is None:
        return ScaleIn(order)
    if not isinstance(drain, Mapping) or drain.keys() != {"handle", "timeout"}:
        raise _wrong("drain must have a handle and a timeout")
    timeout = drain["timeout"]
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise _wrong("the timeout of drain must be a number of seconds")
    if not 0 <= timeout <= _LONGEST:
        raise _wrong(f"the timeout of drain must be between 0 and {_LONGEST} seconds")
    return ScaleIn(order, drain["handle"], float(timeout))


async def seconds_to_drain(ctx: kit.Context[Any], leaving: Collection[str]) -> float:
    """For how long these members are still to be left alone; they are told in the metadata. Those
    that have failed are not waited for. Raises Refused where the stack has no such handle."""
    said = scale_in_of(ctx.metadata)
    if said.handle is None:
        return 0
    handle = ctx.neighbour(said.handle)
    if handle is None:
        raise _wrong("the handle of drain is none of the stack")
    inside = await ctx.stacks.resources(ctx.physical_id)
    waited_for = {name: inside[name].reference for name in leaving if name in inside and not inside[name].failed}
    signals = handle.metadata.keys()
    still = {
        name: reference
        for name, reference in waited_for.items()
        if name not in signals and str(reference) not in signals
    }
    since = float(ctx.data.setdefault(_SINCE, ctx.now.timestamp()))
    left = since + said.timeout - ctx.now.timestamp()
    if not still or left <= 0:
        del ctx.data[_SINCE]
        _tell(ctx, {})
        return 0
    _tell(ctx, still)
    return min(_SECONDS_BETWEEN_LOOKS, left)


def _tell(ctx: kit.Context[Any], members: kit.Values) -> None:
    if members != ctx.metadata.get(DRAINING, {}):
        others = {name: each for name, each in ctx.metadata.items() if name != DRAINING}
        ctx.metadata = {**others, DRAINING: dict(members)} if members else others


def _wrong(reason: str) -> kit.Refused:
    return kit.Refused(f"metadata.{SETTING}: {reason}.")
