"""One traversal being run: what every step of it shares."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from isotherm.core.clock import Clock
from isotherm.core.states import DeletionPolicy
from isotherm.core.values import reveal
from isotherm.engine.aftermath import Aftermath
from isotherm.engine.calls import patiently
from isotherm.engine.concealing import conceal_in_text, secret_texts
from isotherm.engine.endings import Endings
from isotherm.engine.failures import explain
from isotherm.engine.ledger import Ledger
from isotherm.engine.pause import Halt
from isotherm.engine.poller import Poller
from isotherm.engine.probe import Probe
from isotherm.engine.scope import LedgerScope
from isotherm.engine.settings import EngineSettings
from isotherm.engine.translation import Finder
from isotherm.kit.context import CloudApi, Context, Intent, StackIdentity
from isotherm.kit.nested_stacks import NestedStacks
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import AnyType
from isotherm.kit.template_type import FORMER_TEMPLATE
from isotherm.ports.metrics import NO_METRICS, Metrics
from isotherm.ports.records import Resource
from isotherm.ports.store import Store
from isotherm.template import EMPTY_ENVIRONMENT, Environment, StackDefinition

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker lends to every traversal it runs."""

    store: Store
    clock: Clock
    types: Registry
    settings: EngineSettings
    poller: Poller
    probe: Probe
    metrics: Metrics = NO_METRICS
    endings: Endings = field(default_factory=Endings)
    environment: Environment = EMPTY_ENVIRONMENT
    """The operator's own environment."""


@dataclass(frozen=True, slots=True)
class Run:
    """``definition`` is None where everything is to go; ``edges`` are the desired
    dependencies by name, ``needed`` the attributes that are read of each resource.
    ``types`` has the templates among the stack's files, too; ``stacks`` are those below it.
    ``inherited`` are the rows that were there when the run was prepared."""

    tools: Tools
    ledger: Ledger
    definition: StackDefinition | None
    edges: Mapping[str, frozenset[str]]
    needed: Mapping[str, frozenset[str]]
    api: CloudApi
    finder: Finder
    types: Registry
    stacks: NestedStacks
    halt: Halt
    aftermath: Aftermath
    inherited: frozenset[str]
    adopting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def scope(self) -> LedgerScope:
        return LedgerScope(self.ledger)

    def type_of(self, row: Resource) -> AnyType:
        return self.types.get(row.type, FORMER_TEMPLATE)

    def desires(self, name: str) -> bool:
        return self.definition is not None and name in self.definition.resources

    async def ask(self, call: Callable[[], Awaitable[T]], *, repeatable: bool = True) -> T:
        """The result of a call to the cloud. One that may be made again is, where its answer
        is lost. Raises RemoteError, Overtaken, TimedOut."""
        return await patiently(call, self.halt, self.tools.settings, repeatable=repeatable)

    def explain(self, name: str, error: Exception) -> str:
        """The reason of a failure as clients know it, without any secret that it quotes."""
        rows = [row for row in self.ledger.rows.values() if row.name == name]
        secrets = secret_texts(
            *(row.properties for row in rows),
            *(row.applying for row in rows),
            *(self.definition.parameters.values() if self.definition else ()),
        )
        return conceal_in_text(explain(name, error), secrets)

    def context(self, row: Resource, desired: Mapping[str, Any] | None = None) -> Context[Any]:
        """What a verb on ``row`` is given; ``desired`` are new properties, names as ids."""
        stack = self.ledger.stack
        group = self.type_of(row).Properties
        applied = group.of(reveal({**row.properties, **row.resolved}))
        return Context(
            stack=StackIdentity(stack.id, stack.name, stack.project_id, stack.user_id),
            resource=row.name,
            props=applied if desired is None else group.of(reveal(desired)),
            recorded=applied if desired is not None else None,
            physical_name=row.physical_name,
            intent=Intent(row.token, row.attempt, row.intent_at or row.created_at),
            api=self.api,
            now=self.tools.clock.now(),
            physical_id=row.physical_id or "",
            stage=row.stage,
            data=dict(row.data),
            metadata=row.metadata,
            sealed=row.properties if row.applying is None else row.applying,
            stacks=self.stacks,
            keep_copy=row.deletion_policy is DeletionPolicy.SNAPSHOT and row.reference is not None,
        )
