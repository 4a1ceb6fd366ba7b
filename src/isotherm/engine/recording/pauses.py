"""Hooks that somebody clears: what waits at one goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from isotherm.core.ids import new_id
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.ledger import Ledger
from isotherm.ports.records import Message, Resource

CLEARING = "clear hook"


def clearing_message(row: Resource, hook: str, at: datetime) -> Message:
    return Message(
        id=new_id(),
        stack_id=row.stack_id,
        kind=CLEARING,
        resource_id=row.id,
        at=at,
        content={"hook": hook},
    )


def waits_at(row: Resource, hook: str) -> bool:
    return row.pause is not None and row.pause.hook == hook and not row.pause.cleared


def row_waiting_at(rows: Iterable[Resource], hook: str) -> Resource | None:
    return next((row for row in rows if waits_at(row, hook)), None)


async def take_clearing(ledger: Ledger, arrival: Arrival) -> Taken:
    """The row goes on; one that does not wait there any more stays as it is."""
    row, hook = arrival.row, str(arrival.message.content["hook"])
    if row is None or not waits_at(row, hook):
        await ledger.take_in(arrival.messages)
    else:
        await ledger.end_pause(row, f"Hook {hook} is cleared", arrival.messages, cleared=True)
    return Taken.IN
