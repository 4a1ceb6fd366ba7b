"""Signals that were refused, since their resource hears none for now: it is told in the events."""

from __future__ import annotations

from datetime import datetime

from isotherm.core.ids import new_id
from isotherm.core.states import Action
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.ledger import Ledger
from isotherm.ports.records import Message, Resource

REFUSAL = "refusal"


def hears_signals(row: Resource) -> bool:
    """What rests or goes hears none."""
    return row.action not in (Action.SUSPEND, Action.DELETE)


def refused_during(action: object) -> str:
    """What the events say of a signal that comes while that is being done."""
    return f"Cannot signal resource during {action}"


def refusal_message(row: Resource, at: datetime) -> Message:
    """That a signal for the row was refused because of what the row is doing."""
    return Message(
        id=new_id(),
        stack_id=row.stack_id,
        kind=REFUSAL,
        resource_id=row.id,
        at=at,
        content={"during": str(row.action)},
    )


async def take_refusal(ledger: Ledger, arrival: Arrival) -> Taken:
    """It is told of the row as it is by now, and changes nothing of it."""
    if arrival.row is None:
        await ledger.take_in(arrival.messages)
        return Taken.IN
    reason = refused_during(arrival.message.content["during"])
    await ledger.tell_of(arrival.messages, arrival.row, reason)
    return Taken.IN
