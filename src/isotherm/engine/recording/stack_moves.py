"""The transitions of a stack, and the events that tell of them."""

from __future__ import annotations

from isotherm.core.clock import Clock
from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.transitions import ENDS, STACK, Trigger, follow
from isotherm.ports.records import Event, Stack, replace

STACK_TYPE = "OS::Heat::Stack"


def move_stack(stack: Stack, trigger: Trigger, reason: str, clock: Clock) -> tuple[Stack, Event]:
    """The stack after a transition, and the event that tells of it."""
    moved = moved_stack(stack, trigger, reason)
    return moved, stack_event(moved, clock)


def completed(stack: Stack, clock: Clock) -> tuple[Stack, Event]:
    """The stack once its action has gone well, and the event that tells of it."""
    reason = f"Stack {stack.action} completed successfully"
    return move_stack(stack, ENDS[stack.action][0], reason, clock)


def moved_stack(stack: Stack, trigger: Trigger, reason: str) -> Stack:
    """The stack after a transition."""
    to = follow(STACK, (stack.action, stack.status), trigger)
    return replace(stack, action=to.action, status=to.status, status_reason=reason, failure=None)


def settled(stack: Stack) -> Stack:
    """The stack once it is what it is to be: a roll-back returns to this."""
    return replace(
        stack,
        previous_source_id=stack.source_id,
        previous_tags=stack.tags,
        previous_timeout_mins=stack.timeout_mins,
    )


def last_settled(stack: Stack) -> Stack:
    """The stack with what a roll-back would return to if the next operation fails: what was
    complete last; where nothing ever was, what it was to be, so that what there is stays."""
    # A check that found everything sound says nothing of an update that had failed before.
    if stack.status is Status.COMPLETE and stack.action is not Action.CHECK:
        return settled(stack)
    going = stack.action in (Action.ROLLBACK, Action.DELETE)
    if stack.previous_source_id is None and not going:
        return settled(stack)
    return stack


def returning(stack: Stack) -> Stack:
    """The stack on its way back to what it was when it was settled."""
    if stack.previous_source_id is None:
        return stack
    back = replace(stack, source_id=stack.previous_source_id)
    if stack.previous_tags is None:
        return back
    return replace(back, tags=stack.previous_tags, timeout_mins=stack.previous_timeout_mins)


def stack_event(stack: Stack, clock: Clock) -> Event:
    """The event that tells of the state the stack is in."""
    return Event(
        id=new_id(),
        stack_id=stack.id,
        at=clock.now(),
        resource_name=stack.name,
        resource_type=STACK_TYPE,
        physical_id=stack.id,
        action=stack.action,
        status=stack.status,
        status_reason=stack.status_reason,
    )
