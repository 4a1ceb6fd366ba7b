"""Signals that a creation or an update waits for: they are kept in its row, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.ledger import Ledger
from isotherm.ports.records import Message, Resource, replace

READINESS = "readiness"


def readiness_message(row: Resource, told: tuple[str, str], at: datetime) -> Message:
    """``told``: the id of the signal, and what it says."""
    signal, status = told
    return Message(
        id=new_id(),
        stack_id=row.stack_id,
        kind=READINESS,
        resource_id=row.id,
        at=at,
        content={"id": signal, "status": status},
    )


def is_awaited(row: Resource) -> bool:
    return row.action in (Action.CREATE, Action.UPDATE) and row.status is Status.IN_PROGRESS


async def take_readiness(ledger: Ledger, arrival: Arrival) -> Taken:
    """What comes while no step works on the row is there when one does."""
    if arrival.row is None or not is_awaited(arrival.row):
        await ledger.take_in(arrival.messages)
    else:
        await hear(ledger, arrival.row, arrival.messages)
    return Taken.IN


async def hear(ledger: Ledger, row: Resource, messages: Sequence[Message]) -> Resource:
    """Write what the signals said, and that they were taken in."""
    told = {str(each.content["id"]): str(each.content["status"]) for each in messages}
    heard = replace(row, heard={**row.heard, **told})
    reasons = [f"Signal {signal}: {status}" for signal, status in told.items()]
    await ledger.absorb(messages, [heard], told=(row, reasons))
    return heard
