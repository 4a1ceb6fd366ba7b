"""What a verb is given: the resource's own data and the cloud, already authenticated."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from isotherm.core.values import Value
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.nested_stacks import NestedStacks, NoNestedStacks
from isotherm.kit.properties import Properties
from isotherm.kit.software import NoSoftware, Software
from isotherm.kit.stack_users import NoStackUsers, StackUsers
from isotherm.kit.watches import NoWatches, Watches

P = TypeVar("P", bound=Properties)

_INTENTS = uuid.UUID("6f0c1c1e-7d2b-4f9a-9a54-5f3a0c8f3b11")


@dataclass(frozen=True, slots=True)
class Intent:
    """Written before a remote create: how its object can be recognised if no answer comes."""

    token: str
    attempt: int
    written_at: datetime

    @property
    def uuid(self) -> str:
        """A UUID for objects whose id the client may choose; the same for every retry."""
        return str(uuid.uuid5(_INTENTS, self.token))


@dataclass(frozen=True, slots=True)
class StackIdentity:
    id: str
    name: str
    project_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another resource of the same stack, as it is recorded."""

    name: str
    type: str
    metadata: Mapping[str, Value]
    properties: Mapping[str, Value] = field(default_factory=dict)
    """As last applied, secrets wrapped."""
    data: Mapping[str, Value] = field(default_factory=dict)
    """Private data, secrets wrapped."""
    physical_id: str = ""
    reference: Value = None


Neighbours = Callable[[Value], Neighbour | None]
"""Finds a resource of the same stack by what refers to it."""


def _no_neighbours(reference: Value) -> Neighbour | None:
    return None


PassOn = Callable[[Value, Mapping[str, Any], str], Awaitable[None]]
"""Hands a signal to a resource of the same stack: what refers to it (None: this one itself), the
details, and an id by which the signal counts once."""


async def _pass_on_nothing(reference: Value, details: Mapping[str, Any], key: str) -> None:
    """Where the stack is only looked at."""


@dataclass(slots=True)
class Context(Generic[P]):
    """One resource during one verb.

    ``props`` are the desired properties, names turned into ids, secrets opened; ``sealed``
    are the same as the template has them, secrets still wrapped;
    ``recorded`` those last applied (None before the first create). ``physical_name``
    is unique to this attempt. ``data`` is private to the type, durable, sealed where
    it holds a ``Secret``; changes to it are recorded with the verb's outcome.
    ``stage`` is what the last ``Pending`` said. ``keep_copy`` asks a delete to make a copy of
    the object first (deletion policy Snapshot). ``reads`` are the attributes that the template
    reads, ``policy`` is what it says about the way of updates, as the type's ``UpdatePolicy``;
    ``heard`` are the signals that a type which ``awaits_signals`` has got in this update.
    ``metadata`` are as users see them; a verb that tells something there replaces them.
    ``neighbour`` finds another resource of the stack, as it is at the moment of the call;
    ``pass_on`` hands a signal to one, or to this one;
    ``watches`` are alarms that are judged here;
    ``users`` are those made for resources of the stack; ``software`` is that of its project.
    ``snapshot_id`` is the snapshot that is
    taken, put back or discarded; ``kept`` is what ``data`` was when it was taken,
    or what an adoption was given; ``inside`` are the names of resources in the stack that is
    adopted.
    """

    stack: StackIdentity
    resource: str
    props: P
    physical_name: str
    intent: Intent
    api: CloudApi
    now: datetime
    recorded: P | None = None
    physical_id: str = ""
    stage: str = ""
    data: dict[str, Value] = field(default_factory=dict)
    metadata: Mapping[str, Value] = field(default_factory=dict)
    keep_copy: bool = False
    sealed: Mapping[str, Value] = field(default_factory=dict)
    stacks: NestedStacks = field(default_factory=NoNestedStacks)
    reads: frozenset[str] = frozenset()
    policy: Any = None
    heard: Mapping[str, str] = field(default_factory=dict)
    neighbour: Neighbours = _no_neighbours
    pass_on: PassOn = _pass_on_nothing
    users: StackUsers = field(default_factory=NoStackUsers)
    watches: Watches = field(default_factory=NoWatches)
    software: Software = field(default_factory=NoSoftware)
    snapshot_id: str = ""
    kept: Mapping[str, Value] = field(default_factory=dict)
    inside: tuple[str, ...] = ()

    @property
    def copy_name(self) -> str:
        """What the copy of the object is called that belongs to the snapshot."""
        return f"{self.physical_name}-{self.snapshot_id[:13]}"

    @property
    def elapsed(self) -> float:
        """Seconds since the present attempt of the present action began."""
        return (self.now - self.intent.written_at).total_seconds()

    def changes(self, name: str) -> bool:
        """Whether this is an update, and one of that top-level property."""
        return self.recorded is not None and name in self.changed

    @property
    def changed(self) -> frozenset[str]:
        """Names of the top-level properties that differ between ``recorded`` and ``props``."""
        before = self.recorded.given() if self.recorded else {}
        after = self.props.given()
        return frozenset(n for n in before | after if before.get(n) != after.get(n))
