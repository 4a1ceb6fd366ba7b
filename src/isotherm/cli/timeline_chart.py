"""A timeline as lines of text: a bar for each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

_FEW = 30
"""Steps that are shown where not all are wanted: the critical path, then the longest."""
_WIDEST_NAME = 32
_NARROWEST_BAR = 20
_NAMES = 5
_TURN, _WORK = "·", "━"
_LEGEND = f"{_WORK} at work   {_TURN} ready, and waiting for its turn   * on the critical path"

Step = Mapping[str, Any]
Timeline = Mapping[str, Any]


def chart(timeline: Timeline, width: int, *, everything: bool = False) -> Iterator[Text]:
    """Lines of about so many characters, those of nested stacks after their stack's, named by the
    way down to them."""
    yield from _charts(timeline, "", width, everything)
    if timeline["steps"]:
        yield Text(_LEGEND, style="dim")


def _charts(timeline: Timeline, place: str, width: int, everything: bool) -> Iterator[Text]:
    yield from _head(timeline, place)
    yield from _bars(timeline, width, everything)
    for name, below in sorted(timeline["nested"].items()):
        for each in below:
            yield Text("")
            yield from _charts(each, f"{place}/{name}" if place else name, width, everything)


def _head(timeline: Timeline, place: str) -> Iterator[Text]:
    seconds = timeline["seconds"]
    operation = f"{timeline['action']} (operation {timeline['operation']})"
    stack = f"stack {timeline['stack_name']}: {operation}, {_seconds(seconds)}"
    yield Text(f"{place}: {stack}" if place else stack, style="bold")
    path = timeline["critical_path"]
    if not path:
        yield Text("nothing had to be done")
        return
    spent = sum(step["seconds"] for step in path)
    ways = " → ".join(f"{step['resource_name']} {_seconds(step['seconds'])}" for step in path)
    yield Text(f"critical path, at work for {_seconds(spent)}: {ways}")
    if not place and len(way := _way_down(timeline)) > 1:
        names = "/".join(step["resource_name"] for step in way)
        yield Text(f"the longest of it, inside: {names} {_seconds(way[-1]['seconds'])}")


def _way_down(timeline: Timeline) -> list[Step]:
    """The longest step of the critical path, then that of the stack that it was, and so on."""
    longest = max(timeline["critical_path"], key=lambda step: step["seconds"], default=None)
    if longest is None:
        return []
    below = timeline["nested"].get(longest["resource_name"], ())
    slowest = max(below, key=lambda each: each["seconds"], default=None)
    return [longest, *(_way_down(slowest) if slowest else ())]


def _bars(timeline: Timeline, width: int, everything: bool) -> Iterator[Text]:
    critical = {_identity(step) for step in timeline["critical_path"]}
    shown = _shown(timeline["steps"], critical, everything)
    if not shown:
        return
    labels = [_label(step, critical) for step in shown]
    widest = max(map(len, labels))
    room = max(width - widest - len("  9999.9 s  "), _NARROWEST_BAR)
    whole = max([timeline["seconds"], *(step["ended"] for step in shown)]) or 1.0
    for step, label in zip(shown, labels, strict=True):
        is_critical = _identity(step) in critical
        bar = (_bar(step, room / whole, room), "bold red" if is_critical else "")
        yield Text.assemble(f"{label:<{widest}}  ", bar, f"  {_seconds(step['seconds'])}")
        if step["waited_for"] and is_critical:
            yield Text(f"{'':<{widest}}  {_waited(step)}", style="dim")
    if hidden := len(timeline["steps"]) - len(shown):
        yield Text(f"and {hidden} more steps (--all)", style="dim")


def _waited(step: Step) -> str:
    names, more = step["waited_for"][:_NAMES], len(step["waited_for"]) - _NAMES
    rest = f" and {more} more" if more > 0 else ""
    return f"waited {_seconds(step['ready'])} for {', '.join(names)}{rest}"


def _shown(steps: Sequence[Step], critical: set[Any], everything: bool) -> list[Step]:
    if everything or len(steps) <= _FEW:
        return list(steps)
    first = sorted(steps, key=lambda step: (_identity(step) not in critical, -step["seconds"]))
    wanted = {_identity(step) for step in first[: max(_FEW, len(critical))]}
    return [step for step in steps if _identity(step) in wanted]


def _label(step: Step, critical: set[Any]) -> str:
    name = step["resource_name"]
    short = name if len(name) <= _WIDEST_NAME else f"{name[: _WIDEST_NAME - 1]}…"
    return f"{'*' if _identity(step) in critical else ' '} {short} {step['step']}"


def _bar(step: Step, scale: float, room: int) -> str:
    ready, begun, ended = (
        min(round(step[name] * scale), room) for name in ("ready", "begun", "ended")
    )
    turn, work = max(begun - ready, 0), max(ended - begun, 1)
    return f"{' ' * min(ready, room - 1)}{_TURN * turn}{_WORK * work}".ljust(room)[:room]


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"


def _identity(step: Step) -> Any:
    return step["resource_name"], step["step"], step["begun"]
