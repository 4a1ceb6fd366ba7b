"""Starts traversals: the records of a new operation on a stack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from isotherm.core.clock import Clock
from isotherm.core.errors import ActionInProgress
from isotherm.core.tracing import traced
from isotherm.engine.operations import OPERATIONS
from isotherm.engine.recording.stack_moves import last_settled, moved_stack, stack_event
from isotherm.ports.bus import TRAVERSALS, Bus
from isotherm.ports.records import Operation, Snapshot, Stack, Traversal, replace
from isotherm.ports.store import Store

_TRIES = 5
_MINUTES = 60
"""How long what nobody has asked for may take where the stack does not say."""

Begun = tuple[Stack, Traversal]
"""A stack that an operation has been begun on, and the traversal that carries it out."""


def begin(
    stack: Stack,
    operation: Operation,
    *,
    number: int,
    now: datetime,
    deadline: datetime | None,
    keeps: bool = False,
) -> Begun:
    """``stack`` as it is when ``operation`` starts, and its traversal."""
    traversal = Traversal(
        stack_id=stack.id,
        number=number,
        operation=operation,
        deadline=deadline,
        started_at=now,
        keeps=keeps,
        request_id=traced().get("request_id", ""),
        client_token=traced().get("client_token", ""),
    )
    begun = OPERATIONS[operation].begin
    if begun is None:
        return replace(stack, traversal=number), traversal
    started = moved_stack(stack, begun, f"Stack {operation.value} started")
    updated_at = None if operation is Operation.CREATE else now
    return replace(started, traversal=number, updated_at=updated_at), traversal


def numbered(snapshot: Snapshot | None, traversal: Traversal) -> Snapshot | None:
    """The snapshot as the traversal takes it."""
    return snapshot and replace(snapshot, traversal=traversal.number)


def begin_aside(stack: Stack, operation: Operation, now: datetime) -> Begun:
    """An operation that no user has asked for; it may take as long as others."""
    deadline = now + timedelta(minutes=stack.timeout_mins or _MINUTES)
    return begin(stack, operation, number=stack.traversal + 1, now=now, deadline=deadline)


def begin_renewal(stack: Stack, now: datetime) -> Begun:
    """An update to what the stack is to be anyway: it makes anew what is marked as broken."""
    return begin_aside(last_settled(stack), Operation.UPDATE, now)


class Starter:
    """Records operations where every worker will find them, and tells of them."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    async def start(
        self,
        stack: Stack,
        traversal: Traversal,
        *,
        most: int = -1,
        snapshot: Snapshot | None = None,
    ) -> None:
        """Record a new stack with its first traversal and what that adopts; raises NameTaken,
        and NoRoom where the project has ``most`` stacks already."""
        event = stack_event(stack, self._clock)
        await self._store.create_stack(stack, traversal, event, most=most, snapshot=snapshot)
        await self._tell(stack)

    async def start_over(
        self,
        stack: Stack,
        decide: Callable[[Stack], Awaitable[Begun | None]],
        *,
        snapshot: Snapshot | None = None,
    ) -> Stack:
        """Give the stack a new traversal, as ``decide`` says for its present record, and the
        snapshot that it takes.

        Where somebody else was faster, ``decide`` is asked again with the newer record.
        None from it means that there is nothing to do. Raises ActionInProgress.
        """
        for _ in range(_TRIES):
            begun = await decide(stack)
            if begun is None:
                await self._bus.wake(TRAVERSALS, stack.id)
                return stack
            newer, traversal = begun
            silent = OPERATIONS[traversal.operation].begin is None
            event = None if silent else stack_event(newer, self._clock)
            if await self._store.supersede(
                newer, traversal, event, expected=stack, snapshot=numbered(snapshot, traversal)
            ):
                await self._tell(newer)
                return newer
            stack = await self._store.stack(stack.id) or stack
        raise ActionInProgress(stack.name, stack.action)

    async def _tell(self, stack: Stack) -> None:
        await self._bus.wake(TRAVERSALS, stack.id)
