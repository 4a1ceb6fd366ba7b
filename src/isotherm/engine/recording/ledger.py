"""The rows of one stack in memory, and the only way in which the engine changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from isotherm.core.clock import Clock
from isotherm.core.failures import Failure
from isotherm.core.states import Action, Status
from isotherm.core.values import Value, reveal
from isotherm.engine.interruptions import Overtaken
from isotherm.engine.recording.row_moves import STATE_CHANGED, RowMoves
from isotherm.engine.recording.stack_moves import settled, stack_event
from isotherm.engine.transitions import Trigger
from isotherm.kit.registry import Registry
from isotherm.planning.holdings import Holdings
from isotherm.ports.records import (
    Event,
    Message,
    Pause,
    Remedy,
    Resource,
    Snapshot,
    Stack,
    Traversal,
    replace,
)
from isotherm.ports.store import Fence, Fenced, Lease, Passage, Store, Writes


class Ledger:
    """Mirrors the stored rows; every change is committed before it shows here.

    All commits carry the lease. Those that precede an effect (``begin``) also demand
    that the traversal is still the newest, so nothing new starts once it is overtaken.
    """

    def __init__(
        self, store: Store, clock: Clock, lease: Lease, stack: Stack, rows: Iterable[Resource]
    ) -> None:
        self._store = store
        self._clock = clock
        self._held = Fence(lease=lease)
        self._newest = Fence(lease=lease, traversal=stack.traversal)
        self.stack = stack
        self.rows: dict[str, Resource] = {row.id: row for row in rows}
        self._current = {row.name: row for row in self.rows.values() if row.current}
        self._of_name: defaultdict[str, dict[str, Resource]] = defaultdict(dict)
        self._holdings: Holdings[Resource] | None = None
        self._moves = RowMoves(clock, stack.traversal)
        for row in self.rows.values():
            self._of_name[row.name][row.id] = row

    def declare(self, declared: Mapping[tuple[str, str], str]) -> None:
        """Say what the template calls the types of resources, by their names and types."""
        self._moves.declared = declared

    def holdings(self, types: Registry) -> Holdings[Resource]:
        """The rows by what they hold, kept up to date from now on."""
        self._holdings = Holdings(types)
        for row in self.rows.values():
            self._holdings.put(row)
        return self._holdings

    def current(self, name: str) -> Resource | None:
        return self._current.get(name)

    def of_name(self, name: str) -> list[Resource]:
        """All rows of a name, leftovers included, oldest first. A big stack has many rows, and
        each step asks for few."""
        rows = self._of_name.get(name)
        return list(rows.values()) if rows else []

    def referred_to(self, reference: Value) -> Resource | None:
        """The current row that ``get_resource`` gives this value for."""
        wanted = reveal(reference)
        rows = self._current.values()
        return next((row for row in rows if reveal(row.reference) == wanted), None)

    async def begin(
        self, row: Resource, trigger: Trigger, *also: Resource, **changes: Any
    ) -> Resource:
        """Write an intent: the transition into IN_PROGRESS, before the effect.

        ``also`` are other rows to be written in the same commit. Raises Overtaken.
        """
        row, event = self._moves.moved(row, trigger, STATE_CHANGED, changes)
        await self._commit(self._newest, [row, *also], events=[event])
        return row

    async def end(
        self,
        row: Resource,
        trigger: Trigger,
        why: Failure | str = STATE_CHANGED,
        *also: Resource,
        **changes: Any,
    ) -> Resource:
        """Write an outcome: the transition out of IN_PROGRESS, ``also`` other rows. A ``pause``
        that is to follow it is told in the same commit, and so is what waits for other
        metadata."""
        before = row.present_metadata
        row, event = self._moves.moved(row, trigger, why, changes)
        news = [row.physical_id] if row.physical_id and row.present_metadata != before else []
        events = [event, *self._moves.pausing(row)]
        await self._commit(self._held, [row, *also], events=events, news_for=news)
        return row

    async def leap(self, row: Resource, first: Trigger, last: Trigger, **changes: Any) -> Resource:
        """Begin and end in one commit, for what has no effect outside the store.

        Raises Overtaken.
        """
        row, begun, ended = self._moves.leapt(row, first, last, changes)
        await self._commit(self._newest, [row], events=[begun, ended, *self._moves.pausing(row)])
        return row

    async def pass_over(
        self, row: Resource, passages: Sequence[Passage], inside: Sequence[Event], **changes: Any
    ) -> Resource | None:
        """Begin and end an update of a stack below in one commit with its passage and those of the
        stacks in it, of which ``inside`` tells. None where one of them has moved meanwhile.

        Raises Overtaken.
        """
        row, begun, ended = self._moves.leapt(row, Trigger.BEGIN_UPDATE, Trigger.UPDATED, changes)
        events = [begun, *inside, ended, *self._moves.pausing(row)]
        writes = Writes(resources=[row], events=events)
        try:
            if not await self._store.pass_through(self._newest, writes, passages):
                return None
        except Fenced:
            raise Overtaken from None
        self._show(row)
        return row

    async def pause(self, row: Resource, hook: str) -> Resource:
        """Write that nothing more is done with the row until the hook is cleared. Raises
        Overtaken."""
        row = replace(row, pause=Pause(hook=hook, traversal=self.stack.traversal))
        await self._commit(self._newest, [row], events=self._moves.pausing(row))
        return row

    async def end_pause(
        self, row: Resource, reason: str, messages: Sequence[Message] = (), *, cleared: bool
    ) -> Resource:
        """Write that a pause is over, because somebody has ``cleared`` it or not."""
        pause = replace(row.pause, cleared=True) if row.pause and cleared else None
        told = self._moves.event(row, self._clock.now(), reason)
        row = replace(row, pause=pause)
        await self._commit(self._held, [row], events=[told], taken=messages)
        return row

    async def note(self, row: Resource, *also: Resource, **changes: Any) -> Resource:
        """Write what has been learnt without a transition (a physical id, a stage)."""
        row = replace(row, updated_at=self._clock.now(), **changes)
        await self._commit(self._held, [row, *also])
        return row

    async def tell(self, row: Resource, action: Action, status: Status, reason: str) -> None:
        """Write an event about a row that stays as it is."""
        told = replace(row, action=action, status=status)
        await self._commit(self._held, events=[self._moves.event(told, self._clock.now(), reason)])

    async def tell_of(self, messages: Sequence[Message], row: Resource, reason: str) -> None:
        """Write an event about messages that change nothing, and that they were taken in."""
        event = self._moves.event(row, self._clock.now(), reason)
        await self._commit(self._held, events=[event], taken=messages)

    async def take_in(
        self,
        messages: Sequence[Message],
        row: Resource | None = None,
        trigger: Trigger | None = None,
        reason: str = STATE_CHANGED,
    ) -> None:
        """Write the effect of messages and that they were taken in: both or neither. Without
        ``row`` there is nothing left that they could have an effect on."""
        rows, events = [], []
        if row is not None and trigger is not None:
            moved, event = self._marked(row, trigger, reason)
            rows, events = [moved], [event]
        await self._commit(self._held, rows, events=events, taken=messages)

    async def order(
        self,
        messages: Sequence[Message],
        row: Resource,
        reason: str,
        *,
        remedy: Remedy | None = None,
        begun: tuple[Stack, Traversal] | None = None,
    ) -> None:
        """Write what somebody has ordered for a row, and who; ``begun`` carries it out."""
        event = self._moves.event(row, self._clock.now(), reason)
        rows = [replace(row, remedy=remedy)] if remedy is not None else []
        stack, traversal = begun or (None, None)
        await self._commit(
            self._held, rows, events=[event], taken=messages, stack=stack, traversal=traversal
        )

    async def absorb(
        self,
        messages: Sequence[Message],
        rows: Sequence[Resource],
        *,
        told: tuple[Resource, Sequence[str]],
        broken: Sequence[Resource] = (),
        begun: tuple[Stack, Traversal] | None = None,
    ) -> None:
        """Write what signals have changed of ``rows`` and that they were taken in; ``told`` is
        whom they came for, and what the events say, which show the status that it has. ``broken``
        are those that they want to have made anew, ``begun`` is what they set going."""
        row, reasons = told
        now = self._clock.now()
        signalled = replace(row, action=Action.SIGNAL)
        events = [self._moves.event(signalled, now, reason) for reason in reasons]
        why = f"{row.name} was signalled"
        marked = [self._marked(each, Trigger.MARKED_UNHEALTHY, why) for each in broken]
        events += [event for _, event in marked]
        rows = [*rows, *(each for each, _ in marked)]
        stack, traversal = begun or (None, None)
        if stack is not None and stack.action is not self.stack.action:
            events.append(stack_event(stack, self._clock))
        await self._commit(
            self._held, rows, events=events, taken=messages, stack=stack, traversal=traversal
        )

    async def remove(self, row: Resource, pause: Pause | None = None) -> None:
        """Write the end of a row: its object is gone, so nothing is left to name. With a
        ``pause`` it is kept until that is over."""
        gone, ended = self._moves.moved(row, Trigger.DELETED, STATE_CHANGED, {})
        if pause is None:
            await self._commit(self._held, removed=gone, events=[ended])
        else:
            await self._keep_gone(self._held, gone, [ended], pause)

    async def leap_away(self, row: Resource, pause: Pause | None = None) -> None:
        """Begin and end a removal in one commit, for what has no object outside the store.

        Raises Overtaken.
        """
        if pause is None:
            told = self._moves.leaving(row)
            await self._commit(self._newest, removed=row, events=told)
        else:
            gone, *told = self._moves.leapt(row, Trigger.BEGIN_DELETE, Trigger.DELETED, {})
            await self._keep_gone(self._newest, gone, told, pause)

    async def _keep_gone(
        self, fence: Fence, gone: Resource, told: list[Event], pause: Pause
    ) -> None:
        told += self._moves.pausing(replace(gone, pause=pause))
        kept = replace(gone, physical_id=None, pause=pause)
        await self._commit(fence, [kept], events=told)

    async def settle(self) -> None:
        """Write that everything desired is there: from now on nothing returns to what was
        before, and it may be removed. Raises Overtaken."""
        stack = settled(self.stack)
        if stack != self.stack:
            await self._commit(self._newest, stack=stack)
            self.stack = stack

    async def house_users(self, project_id: str) -> None:
        """Write where the users made for resources of the stack are. Raises Overtaken."""
        stack = replace(self.stack, stack_user_project_id=project_id)
        await self._commit(self._newest, stack=stack)
        self.stack = stack

    async def snapshot(self, snapshot_id: str) -> Snapshot | None:
        """One of the stack's own."""
        found = await self._store.snapshot(snapshot_id)
        return found if found is not None and found.stack_id == self.stack.id else None

    async def put_snapshot(
        self,
        snapshot: Snapshot,
        messages: Sequence[Message] = (),
        *,
        begun: tuple[Stack, Traversal] | None = None,
    ) -> None:
        """Write what has become of a snapshot, and that messages about it were taken in;
        ``begun`` is what is to be done with it."""
        stack, traversal = begun or (None, None)
        await self._commit(
            self._held, snapshot=snapshot, taken=messages, stack=stack, traversal=traversal
        )

    async def drop_snapshot(self, snapshot: Snapshot, messages: Sequence[Message]) -> None:
        """Write that nothing is left of a snapshot, and that messages about it were taken in."""
        await self._commit(self._held, dropped=snapshot, taken=messages)

    async def forget(self, row: Resource, reason: str = "") -> None:
        """Drop a row whose object is deliberately left alone (retained, external, or as
        somebody has ordered for the ``reason`` that is told then)."""
        left = replace(row, action=Action.DELETE, status=Status.COMPLETE)
        events = [self._moves.event(left, self._clock.now(), reason)] if reason else []
        await self._commit(self._held, removed=row, events=events)

    def _marked(self, row: Resource, trigger: Trigger, reason: str) -> tuple[Resource, Event]:
        """The row in another state: nothing has worked on it, and what it waits for it waits
        for still."""
        kept = {"pause": row.pause, "remedy": row.remedy}
        moved, event = self._moves.moved(row, trigger, reason, kept)
        # Whatever traversal is under way, it has not worked on the row by that.
        return replace(moved, traversal=row.traversal), event

    async def _commit(
        self,
        fence: Fence,
        rows: Sequence[Resource] = (),
        *,
        removed: Resource | None = None,
        events: Sequence[Event] = (),
        taken: Sequence[Message] = (),
        stack: Stack | None = None,
        traversal: Traversal | None = None,
        snapshot: Snapshot | None = None,
        dropped: Snapshot | None = None,
        news_for: Sequence[str] = (),
    ) -> None:
        if traversal is not None:
            # What somebody has begun meanwhile was promised, and is not written over.
            fence = self._newest
        removed_ids = [removed.id] if removed else []
        writes = Writes(
            resources=rows,
            removed_resources=removed_ids,
            events=events,
            taken=[each.id for each in taken],
            stack=stack,
            traversal=traversal,
            snapshots=[snapshot] if snapshot else [],
            removed_snapshots=[dropped.id] if dropped else [],
            news_for=news_for,
        )
        try:
            await self._store.commit(fence, writes)
        except Fenced:
            if fence is not self._newest:
                raise
            # Most likely a newer traversal; the ownership finds out whether it was the lease.
            raise Overtaken from None
        for row in rows:
            self._show(row)
        if removed is not None:
            self._forget(removed)

    def _show(self, row: Resource) -> None:
        self.rows[row.id] = row
        self._of_name[row.name][row.id] = row
        if self._holdings is not None:
            self._holdings.put(row)
        if row.current:
            self._current[row.name] = row
        else:
            self._give_up_place(row)

    def _forget(self, row: Resource) -> None:
        self.rows.pop(row.id, None)
        self._of_name[row.name].pop(row.id, None)
        if self._holdings is not None:
            self._holdings.drop(row.id)
        self._give_up_place(row)

    def _give_up_place(self, row: Resource) -> None:
        current = self._current.get(row.name)
        if current is not None and current.id == row.id:
            del self._current[row.name]
