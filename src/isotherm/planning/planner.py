"""Makes the plan that leads from the recorded rows to a desired template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from graphlib import CycleError, TopologicalSorter

from isotherm.core.diagnostics import Diagnostic, InvalidDocument
from isotherm.core.states import Status
from isotherm.core.values import Unknown, Value
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import AnyType
from isotherm.planning.attributes_needed import changes_by_itself
from isotherm.planning.decision import Decision, decide
from isotherm.planning.desired import Desired
from isotherm.planning.diff import sealed_otherwise
from isotherm.planning.links import links_of
from isotherm.planning.plan import Kind, Plan, Step, ordered
from isotherm.planning.recorded import Recorded
from isotherm.planning.removal import foreseen_removals
from isotherm.planning.replacement import current_rows, row_to_revert_to


def make_plan(stack: Desired, rows: Sequence[Recorded]) -> Plan:
    """The steps that make the stack what is desired, removals included.

    Raises ``InvalidDocument`` where values that are known already do not fit.
    """
    definition, types, edges = stack.definition, stack.types, stack.edges
    current = current_rows(rows)
    of_name: defaultdict[str, list[Recorded]] = defaultdict(list)
    for each in rows:
        of_name[each.name].append(each)
    scope = PlannedScope(current, types)
    decisions: dict[str, Step] = {}
    resealed: set[str] = set()
    for name in _in_order(edges):
        resource = definition.resources[name]
        wanted = stack.want(name, scope)
        row = current.get(name)
        decision = decide(types[resource.type], row, wanted)
        older = row_to_revert_to(of_name[name], decision, wanted, types)
        if older is not None:
            decision = Decision(Kind.REVERT, reason="the object it had before is still there")
        if stack.observes and is_observed(types[resource.type], row):
            decision = _when_observed(decision)
        if decision.kind is Kind.KEEP and name in stack.restores:
            decision = Decision(Kind.UPDATE, reason="a copy of its object is put back")
        scope.decided[name] = decision.kind
        kept = row if decision.kind is Kind.KEEP else None
        if kept is not None and sealed_otherwise(kept, wanted.properties, wanted.metadata):
            resealed.add(name)
        decisions[name] = Step(
            key=name,
            kind=decision.kind,
            name=name,
            type=resource.type,
            after=edges[name],
            row=older.id if older is not None else row.id if row else None,
            changes=decision.changes,
            unknown=decision.unknown,
            reason=decision.reason,
        )
    looked_at = {
        name
        for name, row in current.items()
        if must_look(types.get(row.type), row, stack.passed_on.get(name, frozenset()))
    }
    affected = _affected(stack, decisions, current, resealed | looked_at | stack.held)
    kept_out = {name for name in decisions if name not in affected}
    desired = [_without(step, kept_out) for name, step in decisions.items() if name not in kept_out]
    return ordered([*desired, *foreseen_removals(desired, edges.keys(), rows)])


def is_observed(resource_type: AnyType, row: Recorded | None) -> bool:
    """Whether there is an object that can be compared with what is wanted."""
    if row is None or row.external or row.physical_id is None:
        return False
    return not (resource_type.effectless or resource_type.nests)


def _when_observed(decision: Decision) -> Decision:
    if decision.kind not in (Kind.KEEP, Kind.UPDATE):
        return decision
    return replace(decision, kind=Kind.UNDECIDED, reason="it is looked at first")


def must_look(resource_type: AnyType | None, row: Recorded, passed_on: frozenset[str]) -> bool:
    """Whether a resource is looked at though nothing about it is to be changed: somebody may
    have cut its link, or what others read of it changes by itself."""
    if resource_type is None or row.external:
        return False
    reads = any(changes_by_itself(resource_type, attribute) for attribute in passed_on)
    return reads or bool(links_of(resource_type, row))


def _in_order(edges: Mapping[str, frozenset[str]]) -> list[str]:
    """Names, each after all it waits for. Raises ``InvalidDocument`` where they go in a circle."""
    sorter = TopologicalSorter({name: sorted(earlier) for name, earlier in edges.items()})
    try:
        return list(sorter.static_order())
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise InvalidDocument([Diagnostic(f"Circular Dependency Found: {circle}")]) from None


def make_stopping_plan(rows: Sequence[Recorded]) -> Plan:
    """One step for every row that something is under way with; none waits for another."""
    return ordered(
        Step(row.id, Kind.SEE_OUT, row.name, row.type, row=row.id)
        for row in rows
        if row.status is Status.IN_PROGRESS
    )


def make_remedy_plan(rows: Sequence[Recorded]) -> Plan:
    """One step for each of the rows; none waits for another."""
    return ordered(Step(row.id, Kind.REMEDY, row.name, row.type, row=row.id) for row in rows)


class Order(Enum):
    """In which order the rows of a stack are visited."""

    AT_ONCE = "at once"
    AS_MADE = "what others depend on first"
    AGAINST = "what depends on others first"


def make_check_plan(rows: Sequence[Recorded], desired: Mapping[str, str]) -> Plan:
    """One step for every current row, and for every desired name (with its type) without one:
    what was never made is not as it should be."""
    there = {row.name for row in rows if row.current}
    missing = [
        Step(name, Kind.CHECK, name, of) for name, of in desired.items() if name not in there
    ]
    return ordered([*make_visit_plan(rows, Kind.CHECK), *missing])


def make_visit_plan(rows: Sequence[Recorded], kind: Kind, order: Order = Order.AT_ONCE) -> Plan:
    """One step of ``kind`` for every current row."""
    current = {row.id: row for row in rows if row.current}
    after: defaultdict[str, set[str]] = defaultdict(set)
    for row in current.values() if order is not Order.AT_ONCE else ():
        for each in row.dependencies:
            if earlier := current.get(each):
                first, then = (earlier, row) if order is Order.AS_MADE else (row, earlier)
                after[then.name].add(first.name)
    return ordered(
        Step(row.name, kind, row.name, row.type, frozenset(after[row.name]), row=row.id)
        for row in current.values()
    )


class PlannedScope:
    """Knows what recorded rows tell, as long as no step before changes them."""

    def __init__(self, current: Mapping[str, Recorded], types: Registry) -> None:
        self._current = current
        self._types = types
        self.decided: dict[str, Kind] = {}

    def reference(self, resource: str) -> Value:
        decided = self.decided.get(resource)
        known = self._current[resource].reference if resource in self._current else None
        # What failed before it had a reference gets one when it is mended.
        if decided is Kind.KEEP or (decided is Kind.UPDATE and known is not None):
            return known
        return Unknown(resource)

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        kept = self.decided.get(resource) is Kind.KEEP
        if kept and not changes_by_itself(self._types[self._current[resource].type], name):
            row = self._current[resource]
            if not name:
                return dict(row.attributes)
            with suppress(LookupError):
                return self._types[row.type].read(row.attributes, name, steps)
        return Unknown(resource)


def _affected(
    stack: Desired,
    decisions: Mapping[str, Step],
    current: Mapping[str, Recorded],
    open_questions: Collection[str],
) -> set[str]:
    """Steps that do something, or that may have to because an earlier one does."""
    # What was let go of stays among the dependencies until it is removed.
    present = {row.id for row in current.values()}
    affected: set[str] = set()
    for name, step in decisions.items():
        row = current.get(name)
        settled = (
            step.kind is Kind.KEEP
            and row is not None
            and not row.gave_way
            and name not in open_questions
            and stack.needed.get(name, frozenset()) - {""} <= row.attributes.keys()
            and row.deletion_policy is stack.definition.resources[name].deletion_policy
            and _row_ids(step.after, current) == present & set(row.dependencies)
        )
        if not settled or not affected.isdisjoint(step.after):
            affected.add(name)
    return affected


def _row_ids(names: Iterable[str], current: Mapping[str, Recorded]) -> set[str]:
    return {current[name].id if name in current else "" for name in names}


def _without(step: Step, settled: set[str]) -> Step:
    """The step without waiting for steps that have nothing to do."""
    return replace(step, after=step.after - settled) if step.after & settled else step
