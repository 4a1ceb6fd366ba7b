"""Snapshots that users want to be rid of: they go when their stack does nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.starting import begin
from isotherm.ports.records import Message, Operation, Snapshot, replace

DISCARD = "discard"
_SNAPSHOT = "snapshot"
_HOUR = timedelta(hours=1)


def discard_message(snapshot: Snapshot, at: datetime) -> Message:
    return Message(
        id=new_id(),
        stack_id=snapshot.stack_id,
        kind=DISCARD,
        at=at,
        content={_SNAPSHOT: snapshot.id},
    )


def is_about(message: Message, snapshot: Snapshot) -> bool:
    """Whether the message asks for the end of the snapshot."""
    return message.kind == DISCARD and message.content[_SNAPSHOT] == snapshot.id


async def take_discard(ledger: Ledger, arrival: Arrival) -> Taken:
    """Begins the removal. The message is taken in when the snapshot is gone: what overtakes its
    removal does not end it."""
    snapshot = await ledger.snapshot(str(arrival.message.content[_SNAPSHOT]))
    if snapshot is None:
        await ledger.take_in(arrival.messages)
        return Taken.IN
    if not arrival.idle:
        return Taken.NOT_YET
    now, stack = arrival.message.at, ledger.stack
    begun = begin(
        stack, Operation.DISCARD, number=stack.traversal + 1, now=now, deadline=now + _HOUR
    )
    going = replace(snapshot, action=Action.DELETE, status=Status.IN_PROGRESS, status_reason="")
    await ledger.put_snapshot(going, begun=begun)
    return Taken.AND_BEGUN
