"""Tell how an operation on a stack went: what each step waited for, and what all waited for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isotherm.core.errors import NotFound
from isotherm.core.ids import StackId
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Report, Stack, StepReport
from isotherm.usecases.access import stack_of
from isotherm.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Timeline:
    """``critical`` are the steps that made the operation take as long as it did, in order: each
    was the last that the next one waited for. ``nested`` are the timelines of stacks below, by
    the resource that the stack is."""

    stack: Stack
    report: Report
    critical: Sequence[StepReport]
    nested: Mapping[str, Timeline] = field(default_factory=dict)


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
    nested: dict[str, Timeline] = {}
    for child in await services.store.children(stack.id) if depth > 0 else ():
        below = await services.store.report(StackId(child.id))
        # What went on there by itself, at another time, is no part of this operation.
        if below is not None and report.asked_at <= below.asked_at <= report.ended_at:
            timeline = await _timeline(services, child, below, depth - 1)
            nested[child.parent_resource or child.name] = timeline
    return Timeline(stack, report, critical_path(report.steps), nested)
