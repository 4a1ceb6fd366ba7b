"""Tell how an operation on a stack went: what each step waited for, and what all waited for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isotherm.core.errors import NotFound
from isotherm.core.ids import StackId
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Report, Stack, StepReport
from isotherm.ports.store import StackQuery
from isotherm.usecases.access import stack_of
from isotherm.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Timeline:
    """``critical`` are the steps that made the operation take as long as it did, in order: each
    was the last that the next one waited for. ``below`` are the resources whose stacks took part
    in the operation; ``nested`` are the timelines of these stacks, as deep as was asked for:
    several of a stack where a group changed its members in batches."""

    stack: Stack
    report: Report
    critical: Sequence[StepReport]
    below: Sequence[str] = ()
    nested: Mapping[str, Sequence[Timeline]] = field(default_factory=dict)


async def show_timeline(
    services: Services,
    caller: Caller,
    stack_identity: tuple[str, str],
    *,
    number: int | None = None,
    nested_depth: int = 0,
) -> Timeline:
    """Of the traversal with the number, by default of the newest that has ended.

    Raises EntityNotFound; NotFound where nothing has ended yet, or that is too long ago.
    """
    stack = await stack_of(services, caller, *stack_identity)
    report = await services.store.report(StackId(stack.id), number)
    if report is None:
        which = "no operation" if number is None else f"no operation {number}"
        raise NotFound(f"Of stack {stack.name} {which} has a report.")
    return await _timeline(services, stack, report, nested_depth)


def critical_path(steps: Sequence[StepReport]) -> list[StepReport]:
    """From the step that ended last back to one that waited for nothing; in order."""
    by_key = {step.key: step for step in steps}
    path: dict[str, StepReport] = {}
    last = max(steps, key=_end, default=None)
    while last is not None and last.key not in path:
        path[last.key] = last
        before = (by_key[key] for key in last.after if key in by_key)
        last = max(before, key=_end, default=None)
    return [*reversed(path.values())]


def _end(step: StepReport) -> float:
    return step.ended


async def _timeline(services: Services, stack: Stack, report: Report, depth: int) -> Timeline:
    below = await _below(services, stack, report)
    nested = {
        name: [await _timeline(services, child, each, depth - 1) for each in of]
        for name, (child, of) in (below.items() if depth > 0 else ())
    }
    return Timeline(stack, report, critical_path(report.steps), sorted(below), nested)


async def _below(
    services: Services, stack: Stack, report: Report
) -> dict[str, tuple[Stack, Sequence[Report]]]:
    """The stacks of its resources with what each did in the operation, in order. What went on
    there by itself, at another time, is no part of it."""
    every = StackQuery(filters={"parent_id": [stack.id]}, show_deleted=True, show_nested=True)
    children = await services.store.stacks(every)
    # Where one has taken the place of another, both go by the same name: the one that stays.
    children.sort(key=lambda each: each.deleted_at is None)
    ids = [each.id for each in children]
    found = await services.store.reports_of(ids, report.asked_at, report.ended_at) if ids else []
    of: dict[str, list[Report]] = {}
    for each in found:
        of.setdefault(each.stack_id, []).append(each)
    return {
        child.parent_resource or child.name: (child, of[child.id])
        for child in children
        if child.id in of
    }
