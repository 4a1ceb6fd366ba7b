"""The transitions of a stack, and the events that tell of them."""

from __future__ import annotations

from isotherm.core.clock import Clock
from isotherm.core.ids import new_id
from isotherm.engine.transitions import STACK, Trigger, follow
from isotherm.ports.records import Event, Stack, replace

STACK_TYPE = "OS::Heat::Stack"


def move_stack(stack: Stack, trigger: Trigger, reason: str, clock: Clock) -> tuple[Stack, Event]:
    """The stack after a transition, and the event that tells of it."""
    moved = moved_stack(stack, trigger, reason)
    return moved, stack_event(moved, clock)


def moved_stack(stack: Stack, trigger: Trigger, reason: str) -> Stack:
    """The stack after a transition."""
    to = follow(STACK, (stack.action, stack.status), trigger)
    return replace(stack, action=to.action, status=to.status, status_reason=reason)


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
