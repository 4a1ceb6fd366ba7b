"""Finds the objects that intents may have made: none is ever made twice."""

from __future__ import annotations

from isotherm.core.errors import Gone
from isotherm.engine.steps.run import Run
from isotherm.engine.waiting.patience import backoff
from isotherm.kit.signatures import Candidate
from isotherm.ports.records import Resource


async def look_up(run: Run, row: Resource, *, to_remove: bool = False) -> Resource:
    """Find the object that the row's intent may have made; its id is recorded if it is there,
    and what its type keeps about it. ``to_remove``: what any other row names is not it, even
    where several rows may name one object.

    What an earlier owner began and did not end well is looked for until nothing of it can
    come to be any more.
    """
    looks = 1
    while True:
        # One at a time, so that two rows with objects of one name do not take the same.
        async with run.adopting:
            found = await _find(run, row, to_remove=to_remove)
            if found is not None:
                data = {**row.data, **found.data}
                return await run.ledger.note(row, physical_id=found.physical_id, data=data)
        left = run.aftermath.left
        if left <= 0 or row.id not in run.inherited:
            return row
        await run.halt.sleep(min(left, backoff(looks, run.tools.settings)))
        looks += 1


async def _find(run: Run, row: Resource, *, to_remove: bool) -> Candidate | None:
    """The object made under the row's intent, or None if there is none.

    Objects that another row names, or that are older than the intent, are not it; nor is
    what goes by a name that a newer row has taken over.
    """
    ctx = run.context(row)
    try:
        candidates = await run.ask(lambda: run.type_of(row).find(ctx))
    except Gone:
        # What it would belong to does not exist, or not any more.
        return None
    since = ctx.intent.written_at.strftime("%Y-%m-%dT%H:%M:%S")
    young = [c for c in candidates if not c.created_at or c.created_at[:19] >= since]
    if not young:
        return None
    owned = await run.tools.store.owners([c.physical_id for c in young if c.exclusive or to_remove])
    owned |= _taken_over(run, row)
    return next((c for c in young if c.physical_id not in owned), None)


def _taken_over(run: Run, row: Resource) -> set[str]:
    return {
        other.physical_id
        for other in run.ledger.rows.values()
        if other.physical_id is not None
        and other.type == row.type
        and other.created_at > row.created_at
    }
