"""Finds the object that an intent may have made, so that none is ever made twice."""

from __future__ import annotations

from isotherm.engine.steps.run import Run
from isotherm.engine.waiting.patience import backoff
from isotherm.ports.records import Resource


async def look_up(run: Run, row: Resource) -> Resource:
    """Find the object that the row's intent may have made; its id is recorded if it is there.

    What an earlier owner began and did not end well is looked for until nothing of it can
    come to be any more.
    """
    looks = 1
    while True:
        # One at a time, so that two rows with objects of one name do not take the same.
        async with run.adopting:
            found = await _find(run, row)
            if found is not None:
                return await run.ledger.note(row, physical_id=found)
        left = run.aftermath.left
        if left <= 0 or row.id not in run.inherited:
            return row
        await run.halt.sleep(min(left, backoff(looks, run.tools.settings)))
        looks += 1


async def _find(run: Run, row: Resource) -> str | None:
    """The id of the object made under the row's intent, or None if there is none.

    Objects that another row names, or that are older than the intent, are not it.
    """
    ctx = run.context(row)
    candidates = await run.ask(lambda: run.type_of(row).find(ctx))
    since = ctx.intent.written_at.strftime("%Y-%m-%dT%H:%M:%S")
    young = [c for c in candidates if not c.created_at or c.created_at[:19] >= since]
    if not young:
        return None
    owned = await run.tools.store.owners([c.physical_id for c in young if c.exclusive])
    return next((c.physical_id for c in young if c.physical_id not in owned), None)
