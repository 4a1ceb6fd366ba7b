"""Handler of timelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.api.native.call import Call
from isotherm.api.native.views import time_text
from isotherm.ports.records import StepReport
from isotherm.usecases.stacks.timeline import Timeline, show_timeline


async def show(call: Call) -> dict[str, Any]:
    found = await show_timeline(
        call.services,
        call.caller,
        call.stack,
        number=call.query.number("operation"),
        nested_depth=call.query.number("nested_depth") or 0,
    )
    return {"timeline": _timeline(found)}


def _timeline(found: Timeline) -> dict[str, Any]:
    stack, report = found.stack, found.report
    names = {step.key: step.resource for step in report.steps}
    return {
        "stack_name": stack.name,
        "stack_id": stack.id,
        "operation": report.number,
        "action": report.operation.value,
        "asked_at": time_text(report.asked_at),
        "begun_at": time_text(report.begun_at),
        "ended_at": time_text(report.ended_at),
        "seconds": _rounded((report.ended_at - report.begun_at).total_seconds()),
        "critical_path": [_step(each, names) for each in found.critical],
        "steps": [_step(each, names) for each in sorted(report.steps, key=lambda each: each.begun)],
        "stacks_below": list(found.below),
        "nested": {name: [*map(_timeline, each)] for name, each in found.nested.items()},
    }


def _step(step: StepReport, names: Mapping[str, str]) -> dict[str, Any]:
    """``ready``, ``begun`` and ``ended`` are seconds since the operation was begun; it waited for
    other resources until it was ready, and then for its turn."""
    return {
        "resource_name": step.resource,
        "resource_type": step.type,
        "step": step.kind,
        "outcome": step.outcome,
        "waited_for": sorted({names[key] for key in step.after if key in names}),
        "ready": _rounded(step.ready),
        "begun": _rounded(step.begun),
        "ended": _rounded(step.ended),
        "seconds": _rounded(step.ended - step.begun),
    }


def _rounded(seconds: float) -> float:
    return round(seconds, 3)
