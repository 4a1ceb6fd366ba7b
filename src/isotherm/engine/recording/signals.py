"""Signals that come for resources: what they change of the rows, and whom they set to work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from isotherm.core.ids import new_id
from isotherm.core.states import Action
from isotherm.core.values import Value
from isotherm.engine.operations import ADJUST
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.starting import Begun, begin
from isotherm.kit.registry import Registry
from isotherm.kit.signals import Forward, Received, Signalled
from isotherm.ports.records import Message, Operation, Resource, Stack, replace

SIGNAL = "signal"
_MINUTES = 60
"""How long an adjustment may take where the stack does not say."""


def signal_message(row: Resource, details: Mapping[str, Value] | None, at: datetime) -> Message:
    return Message(
        id=new_id(),
        stack_id=row.stack_id,
        kind=SIGNAL,
        resource_id=row.id,
        at=at,
        content={"details": None if details is None else dict(details)},
    )


class _Effect:
    """What one signal does to the rows of its stack, forwarding included."""

    def __init__(self, ledger: Ledger, types: Registry, message: Message) -> None:
        self._ledger, self._types, self._at = ledger, types, message.at
        self.rows: list[Resource] = []
        self.reason = ""
        self.adjusts = False

    def reach(self, row: Resource, details: Mapping[str, Value] | None) -> None:
        """Let the row's type say what becomes of it; a type that is not known hears nothing."""
        resource_type = self._types.get(row.type)
        if resource_type is None:
            return
        found = Signalled(row.properties, row.metadata, row.data, self._at)
        received = resource_type.receive(found, details)
        if received is None:
            return
        self.reason = self.reason or received.reason
        self._note(row, received)
        if received.forward is not None:
            self._pass_on(received.forward)

    def _note(self, row: Resource, received: Received) -> None:
        changed = replace(
            row,
            metadata=row.metadata if received.metadata is None else dict(received.metadata),
            data=row.data if received.data is None else dict(received.data),
            stage=ADJUST if received.adjusts else row.stage,
        )
        self.adjusts |= received.adjusts
        if changed != row:
            self.rows.append(changed)

    def _pass_on(self, forward: Forward) -> None:
        for row in self._ledger.rows.values():
            if row.current and row.reference == forward.reference:
                self.reach(row, forward.details)
                return


async def take_signal(ledger: Ledger, arrival: Arrival) -> Taken:
    """What the types concerned say of the signal; what sets one of them to work waits until
    the stack does nothing else."""
    message, row = arrival.message, arrival.row
    if row is None or not row.current or row.action is Action.DELETE:
        await ledger.take_in(message)
        return Taken.IN
    effect = _Effect(ledger, arrival.types, message)
    effect.reach(row, message.content["details"])
    if effect.adjusts and not arrival.idle:
        return Taken.NOT_YET
    begun = _begun(ledger.stack, message.at) if effect.adjusts else None
    await ledger.absorb(message, effect.rows, told=(row, effect.reason), begun=begun)
    return Taken.AND_BEGUN if begun else Taken.IN


def _begun(stack: Stack, now: datetime) -> Begun:
    minutes = stack.timeout_mins or _MINUTES
    deadline = now + timedelta(minutes=minutes)
    number = stack.traversal + 1
    return begin(stack, Operation.ADJUST, number=number, now=now, deadline=deadline)
