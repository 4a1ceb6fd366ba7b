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
    # There is one object for each, so that its identity says all: the table is asked at each step.
    __hash__ = object.__hash__

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
    BEGIN_SUSPEND = "begin suspend"
    SUSPENDED = "suspended"
    SUSPEND_FAILED = "suspend failed"
    BEGIN_RESUME = "begin resume"
    RESUMED = "resumed"
    RESUME_FAILED = "resume failed"
    BEGIN_SNAPSHOT = "begin snapshot"
    SNAPSHOT_TAKEN = "snapshot taken"
    SNAPSHOT_FAILED = "snapshot failed"
    BEGIN_RESTORE = "begin restore"
    RESTORED = "restored"
    RESTORE_FAILED = "restore failed"
    BEGIN_ADOPT = "begin adopt"
    ADOPTED = "adopted"
    ADOPT_FAILED = "adopt failed"
    BEGIN_ROLLBACK = "begin rollback"
    ROLLED_BACK = "rolled back"
    ROLLBACK_FAILED = "rollback failed"
    MARKED_UNHEALTHY = "marked unhealthy"
    MARKED_HEALTHY = "marked healthy"
    SETTLED = "settled by hand"
    TIDYING_FAILED = "tidying failed"


ENDS: dict[Action, tuple[Trigger, Trigger]] = {
    Action.CREATE: (Trigger.CREATED, Trigger.CREATE_FAILED),
    Action.UPDATE: (Trigger.UPDATED, Trigger.UPDATE_FAILED),
    Action.ROLLBACK: (Trigger.ROLLED_BACK, Trigger.ROLLBACK_FAILED),
    Action.DELETE: (Trigger.DELETED, Trigger.DELETE_FAILED),
    Action.CHECK: (Trigger.CHECKED, Trigger.CHECK_FAILED),
    Action.SUSPEND: (Trigger.SUSPENDED, Trigger.SUSPEND_FAILED),
    Action.RESUME: (Trigger.RESUMED, Trigger.RESUME_FAILED),
    Action.SNAPSHOT: (Trigger.SNAPSHOT_TAKEN, Trigger.SNAPSHOT_FAILED),
    Action.RESTORE: (Trigger.RESTORED, Trigger.RESTORE_FAILED),
    Action.ADOPT: (Trigger.ADOPTED, Trigger.ADOPT_FAILED),
}
"""How an action in progress ends: well, and badly."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of the states ``before`` to (``action``, ``status``)."""

    action: Action
    status: Status
    before: frozenset[State]


Table = dict[Trigger, Transition]

# Records begin so: a row before its intent is written, a stack before its first operation.
NEW: State = (Action.INIT, COMPLETE)


def _states(*actions: Action) -> frozenset[State]:
    return frozenset((action, status) for action in actions for status in Status)


def _settled(*actions: Action) -> frozenset[State]:
    return frozenset((action, status) for action in actions for status in (COMPLETE, FAILED))


def _sound(*actions: Action) -> frozenset[State]:
    return frozenset((action, COMPLETE) for action in actions)


# Those that leave an object as it is, and those that leave any.
_VISITS = (Action.CHECK, Action.SUSPEND, Action.RESUME, Action.SNAPSHOT)
_ACTIONS = (Action.CREATE, Action.ADOPT, Action.UPDATE, *_VISITS)


def _ends_of(*actions: Action) -> Table:
    """Each action ends only where it is in progress."""
    return {
        trigger: Transition(action, status, frozenset({(action, IN_PROGRESS)}))
        for action in actions
        for trigger, status in zip(ENDS[action], (COMPLETE, FAILED), strict=True)
    }


# What can be looked at or copied: nobody is just changing it.
_LEFT_AS_IT_IS = _settled(Action.CREATE, Action.ADOPT, Action.UPDATE) | _states(*_VISITS)

