"""From a recorded traversal to something that can be run: definition, rows, plan."""

from __future__ import annotations

from dataclasses import dataclass

from isotherm.core.diagnostics import InvalidDocument
from isotherm.engine.heavy_work import worked_out
from isotherm.engine.leasing.guarded_connection import guarded
from isotherm.engine.leasing.hold import Hold
from isotherm.engine.operations import OPERATIONS, Rule
from isotherm.engine.preparing.definitions import Definer, types_in
from isotherm.engine.preparing.errands import errand_of, restored
from isotherm.engine.preparing.kin import Kin
from isotherm.engine.preparing.nested_stacks import Above, StacksBelow
from isotherm.engine.preparing.software import SoftwareOfStack
from isotherm.engine.preparing.stack_users import UsersOfStack
from isotherm.engine.preparing.watches import WatchesOfProject
from isotherm.engine.recording.inbox import Inbox
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.starting import Starter
from isotherm.engine.recording.step_times import StepTimes
from isotherm.engine.steps.breakpoints import Breakpoints, Doors
from isotherm.engine.steps.run import Run
from isotherm.engine.steps.sizes import Sizes
from isotherm.engine.steps.translation import Finder
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.halt import Halt
from isotherm.engine.waiting.patience import Patience
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Plan
from isotherm.ports.bus import Bus
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Operation, Stack, Traversal
from isotherm.template import ResourceRegistry, StackDefinition


@dataclass(frozen=True, slots=True)
class Prepared:
    run: Run
    plan: Plan


async def prepare(
    tools: Tools,
    cloud: Cloud,
    hold: Hold,
    stack: Stack,
    traversal: Traversal,
    *,
    bus: Bus,
    halt: Halt,
    inbox: Inbox,
) -> Prepared:
    """Plan the traversal from what is recorded now.

    Raises InvalidDocument where the desired side does not hold, RemoteError where the
    owner's delegation cannot be used.
    """
    await tools.durations.refresh()
    ledger = Ledger(
        tools.store, tools.clock, hold.lease, stack, await tools.store.resources(stack.id)
    )
    # Before planning: an update that follows a mark finds the resource marked.
    if inbox.may_have_messages:
        await inbox.take(ledger)
    rows = list(ledger.rows.values())
    errand = await errand_of(tools.store, stack, traversal, rows)
    api = guarded(await cloud.connect(stack.credentials), hold.tenure)
    definition, heavy = None, False
    definer = Definer(tools.store, cloud, tools.types, tools.environment)
    rule = OPERATIONS[traversal.operation]
    if rule.desires(stack):
        definition = await definer.define(stack, api)
    types = tools.types if definition is None else types_in(definition, tools.types)
    breakpoints = Breakpoints(
        await _registry(definer, stack, definition, rule),
        rule.hooks,
        ledger,
        Doors(halt, inbox, tools.settings.poll_seconds),
    )
    desired = None
    if definition is not None:
        heavy = definition.template.runs_queries
        desired = await worked_out(
            heavy,
            stack.project_id,
            Desired.of,
            definition,
            types,
            nested=stack.parent_id is not None,
            restores=restored(errand, definition, types),
            observes=errand.observes,
            renewed_in=None if traversal.operation is Operation.ROLLBACK else traversal.number,
            held=breakpoints.held(definition.resources),
        )
    ask = Patience(halt, tools.settings, tools.clock)
    run = Run(
        tools=tools,
        ledger=ledger,
        inbox=inbox,
        desired=desired,
        api=api,
        finder=Finder(api, ask),
        types=types,
        stacks=StacksBelow(
            Above(
                stack,
                definition,
                traversal.deadline,
                api,
                alone=traversal.operation is Operation.ADJUST,
                errand=errand,
            ),
            definer,
            Starter(tools.store, bus, tools.clock),
            tools.clock,
            hold.tenure,
        ),
        users=UsersOfStack(cloud, ledger, hold.tenure),
        watches=WatchesOfProject(tools.store.watches, tools.clock, stack.project_id, hold.tenure),
        software=SoftwareOfStack(
            tools.store.software,
            stack.project_id,
            hold.tenure,
            (tools.settings.most_software_configs, tools.settings.most_software_deployments),
        ),
        halt=halt,
        ask=ask,
        kin=Kin(definer, stack),
        aftermath=hold.aftermath,
        inherited={row.id: row for row in rows},
        holdings=ledger.holdings(types),
        times=StepTimes(tools.clock),
        breakpoints=breakpoints,
        errand=errand,
        sizes=Sizes(len(desired.edges) if desired else 0),
    )
    plan = await worked_out(heavy, stack.project_id, rule.plan, desired, rows)
    return Prepared(run, plan)


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
