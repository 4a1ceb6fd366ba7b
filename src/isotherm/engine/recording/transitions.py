"""The state table: which transitions a stack or resource may make. Each writes an event.

Everything else in the engine names a trigger; nothing else sets action or status.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from isotherm.core.states import Action, Status

State = tuple[Action, Status]

IN_PROGRESS, COMPLETE, FAILED = Status.IN_PROGRESS, Status.COMPLETE, Status.FAILED


class Trigger(Enum):
    BEGIN_CREATE = "begin create"
    CREATED = "created"
    CREATE_FAILED = "create failed"
    BEGIN_UPDATE = "begin update"
    UPDATED = "updated"
    UPDATE_FAILED = "update failed"
    BEGIN_DELETE = "begin delete"
    DELETED = "deleted"
    DELETE_FAILED = "delete failed"
    BEGIN_CHECK = "begin check"
    CHECKED = "checked"
    CHECK_FAILED = "check failed"
    BEGIN_ROLLBACK = "begin rollback"
    ROLLED_BACK = "rolled back"
    ROLLBACK_FAILED = "rollback failed"


@dataclass(frozen=True, slots=True)
class Transition:
    """``before`` None allows every state."""

    action: Action
    status: Status
    before: frozenset[State] | None = None


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


_SETTLED = frozenset(
    (action, status)
    for action in Action
    for status in (COMPLETE, FAILED)
    if action != Action.DELETE
)

ENDS: dict[Action, tuple[Trigger, Trigger]] = {
    Action.CREATE: (Trigger.CREATED, Trigger.CREATE_FAILED),
    Action.UPDATE: (Trigger.UPDATED, Trigger.UPDATE_FAILED),
    Action.ROLLBACK: (Trigger.ROLLED_BACK, Trigger.ROLLBACK_FAILED),
    Action.DELETE: (Trigger.DELETED, Trigger.DELETE_FAILED),
    Action.CHECK: (Trigger.CHECKED, Trigger.CHECK_FAILED),
}
"""How an action in progress ends: well, and badly."""


def _ends_of(*actions: Action) -> dict[Trigger, Transition]:
    """Each action ends only where it is in progress."""
    return {
        trigger: Transition(action, status, _from((action, IN_PROGRESS)))
        for action in actions
        for trigger, status in zip(ENDS[action], (COMPLETE, FAILED), strict=True)
    }


RESOURCE: dict[Trigger, Transition] = {
    Trigger.BEGIN_CREATE: Transition(
        Action.CREATE, IN_PROGRESS, _from((Action.INIT, COMPLETE), (Action.CREATE, IN_PROGRESS))
    ),
    Trigger.BEGIN_UPDATE: Transition(
        Action.UPDATE,
        IN_PROGRESS,
        _SETTLED | _from((Action.UPDATE, IN_PROGRESS), (Action.CHECK, IN_PROGRESS)),
    ),
    Trigger.BEGIN_DELETE: Transition(Action.DELETE, IN_PROGRESS),
    Trigger.BEGIN_CHECK: Transition(
        Action.CHECK, IN_PROGRESS, _SETTLED | _from((Action.CHECK, IN_PROGRESS))
    ),
    **_ends_of(Action.CREATE, Action.UPDATE, Action.DELETE, Action.CHECK),
}

STACK: dict[Trigger, Transition] = {
    Trigger.BEGIN_CREATE: Transition(Action.CREATE, IN_PROGRESS),
    Trigger.BEGIN_UPDATE: Transition(Action.UPDATE, IN_PROGRESS),
    Trigger.BEGIN_ROLLBACK: Transition(
        Action.ROLLBACK,
        IN_PROGRESS,
        _from(
            (Action.CREATE, FAILED),
            (Action.UPDATE, FAILED),
            (Action.CREATE, IN_PROGRESS),
            (Action.UPDATE, IN_PROGRESS),
        ),
    ),
    Trigger.BEGIN_DELETE: Transition(Action.DELETE, IN_PROGRESS),
    Trigger.BEGIN_CHECK: Transition(Action.CHECK, IN_PROGRESS),
    **_ends_of(*ENDS),
}


class IllegalTransition(Exception):
    """The table has no such transition: a fault of the engine, never of a user."""


def follow(table: dict[Trigger, Transition], state: State, trigger: Trigger) -> Transition:
    """The transition for ``trigger`` out of ``state``; raises IllegalTransition."""
    transition = table[trigger]
    if transition.before is not None and state not in transition.before:
        raise IllegalTransition(f"{trigger.value} is not allowed in {state[0]}_{state[1]}")
    return transition
