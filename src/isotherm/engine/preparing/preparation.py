"""From a recorded traversal to something that can be run: definition, rows, plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from isotherm.core.diagnostics import InvalidDocument
from isotherm.engine.heavy_work import worked_out
from isotherm.engine.leasing.guarded_connection import guarded
from isotherm.engine.leasing.hold import Hold
from isotherm.engine.operations import OPERATIONS, Rule
from isotherm.engine.preparing.definitions import Definer, declared_types, types_in
from isotherm.engine.preparing.errands import errand_of, restored
from isotherm.engine.preparing.kin import Kin
from isotherm.engine.preparing.nested_stacks import Above, StacksBelow
from isotherm.engine.preparing.shared_reads import StandingStacks
from isotherm.engine.preparing.software import SoftwareOfStack
from isotherm.engine.preparing.stack_users import UsersOfStack
from isotherm.engine.preparing.stillness import find_still
from isotherm.engine.preparing.watches import WatchesOfProject
from isotherm.engine.recording.inbox import Inbox
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.starting import Starter
from isotherm.engine.recording.step_times import StepTimes
from isotherm.engine.steps.breakpoints import Breakpoints, Doors
from isotherm.engine.steps.run import Errand, Run
from isotherm.engine.steps.sizes import Sizes
from isotherm.engine.steps.translation import Finder
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.halt import Halt
from isotherm.engine.waiting.patience import Patience
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.registry import Registry
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Plan
from isotherm.ports.bus import Bus
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Operation, Resource, Stack, Traversal
from isotherm.template import ResourceRegistry, StackDefinition


@dataclass(frozen=True, slots=True)
class Prepared:
    run: Run
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Of one traversal of a stack, by whoever holds it."""

    tools: Tools
    cloud: Cloud
    hold: Hold
    stack: Stack
    traversal: Traversal
    bus: Bus
    halt: Halt
    inbox: Inbox

    async def prepare(self) -> Prepared:
        """Plan the traversal from what is recorded now.

        Raises InvalidDocument where the desired side does not hold, RemoteError where the
        owner's delegation cannot be used.
        """
        await self.tools.durations.refresh()
        ledger = await self._ledger()
        rows = list(ledger.rows.values())
        errand = await errand_of(self.tools.store, self.stack, self.traversal, rows)
        api = guarded(await self.cloud.connect(self.stack.credentials), self.hold.tenure)
        definition = await self._definer.define(self.stack, api) if self._desires else None
        ledger.declare(await self._declared(definition))
        types = self.tools.types if definition is None else types_in(definition, self.tools.types)
        breakpoints = await self._breakpoints(ledger, definition)
        desired = await self._desired(definition, types, errand, breakpoints, rows=rows)
        ask = Patience(self.halt, self.tools.settings, self.tools.clock)
        stacks = self._stacks_below(definition, api, errand)
        run = Run(
            tools=self.tools,
            ledger=ledger,
            inbox=self.inbox,
            desired=desired,
            api=api,
            finder=Finder(api, ask),
            types=types,
            stacks=stacks,
            still=partial(find_still, stacks, StandingStacks(self.tools.store)),
            users=UsersOfStack(self.cloud, ledger, self.hold.tenure),
            watches=self._watches(),
            software=self._software(),
            halt=self.halt,
            ask=ask,
            kin=Kin(self._definer, self.stack),
            aftermath=self.hold.aftermath,
            inherited={row.id: row for row in rows},
            holdings=ledger.holdings(types),
            times=StepTimes(self.tools.clock),
            breakpoints=breakpoints,
            errand=errand,
            sizes=Sizes(len(desired.edges) if desired else 0),
        )
        heavy = definition is not None and definition.template.runs_queries
        plan = await worked_out(heavy, self.stack.project_id, self._rule.plan, desired, rows)
        return Prepared(run, plan)

    @property
    def _rule(self) -> Rule:
        return OPERATIONS[self.traversal.operation]

    @property
    def _desires(self) -> bool:
        return self._rule.desires(self.stack)

    @property
    def _definer(self) -> Definer:
        return Definer(self.tools.store, self.cloud, self.tools.types, self.tools.environment)

    async def _ledger(self) -> Ledger:
        tools = self.tools
        rows = await tools.store.resources(self.stack.id)
        ledger = Ledger(tools.store, tools.clock, self.hold.lease, self.stack, rows)
        # Before planning: an update that follows a mark finds the resource marked.
        if self.inbox.may_have_messages:
            await self.inbox.take(ledger)
        return ledger

    async def _declared(self, definition: StackDefinition | None) -> dict[tuple[str, str], str]:
        """What the template calls types that mean others, by resource and type."""
        if definition is not None:
            return declared_types(definition)
        told = await self._definer.types_told(self.stack)
        return {key: declared for key, declared in told.items() if key[1] != declared}

    async def _breakpoints(self, ledger: Ledger, definition: StackDefinition | None) -> Breakpoints:
        registry = await _registry(self._definer, self.stack, definition, self._rule)
        doors = Doors(self.halt, self.inbox, self.tools.settings.poll_seconds)
        return Breakpoints(registry, self._rule.hooks, ledger, doors)

    async def _desired(
        self,
        definition: StackDefinition | None,
        types: Registry,
        errand: Errand,
        breakpoints: Breakpoints,
        *,
        rows: Sequence[Resource],
    ) -> Desired | None:
        if definition is None:
            return None
        rolls_back = self.traversal.operation is Operation.ROLLBACK
        return await worked_out(
            definition.template.runs_queries,
            self.stack.project_id,
            Desired.of,
            definition,
            types,
            nested=self.stack.parent_id is not None,
            restores=restored(errand, definition, types),
            observes=errand.observes,
            renewed_in=None if rolls_back else self.traversal.number,
            held=breakpoints.held(definition.resources),
            rows=rows,
        )

    def _stacks_below(
        self, definition: StackDefinition | None, api: CloudApi, errand: Errand
    ) -> StacksBelow:
        # A visit first ends the adjustment of a group that it has overtaken.
        alone = self.traversal.operation is Operation.ADJUST or self._rule.visit is not None
        above = Above(
            self.stack,
            definition,
            self.traversal.deadline,
            api,
            alone=alone,
            errand=errand,
            stops=self._rule.stops,
        )
        starter = Starter(self.tools.store, self.bus, self.tools.clock)
        return StacksBelow(above, self._definer, starter, self.tools.clock, self.hold.tenure)

    def _watches(self) -> WatchesOfProject:
        tools = self.tools
        return WatchesOfProject(
            tools.store.watches, tools.clock, self.stack.project_id, self.hold.tenure
        )

    def _software(self) -> SoftwareOfStack:
        settings = self.tools.settings
        limits = (settings.most_software_configs, settings.most_software_deployments)
        return SoftwareOfStack(
            self.tools.store.software,
            self.tools.clock,
            self.stack,
            self.hold.tenure,
            limits=limits,
        )


async def _registry(
    definer: Definer, stack: Stack, definition: StackDefinition | None, rule: Rule
) -> ResourceRegistry:
    """What is said about the stack's resources, though nothing of them may be desired."""
    if definition is not None:
        return definition.environment.registry
    if not rule.hooks:
        return ResourceRegistry()
    try:
        return definer.environment_of(stack, await definer.store.source(stack.source_id)).registry
    except InvalidDocument:
        return ResourceRegistry()
