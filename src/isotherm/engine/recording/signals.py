"""Signals that come for resources: what they change of the rows, and whom they set to work."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.core.values import Value, reveal
from isotherm.engine.operations import ADJUST
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.refusals import hears_signals, refused_during
from isotherm.engine.recording.starting import begin_aside, begin_renewal
from isotherm.kit.registry import Registry
from isotherm.kit.signals import Forward, Received, Signalled
from isotherm.ports.records import Message, Operation, Resource, replace

SIGNAL = "signal"


def signal_message(
    row: Resource, details: Mapping[str, Value] | None, at: datetime, *, key: str = ""
) -> Message:
    """``key`` names a signal that may be posted several times, and is to count once."""
    return Message(
        id=str(uuid.uuid5(uuid.UUID(row.id), key)) if key else new_id(),
        stack_id=row.stack_id,
        kind=SIGNAL,
        resource_id=row.id,
        at=at,
        content={
            "details": None if details is None else dict(details),
            "status": row.status.value,
        },
    )


class _Effect:
    """What signals do to the rows of their stack, forwarding included."""

    def __init__(self, ledger: Ledger, types: Registry) -> None:
        self._ledger, self._types = ledger, types
        self._changed: dict[str, Resource] = {}
        self._renewed: dict[str, Resource] = {}
        self.reasons: list[str] = []
        self.adjusts = False

    @property
    def rows(self) -> list[Resource]:
        return list(self._changed.values())

    @property
    def renewed(self) -> list[Resource]:
        """Those that are to be made anew."""
        return list(self._renewed.values())

    @property
    def begins(self) -> bool:
        """Whether it sets something going."""
        return self.adjusts or bool(self._renewed)

    def take(self, row: Resource, message: Message) -> None:
        """What the signal in the message does to the row that it came for."""
        reason = self._reach(row, message.content["details"], message.at)
        if reason:
            self.reasons.append(reason)

    def _reach(self, row: Resource, details: Mapping[str, Value] | None, at: datetime) -> str:
        """Let the row's type say what becomes of it, and of that what is told; a type that is
        not known hears nothing."""
        resource_type = self._types.get(row.type)
        if resource_type is None:
            return ""
        row = self._changed.get(row.id, row)
        failed = row.status is Status.FAILED
        found = Signalled(row.properties, row.present_metadata, row.data, at, failed)
        received = resource_type.receive(found, details)
        if received is None:
            return ""
        self._note(row, received)
        if received.renews is not None and not self._renew(received.renews):
            nobody = f"no resource of the stack is {reveal(received.renews)}"
            return f"{received.reason}: {nobody}"
        further = self._pass_on(received.forward, at) if received.forward is not None else ""
        return received.reason or further

    def _note(self, row: Resource, received: Received) -> None:
        changed = replace(
            row,
            signalled=row.signalled if received.metadata is None else dict(received.metadata),
            data=row.data if received.data is None else dict(received.data),
            stage=ADJUST if received.adjusts else row.stage,
        )
        self.adjusts |= received.adjusts
        if changed != row:
            self._changed[row.id] = changed

    def _renew(self, reference: Value) -> bool:
        row = self._ledger.referred_to(reference)
        if row is not None:
            self._renewed[row.id] = row
        return row is not None

    def _pass_on(self, forward: Forward, at: datetime) -> str:
        row = self._ledger.referred_to(forward.reference)
        return "" if row is None else self._reach(row, forward.details, at)


def taken_together(message: Message, row: Resource | None, types: Registry) -> bool:
    """Whether signals like this one may be taken in at once: they change nothing but their own
    row, and set nothing going."""
    resource_type = types.get(row.type) if row is not None else None
    return message.kind == SIGNAL and resource_type is not None and resource_type.collects_signals


def _as_signalled(row: Resource, message: Message) -> Resource:
    """With the status that it had when the signal came: what waited for it may be over by now."""
    status = message.content.get("status")
    return row if status is None else replace(row, status=Status(status))


async def take_signal(ledger: Ledger, arrival: Arrival) -> Taken:
    """What the types concerned say of the signals; what sets one of them to work waits until
    the stack does nothing else."""
    messages, row = arrival.messages, arrival.row
    effect = _Effect(ledger, arrival.types)
    if row is None or not row.current or row.action is Action.DELETE:
        await ledger.take_in(messages)
        return Taken.IN
    for message in messages:
        effect.take(row, message)
    if effect.begins and not arrival.idle:
        return Taken.NOT_YET
    if effect.begins and not hears_signals(row):
        # It came before the stack was put to rest, and would wake up a part of it.
        await ledger.tell_of(messages, row, refused_during(row.action))
        return Taken.IN
    begun = None
    if effect.renewed:
        begun = begin_renewal(ledger.stack, arrival.message.at)
    elif effect.adjusts:
        begun = begin_aside(ledger.stack, Operation.ADJUST, arrival.message.at)
    told = (_as_signalled(row, arrival.message), effect.reasons)
    await ledger.absorb(messages, effect.rows, told=told, broken=effect.renewed, begun=begun)
    return Taken.AND_BEGUN if begun else Taken.IN
