"""One traversal being run: what every step of it shares."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from isotherm.core.concealing import conceal_in_text, secret_texts
from isotherm.core.creation_policies import CreationPolicy, read_creation_policy
from isotherm.core.failures import Failure
from isotherm.core.schema import Blueprint
from isotherm.core.values import Value
from isotherm.engine.leasing.hold import Aftermath
from isotherm.engine.recording.inbox import Inbox
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.parts import INSIDE, Parts
from isotherm.engine.recording.passages import Still
from isotherm.engine.recording.scopes import LedgerScope
from isotherm.engine.recording.signals import signal_message
from isotherm.engine.recording.step_times import StepTimes
from isotherm.engine.steps.breakpoints import Breakpoints
from isotherm.engine.steps.contexts import context_of, neighbour_of
from isotherm.engine.steps.failures import UnknownType, failure_of
from isotherm.engine.steps.sizes import Sizes
from isotherm.engine.steps.translation import Finder
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.halt import Halt
from isotherm.engine.waiting.letters import Letterboxes
from isotherm.engine.waiting.patience import Patience
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.context import Context, Neighbour
from isotherm.kit.nested_stacks import NestedStacks
from isotherm.kit.properties import Properties
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import AnyType
from isotherm.kit.software import Software
from isotherm.kit.stack_users import StackUsers
from isotherm.kit.template_type import FORMER_TEMPLATE
from isotherm.kit.watches import Watches
from isotherm.planning.desired import Desired
from isotherm.planning.holdings import Holdings
from isotherm.ports.records import Resource
from isotherm.template import StackDefinition, is_template

_NOTHING: frozenset[str] = frozenset()


class Kin(Protocol):
    """The other stacks of the tree that the stack belongs to."""

    async def namesakes(self, row: Resource, *, desired: bool) -> Sequence[Resource]:
        """Their current rows that name the row's object; with ``desired`` only those that
        their own template still asks for."""
        ...

    async def owner_elsewhere(self, row: Resource) -> str | None:
        """The name of a stack of another tree in which a row of the same type names the row's
        object as its own."""
        ...


class Stillness(Protocol):
    """Finds out whether an update of a nested stack would change anything."""

    async def __call__(
        self, resource: str, stack_id: str, blueprint: Blueprint, /
    ) -> Still | None: ...


@dataclass(frozen=True, slots=True)
class Errand:
    """What a traversal is sent for, beside its plan.

    ``kept`` are the parts of the stack in the snapshot that it restores, or that it adopts.
    ``adopts``, ``abandons``: objects are taken over, or left alone. ``lent``: those adopted
    are not the stack's yet. ``observes``: each object is looked at before it is kept or changed.
    """

    snapshot_id: str = ""
    kept: Parts = field(default_factory=dict)
    adopts: bool = False
    abandons: bool = False
    lent: bool = False
    observes: bool = False

    def leaves_alone(self, row: Resource) -> bool:
        """Whether the object of a row that goes stays where it is."""
        return self.abandons or (self.lent and row.adopted)

    def given(self, name: str) -> tuple[Mapping[str, Value], tuple[str, ...]]:
        """What is kept of a resource, and the names of those inside of it."""
        part = self.kept.get(name) or {}
        return part.get("resource_data") or {}, tuple(part.get(INSIDE) or ())


NO_ERRAND = Errand()


@dataclass(frozen=True, slots=True)
class Run:
    """``desired`` is None where everything is to go.
    ``types`` has the templates among the stack's files, too; ``stacks`` are those below it.
    ``inherited`` are the rows that were there when the run was prepared. ``ask`` makes calls to
    the cloud: it waits out what passes, and makes those again that may be made again."""

    tools: Tools
    ledger: Ledger
    inbox: Inbox
    desired: Desired | None
    api: CloudApi
    finder: Finder
    types: Registry
    stacks: NestedStacks
    users: StackUsers
    software: Software
    watches: Watches
    halt: Halt
    ask: Patience
    kin: Kin
    still: Stillness
    aftermath: Aftermath
    inherited: Mapping[str, Resource]
    breakpoints: Breakpoints
    sizes: Sizes
    holdings: Holdings[Resource]
    times: StepTimes
    errand: Errand = NO_ERRAND
    letterboxes: Letterboxes = field(default_factory=Letterboxes)
    """Of steps that wait for messages about their rows."""
    adopting: asyncio.Lock = field(default_factory=asyncio.Lock)
    handed_over: set[str] = field(default_factory=set)
    """Rows that are being forgotten because others stand for the same."""
    moving: asyncio.Lock = field(default_factory=asyncio.Lock)
    moved: set[str] = field(default_factory=set)
    """Names of resources whose own steps say by now what their objects have."""

    @property
    def definition(self) -> StackDefinition | None:
        return self.desired.definition if self.desired is not None else None

    @property
    def scope(self) -> LedgerScope:
        return LedgerScope(self.ledger, self.types)

    def type_of(self, row: Resource) -> AnyType:
        """Raises UnknownType."""
        known = self.types.get(row.type)
        if known is not None:
            return known
        if is_template(row.type):
            # It is not among the stack's files any more; its stack can still go.
            return FORMER_TEMPLATE
        raise UnknownType(row.type)

    def desires(self, name: str) -> bool:
        return self.desired is not None and name in self.desired.edges

    def waits_for(self, name: str) -> frozenset[str]:
        """The resources that a desired one waits for."""
        return self.desired.edges.get(name, _NOTHING) if self.desired is not None else _NOTHING

    def needed_of(self, name: str) -> frozenset[str]:
        """The attributes of a resource that anything reads."""
        return self.desired.needed.get(name, _NOTHING) if self.desired is not None else _NOTHING

    def passed_on_of(self, name: str) -> frozenset[str]:
        """Those of them whose values are recorded elsewhere, too."""
        return self.desired.passed_on.get(name, _NOTHING) if self.desired is not None else _NOTHING

    def explain(self, name: str, error: Exception, *, row_id: str | None = None) -> Failure:
        """A failure as clients know it, without any secret that it quotes."""
        rows = self.ledger.of_name(name)
        secrets = secret_texts(
            *(row.properties for row in rows),
            *(row.applying for row in rows),
            *(self.definition.parameters.values() if self.definition else ()),
        )
        if row_id is None:
            row = self.ledger.current(name)
            row_id = row.id if row is not None else ""
        failure = failure_of(name, row_id, error)
        return replace(failure, text=conceal_in_text(failure.text, secrets))

    def context(self, row: Resource, desired: Mapping[str, Any] | None = None) -> Context[Any]:
        """What a verb on ``row`` is given; ``desired`` are new properties, names as ids."""
        resource_type = self.type_of(row)
        ctx = context_of(
            self.ledger.stack,
            row,
            resource_type,
            api=self.api,
            now=self.tools.clock.now(),
            stacks=self.stacks,
            reads=self.needed_of(row.name),
            desired=desired,
        )
        ctx.policy = self._policy(row.name, resource_type)
        ctx.neighbour = self._neighbour
        ctx.pass_on = partial(self._pass_on, row)
        ctx.users = self.users
        ctx.snapshot_id = self.errand.snapshot_id
        ctx.kept, ctx.inside = self.errand.given(row.name)
        ctx.software = self.software
        ctx.watches = self.watches
        return ctx

    def _neighbour(self, reference: Value) -> Neighbour | None:
        row = self.ledger.referred_to(reference)
        return None if row is None else neighbour_of(row)

    async def _pass_on(
        self, own: Resource, reference: Value, details: Mapping[str, Any], key: str
    ) -> None:
        """By way of the inbox, like any signal."""
        row = own if reference is None else self.ledger.referred_to(reference)
        if row is not None:
            message = signal_message(row, details, self.tools.clock.now(), key=key)
            await self.tools.store.post(message)
            self.inbox.tell()

    def creation_policy(self, row: Resource) -> CreationPolicy | None:
        """What its creation waits for; it was judged by validation."""
        if self.definition is None or not self.desires(row.name):
            return None
        said = self.definition.resources[row.name].creation_policy
        try:
            return read_creation_policy(self.definition.evaluate(said, self.scope))
        except ValueError:
            return None

    def _policy(self, name: str, resource_type: AnyType) -> Properties:
        """What the template says about the way of updates."""
        group = resource_type.UpdatePolicy
        if not group.schema or self.definition is None or not self.desires(name):
            return group()
        said = self.definition.evaluate(self.definition.resources[name].update_policy, self.scope)
        return resource_type.read_policy(said)
