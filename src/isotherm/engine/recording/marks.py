"""Marks that users put on resources: one that they know to be broken, or to be sound again."""

from __future__ import annotations

from datetime import datetime

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.transitions import Trigger
from isotherm.ports.records import Message, Resource

MARK = "mark"
_REASON = "state changed by a mark of the user"


def mark_message(row: Resource, *, unhealthy: bool, reason: str, at: datetime) -> Message:
    """The message that marks the row's object as broken, or as sound again."""
    return Message(
        id=new_id(),
        stack_id=row.stack_id,
        kind=MARK,
        resource_id=row.id,
        at=at,
        content={"unhealthy": unhealthy, "reason": reason or _REASON},
    )


def can_be_marked(row: Resource, *, unhealthy: bool) -> bool:
    """Whether the mark would change anything: what goes needs none, and only what was found
    broken can be said to be sound."""
    if unhealthy:
        return row.action is not Action.DELETE
    return (row.action, row.status) == (Action.CHECK, Status.FAILED)


async def take_mark(ledger: Ledger, arrival: Arrival) -> Taken:
    """The row's state becomes what a check would have found."""
    message, row = arrival.message, arrival.row
    unhealthy = bool(message.content["unhealthy"])
    if row is None or not row.current or not can_be_marked(row, unhealthy=unhealthy):
        # The mark was about an object that is no longer what the resource is.
        await ledger.take_in([message])
        return Taken.IN
    trigger = Trigger.MARKED_UNHEALTHY if unhealthy else Trigger.MARKED_HEALTHY
    await ledger.take_in([message], row, trigger, str(message.content["reason"]))
    return Taken.IN
