"""The operations on a stack, as one table: what each does, and how it differs from the others.

A new operation is a row of ``OPERATIONS``, its triggers in ``transitions``, and, where it calls
a verb of its own on every resource, a ``Kind`` of step.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from isotherm.core.states import Action, Status
from isotherm.engine.transitions import Trigger
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Outcome
from isotherm.kit.resource_type import AnyType
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Kind, Plan
from isotherm.planning.planner import (
    Order,
    make_check_plan,
    make_plan,
    make_remedy_plan,
    make_stopping_plan,
    make_visit_plan,
)
from isotherm.planning.removal import make_removal_plan
from isotherm.ports.records import Operation, Resource, Stack

PlanMaker = Callable[[Desired | None, Sequence[Resource]], Plan]


@dataclass(frozen=True, slots=True)
class Visit:
    """A verb that is called on what is there, whatever the template says. ``kind`` is the kind
    of its steps; ``begin`` is the row's transition before the call. ``looks``: the object as it
    is found tells the row's attributes. ``spares``: what is in no state for it, or was never
    made, stays as it is, and nothing is wrong with that."""

    kind: Kind
    verb: Callable[[AnyType, Context[Any]], Awaitable[Outcome]]
    begin: Trigger
    looks: bool = False
    spares: bool = False


class Discarding(Enum):
    NONE = "none"
    UNWANTED = "those that users want to be rid of"
    ALL = "all of the stack"


@dataclass(frozen=True, slots=True)
class Rule:
    """One operation.

    ``begin``: the stack's transition when it starts; ``transitions.ENDS`` has how it ends. None
    where the stack stays in the state it is in; then ``fail`` is how its failure is told;
    None: by the resources alone.
    ``plan``: how its plan is made; what is desired is None where everything is to go.
    ``desires``: whether the stack is to be anything at all afterwards.
    ``visit``: the verb that it calls on every row; None where rows are brought to what is desired.
    ``goes_on``: after a failure, what does not wait for the failed step is still started.
    ``cleans_up``: when its plan is done, what is recorded and not desired is removed.
    ``settles_source``: its success makes the present source the one a roll-back returns to.
    ``stops``: it only brings to an end what another operation has begun, here and in the stacks
    below; that one has failed.
    ``lets_go``: it waits for nothing that is under way, and needs no cloud.
    ``remedies``: it only does what somebody has ordered for single resources.
    ``hooks``: at which hooks its steps wait, those of this verb.
    ``rolls_back``: its failure is rolled back, if the stack wants that.
    ``adopts``: what is not there is not made, but taken over.
    ``discards``: the snapshots that it removes first.
    """

    begin: Trigger | None
    plan: PlanMaker
    fail: Trigger | None = None
    desires: Callable[[Stack], bool] = lambda stack: True
    visit: Visit | None = None
    goes_on: bool = False
    cleans_up: bool = False
    settles_source: bool = False
    stops: bool = False
    lets_go: bool = False
    remedies: bool = False
    hooks: str = ""
    rolls_back: bool = False
    adopts: bool = False
    discards: Discarding = Discarding.NONE

    @property
    def unseen(self) -> bool:
        """Whether it shows in resources alone, however it ends."""
        return self.begin is None and self.fail is None and not self.stops


def _converge(desired: Desired | None, rows: Sequence[Resource]) -> Plan:
    return make_removal_plan(rows) if desired is None else make_plan(desired, rows)


def _check_all(desired: Desired | None, rows: Sequence[Resource]) -> Plan:
    names = desired.definition.resources if desired is not None else {}
    return make_check_plan(rows, {name: each.type for name, each in names.items()})


def _visit_all(kind: Kind, order: Order = Order.AT_ONCE) -> PlanMaker:
    return lambda desired, rows: make_visit_plan(rows, kind, order)


ADJUST = "adjust"
"""The stage of rows whose objects a signal has given another size."""


def _adjust_signalled(desired: object, rows: Sequence[Resource]) -> Plan:
    """Those that are to begin, and those in the middle of it: an adjustment begins only when
    nothing else is under way."""
    under_way = (Action.UPDATE, Status.IN_PROGRESS)
    wanted = [r for r in rows if r.stage == ADJUST or (r.action, r.status) == under_way]
    return make_visit_plan(wanted, Kind.ADJUST)


def _nothing(*_: object) -> Plan:
    return Plan({})


OPERATIONS: Mapping[Operation, Rule] = {
    Operation.CREATE: Rule(
        begin=Trigger.BEGIN_CREATE,
        plan=_converge,
        cleans_up=True,
        settles_source=True,
        rolls_back=True,
        hooks="create",
    ),
    Operation.UPDATE: Rule(
        begin=Trigger.BEGIN_UPDATE,
        plan=_converge,
        cleans_up=True,
        settles_source=True,
        rolls_back=True,
        hooks="update",
    ),
    Operation.ROLLBACK: Rule(
        begin=Trigger.BEGIN_ROLLBACK,
        plan=_converge,
        # After a first create there is nothing to return to but nothing.
        desires=lambda stack: stack.previous_source_id is not None,
        cleans_up=True,
        settles_source=True,
        hooks="update",
    ),
    Operation.DELETE: Rule(
        begin=Trigger.BEGIN_DELETE,
        plan=_converge,
        desires=lambda stack: False,
        goes_on=True,
        hooks="delete",
        discards=Discarding.ALL,
    ),
    Operation.CHECK: Rule(
        begin=Trigger.BEGIN_CHECK,
        plan=_check_all,
        visit=Visit(Kind.CHECK, lambda of, ctx: of.check(ctx), Trigger.BEGIN_CHECK, looks=True),
        goes_on=True,
    ),
    Operation.SUSPEND: Rule(
        begin=Trigger.BEGIN_SUSPEND,
        plan=_visit_all(Kind.SUSPEND, Order.AGAINST),
        visit=Visit(Kind.SUSPEND, lambda of, ctx: of.suspend(ctx), Trigger.BEGIN_SUSPEND),
    ),
    Operation.RESUME: Rule(
        begin=Trigger.BEGIN_RESUME,
        plan=_visit_all(Kind.RESUME, Order.AS_MADE),
        visit=Visit(Kind.RESUME, lambda of, ctx: of.resume(ctx), Trigger.BEGIN_RESUME),
    ),
    Operation.SNAPSHOT: Rule(
        begin=Trigger.BEGIN_SNAPSHOT,
        plan=_visit_all(Kind.SNAPSHOT),
        visit=Visit(
            Kind.SNAPSHOT, lambda of, ctx: of.snapshot(ctx), Trigger.BEGIN_SNAPSHOT, spares=True
        ),
    ),
    Operation.RESTORE: Rule(
        begin=Trigger.BEGIN_RESTORE,
        plan=_converge,
        cleans_up=True,
        settles_source=True,
        rolls_back=True,
        hooks="update",
    ),
    Operation.ADOPT: Rule(
        begin=Trigger.BEGIN_ADOPT,
        plan=_converge,
        cleans_up=True,
        settles_source=True,
        rolls_back=True,
        adopts=True,
    ),
    Operation.DISCARD: Rule(
        begin=None,
        plan=_nothing,
        desires=lambda stack: False,
        discards=Discarding.UNWANTED,
    ),
    Operation.ADJUST: Rule(
        begin=None,
        plan=_adjust_signalled,
        visit=Visit(Kind.ADJUST, lambda of, ctx: of.adjust(ctx), Trigger.BEGIN_UPDATE, looks=True),
        goes_on=True,
    ),
    Operation.TIDY: Rule(
        begin=None,
        plan=_nothing,
        fail=Trigger.TIDYING_FAILED,
        cleans_up=True,
    ),
    Operation.REMEDY: Rule(
        begin=None,
        plan=lambda desired, rows: make_remedy_plan([row for row in rows if row.remedy]),
        goes_on=True,
        remedies=True,
    ),
    Operation.RELEASE: Rule(
        begin=None,
        plan=_nothing,
        stops=True,
        lets_go=True,
    ),
    Operation.STOP: Rule(
        begin=None,
        plan=lambda desired, rows: make_stopping_plan(rows),
        goes_on=True,
        stops=True,
    ),
}

VISITS: Mapping[Kind, Visit] = {
    rule.visit.kind: rule.visit for rule in OPERATIONS.values() if rule.visit is not None
}
"""By the kind of their steps."""
