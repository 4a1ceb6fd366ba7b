"""The store port: durable records, group commit, leases and fencing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from isotherm.core.ids import EventId, ProjectId, StackId
from isotherm.ports.attachments import AttachmentStore
from isotherm.ports.attendance import AttendanceStore
from isotherm.ports.records import (
    Duration,
    Event,
    Message,
    Report,
    Resource,
    Snapshot,
    Source,
    Stack,
    Traversal,
)
from isotherm.ports.software import SoftwareStore
from isotherm.ports.watches import WatchStore


class Fenced(Exception):
    """A write came from an owner whose lease is over, or for a traversal that was overtaken."""


class NameTaken(Exception):
    """A live stack of this name exists in the project already."""


class NoRoom(Exception):
    """The project has as many live root stacks as it may have."""


class StoreUnavailable(Exception):
    """The database said no, or nothing, for too long; whether a change was kept is not known.
    The text is a sentence's beginning, such as "the database does not answer", for anybody."""


class Lease(Struct, frozen=True, kw_only=True):
    """Ownership of a stack until the lease runs out; ``epoch`` grows with every new owner.

    ``broken_off``: how many seconds before this lease was given the ownership before it
    ended without good order, so that calls of it may still be under way; else None.
    ``waited``: for how many seconds, by the store's clock, it could have been taken before.
    ``take_overs``: how many owners in a row have not given it back since its newest traversal
    was begun, so that they have probably died.
    """

    stack_id: str
    owner: str
    epoch: int
    broken_off: float | None = None
    waited: float = 0.0
    take_overs: int = 0


class Work(Struct, frozen=True, kw_only=True):
    """What a stack has for its owner: itself, its newest traversal, finished or not, and whether
    there are messages that have not been taken in."""

    stack: Stack
    traversal: Traversal
    messages: bool


class Duty(Struct, frozen=True, kw_only=True):
    """Something that ``owner`` is at; ``epoch`` grows each time that somebody takes it."""

    kind: str
    key: str
    owner: str
    epoch: int


class Fence(Struct, frozen=True, kw_only=True):
    """Conditions of a commit: the lease must be the live one, and, where ``traversal`` is
    given, it must still be the stack's newest."""

    lease: Lease
    traversal: int | None = None


class Writes(Struct, frozen=True, kw_only=True, gc=False):
    """One atomic change. ``resources`` and ``snapshots`` are inserted or wholly replaced by id;
    ``taken`` are ids of messages whose effect is in this change, so that each has its effect
    once. ``news_for`` are ids of objects whose metadata are others now: those of them to which
    metadata are sent (``SoftwareStore.tell_server``) have something to be told."""

    resources: Sequence[Resource] = ()
    removed_resources: Sequence[str] = ()
    events: Sequence[Event] = ()
    taken: Sequence[str] = ()
    stack: Stack | None = None
    traversal: Traversal | None = None
    snapshots: Sequence[Snapshot] = ()
    removed_snapshots: Sequence[str] = ()
    report: Report | None = None
    durations: Sequence[Duration] = ()
    news_for: Sequence[str] = ()


class AtRest(Struct, frozen=True, kw_only=True):
    """A live stack that nobody owns and for which nothing waits, as it was in ``epoch``: nobody
    has changed its rows as long as nobody has owned it since."""

    stack: Stack
    epoch: int


class Passage(Struct, frozen=True, kw_only=True):
    """A stack at rest, and what is written of a traversal of it that begins and ends in one
    moment, but for its events."""

    present: AtRest
    writes: Writes


class StackQuery(Struct, frozen=True, kw_only=True):
    """Which stacks to list. ``filters`` maps field names (id, name, status, action, username,
    owner_id → parent_id, disable_rollback, timeout_mins, status_reason …) to accepted values."""

    project_id: str | None = None
    filters: Mapping[str, Sequence[Any]] = {}
    tags: Sequence[str] = ()
    tags_any: Sequence[str] = ()
    not_tags: Sequence[str] = ()
    not_tags_any: Sequence[str] = ()
    show_deleted: bool = False
    show_nested: bool = False
    sort_keys: Sequence[str] = ()
    descending: bool = True
    limit: int | None = None
    marker: str | None = None


