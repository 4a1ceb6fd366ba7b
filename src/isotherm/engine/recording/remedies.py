"""What people order to be done with a resource that is stuck: how it reaches its row.

    retry      do again what it has failed at, or hangs in
    skip       treat that as done
    adopt      take this object
    forget     drop the row, and leave the object alone
    replace    make another object

The step that works on the row is interrupted, and carries out the order before anything else; in
a stack that does nothing an operation is begun for it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.marks import can_be_marked
from isotherm.engine.recording.starting import begin_aside
from isotherm.engine.transitions import Trigger
from isotherm.kit.resource_type import AnyType
from isotherm.ports.records import Message, Operation, Remedy, Resource

REMEDY = "remedy"


class RemedyVerb(StrEnum):
    RETRY = "retry"
    SKIP = "skip"
    ADOPT = "adopt"
    FORGET = "forget"
    REPLACE = "replace"


_ANEW = frozenset({RemedyVerb.RETRY, RemedyVerb.REPLACE})
"""Carried out by whatever works on the resource next."""
_OF_STUCK = frozenset({RemedyVerb.RETRY, RemedyVerb.SKIP})
OF_OBJECTS = frozenset({RemedyVerb.SKIP, RemedyVerb.ADOPT, RemedyVerb.FORGET})
"""For what is no stack: its resources are what can be ordered about."""


def remedy_message(row: Resource, remedy: Remedy, at: datetime) -> Message:
    return Message(
        id=new_id(),
        stack_id=row.stack_id,
        kind=REMEDY,
        resource_id=row.id,
        at=at,
        content={"verb": remedy.verb, "by": remedy.by, "physical_id": remedy.physical_id},
    )


def is_stuck(row: Resource) -> bool:
    return row.status is not Status.COMPLETE


async def take_remedy(ledger: Ledger, arrival: Arrival) -> Taken:
    """The order is written into its row; one that comes too late is only told of."""
    row, remedy = arrival.row, _remedy_in(arrival.message)
    if row is None:
        await ledger.take_in(arrival.messages)
        return Taken.IN
    ordered = f"{remedy.verb} ordered by {remedy.by}"
    if row.status is Status.IN_PROGRESS and not arrival.idle:
        await ledger.order(arrival.messages, row, ordered, remedy=remedy)
        return Taken.IN
    if remedy.verb in _ANEW:
        await _take_anew(ledger, arrival, row, ordered)
        return Taken.IN
    if not arrival.idle:
        return Taken.NOT_YET
    begun = begin_aside(ledger.stack, Operation.REMEDY, arrival.message.at)
    await ledger.order(arrival.messages, row, ordered, remedy=remedy, begun=begun)
    return Taken.AND_BEGUN


async def _take_anew(ledger: Ledger, arrival: Arrival, row: Resource, ordered: str) -> None:
    """What comes to the row next does the rest: the operation that follows the order."""
    verb = arrival.message.content["verb"]
    if verb == RemedyVerb.REPLACE and can_be_marked(row, unhealthy=True):
        await ledger.take_in(arrival.messages, row, Trigger.MARKED_UNHEALTHY, ordered)
    else:
        await ledger.order(arrival.messages, row, ordered)


def _remedy_in(message: Message) -> Remedy:
    content = message.content
    return Remedy(
        verb=RemedyVerb(str(content["verb"])),
        by=str(content["by"]),
        physical_id=str(content["physical_id"]),
    )


def row_to_remedy(rows: list[Resource]) -> Resource | None:
    """Of all rows of a name the one that is stuck; the current one where none is."""
    stuck = [row for row in rows if is_stuck(row)]
    current = [row for row in rows if row.current]
    of_current = [row for row in stuck if row.current]
    return next(iter([*of_current, *reversed(stuck), *current]), None)


def can_go_on_with(row: Resource) -> bool:
    """Whether another object can take the place of the row's: not once it is on its way out."""
    return row.action is not Action.DELETE


def refusal_of(row: Resource, verb: RemedyVerb, *, nests: bool) -> str:
    """What of a row is not supported, if anything; ``nests`` where its object is a stack below."""
    word, state = verb.capitalize(), f"{row.action}_{row.status}"
    if row.pause is not None and not row.pause.cleared:
        return f"{word} of what waits at its hook {row.pause.hook}"
    if verb in _OF_STUCK and not is_stuck(row):
        return f"{word} of a resource that is {state}"
    if verb is RemedyVerb.REPLACE and not can_go_on_with(row):
        return f"{word} of a resource that is on its way out"
    if verb in OF_OBJECTS and nests:
        return f"{word} of a nested stack instead of a resource inside of it"
    return ""


def can_adopt(row: Resource, known: AnyType | None) -> bool:
    """Whether a row of a type takes another object."""
    return known is not None and not known.effectless and can_go_on_with(row)
