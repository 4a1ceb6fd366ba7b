"""The inbox of a stack: what comes for it without overtaking what it is doing.

Anybody may post. The owner takes messages in between its steps, in one commit with their effect.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, islice

from isotherm.core.tracing import traced, tracing
from isotherm.engine.recording.arrival import Arrival, Taken
from isotherm.engine.recording.discards import DISCARD, take_discard
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.marks import MARK, take_mark
from isotherm.engine.recording.pauses import CLEARING, take_clearing
from isotherm.engine.recording.readiness import READINESS, take_readiness
from isotherm.engine.recording.refusals import REFUSAL, take_refusal
from isotherm.engine.recording.remedies import REMEDY, take_remedy
from isotherm.engine.recording.signals import SIGNAL, take_signal, taken_together
from isotherm.kit.registry import Registry
from isotherm.ports.bus import MESSAGES, Bus
from isotherm.ports.records import Message, replace
from isotherm.ports.store import Store

log = logging.getLogger(__name__)

_AT_ONCE = 200
"""Messages in one commit at the most."""

Taker = Callable[[Ledger, Arrival], Awaitable[Taken]]
"""Writes the effect of a message, and that it was taken in, unless it has to wait."""

TAKERS: Mapping[str, Taker] = {
    CLEARING: take_clearing,
    DISCARD: take_discard,
    MARK: take_mark,
    READINESS: take_readiness,
    REFUSAL: take_refusal,
    REMEDY: take_remedy,
    SIGNAL: take_signal,
}
"""By the kind of message."""


async def post(store: Store, bus: Bus, message: Message) -> None:
    """Append to the inbox of a stack, and tell its owner. Raises KeyError."""
    await store.post(replace(message, request_id=traced().get("request_id", "")))
    await bus.wake(MESSAGES, message.stack_id)


class Inbox:
    """One stack's, in the hands of its owner."""

    def __init__(self, store: Store, types: Registry, stack_id: str) -> None:
        self._store = store
        self._types = types
        self._stack_id = stack_id
        self._listener: Callable[[], None] = _nobody
        self.may_have_messages = True
        """False once it was found empty, until somebody tells of a message. Where a wake-up was
        lost, the stack waits for an owner again as soon as it is let go."""

    def tell(self) -> None:
        """Something may have come."""
        self.may_have_messages = True
        self._listener()

    @contextmanager
    def heard_by(self, listener: Callable[[], None]) -> Iterator[None]:
        """Who is called when something may have come, for as long as the context is open."""
        self._listener = listener
        try:
            yield
        finally:
            self._listener = _nobody

    async def take(
        self, ledger: Ledger, busy: Collection[str] = (), *, idle: bool = False
    ) -> list[Message]:
        """Take in what there is, in the order in which it came; what is left.

        What is about one of the ``busy`` resources is left: a step works on its row.
        Raises Overtaken where what a message sets going comes too late, Fenced, StoreUnavailable.
        """
        left: list[Message] = []
        self.may_have_messages = False
        for messages in self._gathered(await self._store.messages(self._stack_id), ledger):
            row = ledger.rows.get(messages[0].resource_id)
            if row is not None and row.name in busy:
                left += messages
                continue
            taken = await self._take(ledger, Arrival(messages, row, self._types, idle))
            if taken is Taken.NOT_YET:
                left += messages
            elif taken is Taken.AND_BEGUN:
                # The rest comes for a stack that is at work.
                self.may_have_messages = True
                return []
        self.may_have_messages |= bool(left)
        return left

    def _gathered(self, messages: Sequence[Message], ledger: Ledger) -> Iterator[list[Message]]:
        """The messages in their order; those in one list are taken in by one commit."""

        def key(message: Message) -> tuple[str, str]:
            row = ledger.rows.get(message.resource_id)
            together = taken_together(message, row, self._types)
            return message.kind, message.resource_id if together else message.id

        for _, alike in groupby(messages, key):
            while some := list(islice(alike, _AT_ONCE)):
                yield some

    async def _take(self, ledger: Ledger, arrival: Arrival) -> Taken:
        taker = TAKERS.get(arrival.message.kind)
        if taker is not None:
            with tracing(**_of_the_request(arrival.message)):
                return await taker(ledger, arrival)
        # Newer processes may post what only they know: it is kept for them.
        log.warning("stack %s: a message of unknown kind %s", self._stack_id, arrival.message.kind)
        return Taken.NOT_YET


def _of_the_request(message: Message) -> Mapping[str, str]:
    """What is done for a message is done for the request that it came with."""
    return {**traced(), "request_id": message.request_id} if message.request_id else traced()


def _nobody() -> None:
    """Nobody waits for messages: the owner looks for them before its next traversal."""
