"""Owning one stack, where a worker would take whatever is free."""

from __future__ import annotations

from isotherm.ports.store import Lease, Store

_ALL = 1000
_SECONDS = 60.0


async def claim_one(store: Store, owner: str, stack_id: str, seconds: float) -> Lease | None:
    """The lease of just this stack, if it is to be had: what else is free is given back.

    One of less than no seconds is over already.
    """
    leases = await store.claim(owner, _ALL, max(seconds, _SECONDS))
    for each in leases:
        if each.stack_id != stack_id:
            await store.release(each)
    taken = next((each for each in leases if each.stack_id == stack_id), None)
    if taken is not None:
        store.renew(owner, [stack_id], seconds)
    return taken
