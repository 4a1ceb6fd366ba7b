"""How a traversal ends: the stack's last transition, and the roll-back that may follow."""

from __future__ import annotations

from datetime import timedelta

from isotherm.core.clock import Clock
from isotherm.core.states import Action, Status
from isotherm.engine.operations import OPERATIONS
from isotherm.engine.recording.stack_moves import (
    completed,
    move_stack,
    returning,
    settled,
    stack_event,
)
from isotherm.engine.recording.starting import begin
from isotherm.engine.settings import EngineSettings
from isotherm.engine.steps.executor import Result
from isotherm.engine.transitions import ENDS, Trigger
from isotherm.ports.records import Event, Operation, Stack, Traversal, replace
from isotherm.ports.store import Writes


def conclusion(
    stack: Stack, traversal: Traversal, result: Result, clock: Clock, settings: EngineSettings
) -> Writes:
    """What is to be committed at the end of ``traversal``, which was not overtaken."""
    if result.settled:
        stack = settled(stack)
    if OPERATIONS[traversal.operation].stops:
        return _stopped(stack, traversal, clock)
    if OPERATIONS[traversal.operation].unseen:
        return Writes(traversal=replace(traversal, finished=True))
    if (fail := OPERATIONS[traversal.operation].fail) is not None:
        return _unseen(stack, traversal, result, fail, clock)
    if result.went_well:
        return _well(stack, traversal, result, clock)
    failed, event = _failed(stack, traversal, result, ENDS[stack.action][1], clock)
    may_return = OPERATIONS[traversal.operation].rolls_back and not result.settled
    if may_return and not stack.disable_rollback:
        return _roll_back(failed, traversal, event, clock, settings)
    finished = replace(traversal, finished=True)
    return Writes(stack=failed, traversal=finished, events=[event])


def _well(stack: Stack, traversal: Traversal, result: Result, clock: Clock) -> Writes:
    rule = OPERATIONS[traversal.operation]
    moved, event = completed(stack, clock)
    if moved.action is Action.DELETE:
        moved = replace(moved, deleted_at=clock.now())
    elif rule.settles_source:
        # What was rolled back to nothing has never been complete.
        complete = settled(moved) if rule.desires(moved) else moved
        moved = replace(complete, untidy=result.keeps, lent=False)
    return Writes(stack=moved, traversal=replace(traversal, finished=True), events=[event])


def _stopped(stack: Stack, traversal: Traversal, clock: Clock) -> Writes:
    """What was under way has come to its end. A nested stack that was tidied is as desired."""
    finished = replace(traversal, finished=True)
    if stack.status is not Status.IN_PROGRESS:
        return Writes(traversal=finished)
    reason = f"Stack {stack.action} {traversal.cause or 'cancelled'}"
    failed, event = move_stack(stack, ENDS[stack.action][1], reason, clock)
    return Writes(stack=failed, traversal=finished, events=[event])


def _unseen(
    stack: Stack, traversal: Traversal, result: Result, fail: Trigger, clock: Clock
) -> Writes:
    """The end of what shows in resources only, if it goes well: a nested stack has removed
    what it had kept."""
    finished = replace(traversal, finished=True)
    if result.went_well:
        return Writes(stack=replace(stack, untidy=False), traversal=finished)
    failed, event = _failed(stack, traversal, result, fail, clock)
    return Writes(stack=failed, traversal=finished, events=[event])


def _failed(
    stack: Stack, traversal: Traversal, result: Result, fail: Trigger, clock: Clock
) -> tuple[Stack, Event]:
    """The stack after a failure, which is kept as a value for whoever stands above."""
    if result.timed_out:
        return move_stack(stack, fail, f"{stack.action.capitalize()} timed out", clock)
    first = result.failures[0]
    reason = f"Resource {first.action or stack.action} failed: {first}"
    if traversal.cause:
        reason = f"{reason}; rolled back because: {traversal.cause}"
    failed, event = move_stack(stack, fail, reason, clock)
    return replace(failed, failure=first), event


def _roll_back(
    failed: Stack, traversal: Traversal, event: Event, clock: Clock, settings: EngineSettings
) -> Writes:
    """An update to the last completed template, or (after a first create) to nothing."""
    back = returning(failed)
    minutes = failed.timeout_mins or settings.rollback_timeout_mins
    moved, following = begin(
        back,
        Operation.ROLLBACK,
        number=traversal.number + 1,
        now=clock.now(),
        deadline=clock.now() + timedelta(minutes=minutes),
    )
    following = replace(following, cause=failed.status_reason)
    return Writes(stack=moved, traversal=following, events=[event, stack_event(moved, clock)])
