"""How a stack's resources are shown while they change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDE = 112
"""Columns of a terminal that hold names, types and ids side by side."""
_BESIDE_ROWS = 5
"""Lines of a table that are no rows: its title, its heading, its frame."""
_COLOURS = {"COMPLETE": "green", "FAILED": "red", "IN_PROGRESS": "yellow"}


@dataclass
class StackView:
    """What was seen of a stack, as a table or as lines of what is new.

    A resource of a nested stack goes by its place: ``web.server``.
    """

    name: str
    console: Console
    monotonic: Callable[[], float]
    status: str = ""
    reason: str = ""
    begun: float = 0.0
    rows: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    _printed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.begun = self.monotonic()

    @property
    def elapsed(self) -> float:
        return self.monotonic() - self.begun

    @property
    def in_progress(self) -> bool:
        return self.status.endswith("IN_PROGRESS")

    def begin(self) -> None:
        """Count the time from now; what was seen so far is not news."""
        self.begun = self.monotonic()
        self.since.clear()
        self.took.clear()
        self._printed = {name: row["resource_status"] for name, row in self.rows.items()}

    @property
    def progress(self) -> str:
        """How many resources have come to where the action brings them, of how many."""
        action = self.status.partition("_")[0]
        states = [row["resource_status"] for row in self.rows.values()]
        done = sum(state in (f"{action}_COMPLETE", "DELETE_COMPLETE") for state in states)
        return f"{done} of {len(states)}"

    @property
    def failures(self) -> list[tuple[str, str]]:
        """Places of the resources that failed, each with its reason, the innermost first. Those
        that failed for what is inside of them are left out."""
        failed = self._failed()
        told_inside = {
            outer
            for place, reason in failed.items()
            for outer in _outer_places(place)
            if _cause(place, reason) in failed.get(outer, "")
        }
        kept = [(place, reason) for place, reason in failed.items() if place not in told_inside]
        return sorted(kept, key=lambda each: -each[0].count("."))

    @property
    def failed_for_a_resource(self) -> bool:
        """Whether the reason of the stack is one that its resources tell."""
        return any(reason and reason in self.reason for reason in self._failed().values())

    def _failed(self) -> dict[str, str]:
        return {
            place: row.get("resource_status_reason") or ""
            for place, row in self.rows.items()
            if row["resource_status"].endswith("FAILED")
        }

    def see(self, status: str, resources: Sequence[Mapping[str, Any]], reason: str = "") -> None:
        self.status, self.reason = status, reason
        present = dict(_with_places(resources))
        gone = {
            name: {**row, "resource_status": "DELETE_COMPLETE"}
            for name, row in self.rows.items()
            if name not in present
        }
        for name, row in (present | gone).items():
            state = row["resource_status"]
            if self.rows.get(name, {}).get("resource_status") != state:
                self._measure(name, state)
            self.rows[name] = row

    def _measure(self, name: str, state: str) -> None:
        if state.endswith("IN_PROGRESS"):
            self.since[name] = self.elapsed
            self.took.pop(name, None)
        elif name in self.since:
            self.took[name] = self.elapsed - self.since[name]

    def table(self) -> Table:
        """As many columns as the terminal has room for."""
        title = f"stack {self.name}: {self.status}, {self.progress}, after {self.elapsed:.1f} s"
        table = Table(title=title)
        wide = self.console.width >= _WIDE
        for heading in ("resource", "type", "state"):
            table.add_column(heading, no_wrap=True)
        table.add_column("for", justify="right", no_wrap=True)
        if wide:
            table.add_column("physical id", no_wrap=True)
        shown = self._most_telling()
        if hidden := len(self.rows) - len(shown):
            table.caption = f"and {hidden} more"
        for name in shown:
            row = self.rows[name]
            state = row["resource_status"]
            colour = _COLOURS.get(state.partition("_")[2], "white")
            if state.startswith("INIT"):
                colour = "dim"
            cells = [name, row["resource_type"], f"[{colour}]{state}[/]", self._seconds(name)]
            physical_id = row.get("physical_resource_id") or ""
            table.add_row(*cells, *([physical_id] if wide else []))
        return table

    def _most_telling(self) -> list[str]:
        """As many rows as the terminal has room for: if not all, those that failed, then those
        that are on their way, then the rest."""
        room = max(self.console.height - _BESIDE_ROWS, 1)
        if not self.console.is_terminal or len(self.rows) <= room:
            return list(self.rows)
        order = sorted(self.rows, key=lambda name: _urgency(self.rows[name]["resource_status"]))
        return order[: room - 1]

    def print_changes(self) -> None:
        for name, row in self.rows.items():
            self._print_once(name, row["resource_status"], f"{name} ({row['resource_type']})")
        self._print_once("", self.status, f"{self.name} (stack)")

    def _print_once(self, key: str, state: str, what: str) -> None:
        """The key is a resource's name, or nothing for the stack."""
        if self._printed.get(key) != state:
            self._printed[key] = state
            line = f"{self.elapsed:6.1f} s  {state:20}  {what}"
            self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _seconds(self, name: str) -> str:
        """How long a change takes or took; nothing if it was not seen to begin."""
        if name not in self.since:
            return ""
        return f"{self.took.get(name, self.elapsed - self.since[name]):.1f} s"


def _outer_places(place: str) -> Iterator[str]:
    """Where the stacks stand that it is inside of."""
    while "." in place:
        place = place.rpartition(".")[0]
        yield place


def _cause(place: str, reason: str) -> str:
    """What went wrong, without the way to the resource: that is longer outside."""
    return reason.partition(f".{place.rpartition('.')[2]}: ")[2] or reason


def _urgency(state: str) -> int:
    kinds = ("FAILED", "IN_PROGRESS")
    return next((at for at, kind in enumerate(kinds) if state.endswith(kind)), len(kinds))


def _with_places(resources: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """The resources, each with its way down from the stack, whatever their order."""
    above: dict[str, Mapping[str, Any]] = {}
    for each in resources:
        if (nested := _link(each, "nested")) is not None:
            above[nested] = each

    def place(resource: Mapping[str, Any]) -> str:
        name: str = resource["resource_name"]
        parent = above.get(_link(resource, "stack") or "")
        return name if parent is None else f"{place(parent)}.{name}"

    return [(place(each), each) for each in resources]


def _link(resource: Mapping[str, Any], kind: str) -> str | None:
    found = (each["href"] for each in resource.get("links", ()) if each["rel"] == kind)
    return next(found, None)