RESOURCE: Table = {
    # A create that an earlier owner began is not begun again: its intent stands.
    Trigger.BEGIN_CREATE: Transition(Action.CREATE, IN_PROGRESS, frozenset({NEW})),
    Trigger.BEGIN_ADOPT: Transition(Action.ADOPT, IN_PROGRESS, frozenset({NEW})),
    # An update in progress was overtaken by this one; a check in progress was left behind.
    # From CREATE_FAILED only a stack is mended, or a step fails before it has begun anything.
    # Not from DELETE: what is half gone is replaced.
    Trigger.BEGIN_UPDATE: Transition(
        Action.UPDATE,
        IN_PROGRESS,
        _settled(Action.CREATE, Action.ADOPT) | _states(Action.UPDATE, *_VISITS),
    ),
    Trigger.BEGIN_CHECK: Transition(Action.CHECK, IN_PROGRESS, _LEFT_AS_IT_IS),
    # What is known to be broken is not copied, so that it stays known.
    Trigger.BEGIN_SNAPSHOT: Transition(
        Action.SNAPSHOT, IN_PROGRESS, _LEFT_AS_IT_IS - {(Action.CHECK, FAILED)}
    ),
    # What others began and left is taken up; of the rest only what is sound can be suspended.
    Trigger.BEGIN_SUSPEND: Transition(
        Action.SUSPEND, IN_PROGRESS, _sound(*_ACTIONS) | _states(Action.SUSPEND, Action.RESUME)
    ),
    # What was looked at or copied while it was suspended is suspended still.
    Trigger.BEGIN_RESUME: Transition(
        Action.RESUME, IN_PROGRESS, _sound(*_VISITS) | _states(Action.SUSPEND, Action.RESUME)
    ),
    # Whatever has come of it, it can go. A row is dropped when its object is gone, so none is
    # ever seen in DELETE_COMPLETE but where it waits at a hook.
    Trigger.BEGIN_DELETE: Transition(
        Action.DELETE,
        IN_PROGRESS,
        _states(*_ACTIONS) | {(Action.DELETE, IN_PROGRESS), (Action.DELETE, FAILED)},
    ),
    **_ends_of(*_ACTIONS, Action.DELETE),
    # A user knows better than the last look. In progress, too: what nobody works on any more;
    # and what waits at a hook before it is made.
    Trigger.MARKED_UNHEALTHY: Transition(Action.CHECK, FAILED, _states(*_ACTIONS) | {NEW}),
    # Somebody has said that it is as it should be, or given it another object.
    Trigger.SETTLED: Transition(Action.CHECK, COMPLETE, _states(*_ACTIONS)),
    Trigger.MARKED_HEALTHY: Transition(Action.CHECK, COMPLETE, frozenset({(Action.CHECK, FAILED)})),
}

# Every operation may overtake any other; only a stack that is gone stays gone. (Which of this
# is refused to users, use cases say; a stack above may do with those below it as it needs.)
_LIVE = _states(*_ACTIONS, Action.ROLLBACK, Action.RESTORE) | {
    (Action.DELETE, IN_PROGRESS),
    (Action.DELETE, FAILED),
}

_ROLLED_BACK = (Action.CREATE, Action.ADOPT, Action.UPDATE, Action.RESTORE)

STACK: Table = {
    Trigger.BEGIN_CREATE: Transition(Action.CREATE, IN_PROGRESS, frozenset({NEW})),
    # A new stack is adopted as a whole; one that lives takes more over.
    Trigger.BEGIN_ADOPT: Transition(Action.ADOPT, IN_PROGRESS, frozenset({NEW}) | _LIVE),
    Trigger.BEGIN_UPDATE: Transition(Action.UPDATE, IN_PROGRESS, _LIVE),
    Trigger.BEGIN_SNAPSHOT: Transition(Action.SNAPSHOT, IN_PROGRESS, _LIVE),
    Trigger.BEGIN_RESTORE: Transition(Action.RESTORE, IN_PROGRESS, _LIVE),
    Trigger.BEGIN_CHECK: Transition(Action.CHECK, IN_PROGRESS, _LIVE),
    Trigger.BEGIN_SUSPEND: Transition(Action.SUSPEND, IN_PROGRESS, _LIVE),
    Trigger.BEGIN_RESUME: Transition(Action.RESUME, IN_PROGRESS, _LIVE),
    Trigger.BEGIN_DELETE: Transition(Action.DELETE, IN_PROGRESS, _LIVE),
    # By itself after a failure; out of an update in progress when a user cancels it.
    Trigger.BEGIN_ROLLBACK: Transition(
        Action.ROLLBACK,
        IN_PROGRESS,
        frozenset({(each, FAILED) for each in _ROLLED_BACK} | {(Action.UPDATE, IN_PROGRESS)}),
    ),
    # Out of whatever a nested stack has been brought to before all of the tree was as desired.
    Trigger.TIDYING_FAILED: Transition(Action.UPDATE, FAILED, _settled(*_ACTIONS)),
    **_ends_of(*ENDS),
}


class IllegalTransition(Exception):
    """The table has no such transition: a fault of the engine, never of a user."""


def follow(table: Table, state: State, trigger: Trigger) -> Transition:
    """The transition for ``trigger`` out of ``state``; raises IllegalTransition."""
    transition = table[trigger]
    if state not in transition.before:
        raise IllegalTransition(f"{trigger.value} is not allowed in {state[0]}_{state[1]}")
    return transition