class EventQuery(Struct, frozen=True, kw_only=True):
    """Which events to list; oldest first unless ``descending``."""

    stack_ids: Sequence[str]
    resource_name: str | None = None
    filters: Mapping[str, Sequence[Any]] = {}
    sort_keys: Sequence[str] = ()
    descending: bool = False
    limit: int | None = None
    marker: str | None = None


class Store(Protocol):
    """Every method that writes returns when the change is durable.

    Reads see every write that has returned. Any method may raise StoreUnavailable, after
    it has tried for a while; ValueError tells a field that cannot be filtered or sorted by.
    """

    @property
    def attachments(self) -> AttachmentStore:
        """What is kept beside stacks."""
        ...

    @property
    def attendance(self) -> AttendanceStore:
        """Which engines there are."""
        ...

    @property
    def software(self) -> SoftwareStore:
        """Software configurations and deployments."""
        ...

    @property
    def watches(self) -> WatchStore:
        """Measures, and alarms about them."""
        ...

    # -- life of a stack, written by whoever takes the request --------------------

    async def put_source(self, source: Source, *, kept: str = "") -> str:
        """Keep a source, once by content; its id. ``kept`` is the id of one that a stack has at
        present: where it is the same, there is nothing to write."""
        ...

    async def source(self, source_id: str) -> Source:
        """Raises KeyError where there is none."""
        ...

    async def create_stack(
        self,
        stack: Stack,
        traversal: Traversal,
        event: Event,
        *,
        most: int = -1,
        snapshot: Snapshot | None = None,
    ) -> None:
        """``snapshot`` is kept with it. Raises NameTaken (live root stacks of a project have
        unique names), and NoRoom where the project has ``most`` of them already, however many
        come at once (negative: no limit)."""
        ...

    async def supersede(
        self,
        stack: Stack,
        traversal: Traversal,
        event: Event | None,
        *,
        expected: Stack,
        snapshot: Snapshot | None = None,
    ) -> bool:
        """Write ``stack``, its new traversal and the snapshot that comes with it if the stack
        is still as it was read, ``expected``, in traversal, action, status, deletion and what a
        roll-back returns to; False (and nothing written) where somebody was faster, be it only
        the end of the present traversal. Needs no lease: it is how a request overtakes a
        running traversal."""
        ...

    async def at_rest(self, stack_ids: Sequence[str]) -> list[AtRest]:
        """Those of the stacks that are at rest, in any order."""
        ...

    async def stack(self, stack_id: str) -> Stack | None:
        """By id, deleted ones included."""
        ...

    async def find_stack(self, project_id: ProjectId, name_or_id: str) -> Stack | None:
        """A live stack by name or id, or a deleted one by id, within a project."""
        ...

    async def stacks(self, query: StackQuery) -> list[Stack]: ...

    async def count_stacks(self, query: StackQuery) -> int: ...

    async def children(self, stack_id: str) -> list[Stack]:
        """Live nested stacks whose parent is this stack."""
        ...

    async def resources(self, stack_id: str, name: str | None = None) -> list[Resource]:
        """All rows of a stack, or those of one resource; leftovers included, oldest first."""
        ...

    async def resources_of(self, stack_ids: Sequence[str]) -> list[Resource]:
        """All rows of these stacks, each stack's as ``resources`` gives them."""
        ...

    async def owners(self, physical_ids: Sequence[str]) -> set[str]:
        """Those of the physical ids that some resource row names already."""
        ...

    async def namesakes(self, physical_id: str) -> list[Resource]:
        """Rows of all stacks that name this physical id, oldest first."""
        ...

    async def events(self, query: EventQuery) -> list[Event]: ...

    async def event(self, stack_id: StackId, event_id: EventId) -> Event | None: ...

    async def count_resources(self, project_id: str) -> int: ...

    async def snapshots(self, stack_id: str) -> list[Snapshot]:
        """All of a stack, oldest first."""
        ...

    async def snapshot(self, snapshot_id: str) -> Snapshot | None:
        """By id; None where there is none."""
        ...

    async def report(self, stack_id: StackId, number: int | None = None) -> Report | None:
        """How the traversal of this number went, by default the newest that has a report. The
        reports of a stack's last ten traversals are kept."""
        ...

    async def reports_of(
        self, stack_ids: Sequence[str], start: datetime, end: datetime
    ) -> list[Report]:
        """Of these stacks, the reports of traversals that were asked for in the span, each stack's
        oldest first."""
        ...

    async def durations(self) -> list[Duration]:
        """All that is known of how long steps take."""
        ...

    # -- running -------------------------------------------------------------------

    async def traversal(self, stack_id: str) -> Traversal | None:
        """The newest traversal of a stack."""
        ...

    async def traversals(self, stack_id: str, start: datetime, end: datetime) -> list[Traversal]:
        """Those of a stack that were begun in between, ``end`` included, and the last one that
        was begun before; oldest first."""
        ...

    async def work(self, stack_id: str) -> Work | None:
        """Traversal and messages as they were at the same moment, the stack as it was then or a
        moment later."""
        ...

    async def claim(self, owner: str, limit: int, seconds: float) -> list[Lease]:
        """Take stacks with an unfinished traversal, or a message that nobody has taken in, that
        nobody owns (or whose lease ran out), longest waiting first; the lease holds for
        ``seconds`` of database time."""
        ...

    def renew(self, owner: str, stack_ids: Collection[str], seconds: float) -> Mapping[str, int]:
        """Prolong the leases that ``owner`` still holds of these stacks; their ids, each with
        the number of its newest traversal. Blocking: it is called from a thread of its own,
        so that a busy loop cannot lose a lease."""
        ...

    async def disown(self, owner: str) -> None:
        """End all leases of ``owner``: those of an earlier life of the same process."""
        ...

    async def release(self, lease: Lease, *, in_order: bool = True, well: bool = True) -> None:
        """Give a lease back, ``in_order`` if all calls have ended and their outcomes are
        recorded; nothing happens where it is lost already. One whose owner has failed at the
        stack, and is not ``well``, counts like one whose owner has died."""
        ...

    async def commit(self, fence: Fence, writes: Writes) -> None:
        """Raises Fenced, and then nothing of ``writes`` is kept."""
        ...

    async def pass_through(self, fence: Fence, writes: Writes, passages: Sequence[Passage]) -> bool:
        """Commit ``writes``, and with them passages of other stacks; the events of all of them are
        among ``writes``, in their order. False, and nothing is kept, where one of the others has
        moved, or was owned, since it was read. Raises Fenced."""
        ...

    async def post(self, message: Message) -> None:
        """Append to the inbox of a stack; a message whose id is there already is not added.
        Needs no lease. Raises KeyError where there is no such stack."""
        ...

    async def messages(self, stack_id: str) -> list[Message]:
        """Those that have not been taken in, in the order in which they came."""
        ...

    # -- duties: what is to be done now and then, by one process at a time ---------------

    async def add_duty(self, kind: str, key: str) -> None:
        """A duty that is due at once; one that is there already stays as it is."""
        ...

    async def claim_duties(
        self, owner: str, kinds: Collection[str], limit: int, seconds: float
    ) -> list[Duty]:
        """Take duties of these kinds that are due and that nobody is at, longest due first. If
        they are not ended within ``seconds`` of database time, others may take them."""
        ...

    async def end_duty(self, duty: Duty, due_in: float) -> None:
        """Done for now, and due again in so many seconds; nothing happens where it was lost."""
        ...

    # -- purging ---------------------------------------------------------------------------

    async def purge(self, before: datetime) -> int:
        """Remove deleted stacks (with rows, events and unused sources) older than ``before``;
        how many."""
        ...

    async def purge_messages(self, before: datetime) -> int:
        """Remove messages that were taken in and came before a time; how many."""
        ...

    async def close(self) -> None: ...
