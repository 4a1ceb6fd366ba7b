"""What a verb is given: the resource's own data and the cloud, already authenticated."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from isotherm.core.values import Value
from isotherm.kit.entity import Entity
from isotherm.kit.nested_stacks import NestedStacks, NoNestedStacks
from isotherm.kit.outcomes import Remote
from isotherm.kit.properties import Properties

P = TypeVar("P", bound=Properties)

_INTENTS = uuid.UUID("6f0c1c1e-7d2b-4f9a-9a54-5f3a0c8f3b11")


Filter = str | int | bool | Sequence[str]


class CloudApi(Protocol):
    """The cloud as one project's delegate sees it.

    Every method raises the ``RemoteError`` classes of ``core.errors`` and nothing else.
    ``parent`` fills ``{parent}`` in the entity's path.
    """

    async def create(self, entity: Entity, body: Mapping[str, Any], *, parent: str = "") -> Remote:
        """POST; the created object."""
        ...

    async def show(self, entity: Entity, physical_id: str, *, parent: str = "") -> Remote:
        """GET one object; raises Gone."""
        ...

    async def list(self, entity: Entity, *, parent: str = "", **filters: Filter) -> list[Remote]:
        """GET all objects (all pages) that meet the filters; of a sequence any value will do."""
        ...

    async def update(
        self, entity: Entity, physical_id: str, body: Mapping[str, Any], *, parent: str = ""
    ) -> Remote:
        """PUT or PATCH, as the entity says; the changed object."""
        ...

    async def delete(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        """DELETE; raises Gone where there is nothing (any more)."""
        ...

    async def act(
        self, entity: Entity, physical_id: str, action: str, arguments: Any = None
    ) -> Any:
        """POST {action: arguments} to the object's ``/action``; the body of the reply."""
        ...

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        microversion: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Any other request; ``body`` is sent as JSON, bytes as they are; the parsed reply."""
        ...

    async def find(self, finder: str, name_or_id: str) -> str:
        """The id of the object that the finder (``glance.image``) knows by this name or id.

        Raises Gone where there is none and Refused where a name is not unique.
        """
        ...


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


@dataclass(slots=True)
class Context(Generic[P]):
    """One resource during one verb.

    ``props`` are the desired properties, names turned into ids, secrets opened; ``sealed``
    are the same as the template has them, secrets still wrapped;
    ``recorded`` those last applied (None before the first create). ``physical_name``
    is unique to this attempt. ``data`` is private to the type, durable, sealed where
    it holds a ``Secret``; changes to it are recorded with the verb's outcome.
    ``stage`` is what the last ``Pending`` said. ``keep_copy`` asks a delete to make a copy of
    the object first (deletion policy Snapshot).
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

    @property
    def elapsed(self) -> float:
        """Seconds since the present attempt of the present action began."""
        return (self.now - self.intent.written_at).total_seconds()

    @property
    def changed(self) -> frozenset[str]:
        """Names of the top-level properties that differ between ``recorded`` and ``props``."""
        before = self.recorded.given() if self.recorded else {}
        after = self.props.given()
        return frozenset(n for n in before | after if before.get(n) != after.get(n))
