"""The plan: steps and what each waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from graphlib import TopologicalSorter

from isotherm.kit.changes import NO_CHANGES, Changes


class Kind(StrEnum):
    """What a step does, as far as it is known before anything has run."""

    CREATE = "create"
    FINISH = "finish"  # a create that was begun by an earlier owner or traversal
    UPDATE = "update"
    REPLACE = "replace"
    REVERT = "revert"  # an older object of the same name becomes current again
    KEEP = "keep"
    UNDECIDED = "undecided"  # keep, update or replace: inputs are known only later
    DELETE = "delete"
    CLEAN_UP = "clean up"  # delete, if by then the row is a leftover
    TIDY = "tidy"  # remove what a nested stack has kept so far, and would not have any more
    SEE_OUT = "see out"  # bring to an end what is under way
    REMEDY = "remedy"  # what somebody has ordered to be done with it
    CHECK = "check"  # look whether the object is there and sound
    SUSPEND = "suspend"
    RESUME = "resume"
    SNAPSHOT = "snapshot"
    ADJUST = "adjust"  # to the size that a signal asked for


REMOVALS = frozenset({Kind.DELETE, Kind.CLEAN_UP})
LAST = REMOVALS | {Kind.TIDY}
"""What destroys something: it begins when every other step of the whole tree has succeeded."""


_OPEN = frozenset({Kind.KEEP, Kind.UPDATE, Kind.REPLACE, Kind.REVERT})
_REFINEMENTS: Mapping[Kind, frozenset[Kind]] = {
    # Whether an older object is what is wanted may be known only now.
    Kind.CREATE: frozenset({Kind.CREATE, Kind.REVERT}),
    Kind.REPLACE: frozenset({Kind.REPLACE, Kind.REVERT}),
    # A nested stack that an earlier owner has brought there already.
    Kind.UPDATE: frozenset({Kind.UPDATE, Kind.KEEP}),
    # Finished first, and then whatever is left to do.
    Kind.FINISH: _OPEN | {Kind.FINISH, Kind.CREATE},
    Kind.UNDECIDED: _OPEN,
}


def refines(decided: Kind, planned: Kind) -> bool:
    """Whether a decision keeps what the plan had promised."""
    return decided in _REFINEMENTS.get(planned, {planned})


@dataclass(frozen=True, slots=True)
class Step:
    """One node. ``row`` is the recorded row it starts from, if there is one.

    ``unknown`` names the properties whose values are known only after earlier steps,
    ``reason`` says why something is replaced or undecided.
    """

    key: str
    kind: Kind
    name: str
    type: str
    after: frozenset[str] = frozenset()
    row: str | None = None
    changes: Changes = NO_CHANGES
    unknown: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """Steps by key, in an order in which they could run one by one: removals last."""

    steps: Mapping[str, Step]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps.values())

    def __len__(self) -> int:
        return len(self.steps)

    @cached_property
    def dependants(self) -> Mapping[str, tuple[str, ...]]:
        """For each step the steps that wait for it."""
        waiting: dict[str, list[str]] = {key: [] for key in self.steps}
        for step in self:
            for earlier in step.after:
                waiting[earlier].append(step.key)
        return {key: tuple(each) for key, each in waiting.items()}

    @property
    def making(self) -> Plan:
        """The part that destroys nothing."""
        return Plan({step.key: step for step in self if step.kind not in LAST})

    def describe(self) -> str:
        """The plan as stable text, one line a step."""
        return "\n".join(_line(step) for step in self)


def removal_key(row_id: str) -> str:
    """The key of the step that removes a row; a desired step's key is its name."""
    return f"remove {row_id}"


def ordered(steps: Iterable[Step]) -> Plan:
    """A plan of the steps, sorted so that each comes after what it waits for, what destroys
    something after everything else.

    Ties keep the order in which the steps were given, so equal input gives an equal
    plan. Raises ``graphlib.CycleError`` if the steps go round in a circle.
    """
    parts: tuple[list[Step], list[Step]] = ([], [])
    for step in steps:
        parts[step.kind in LAST].append(step)
    return Plan({**_sorted(parts[False]), **_sorted(parts[True])})


def _sorted(steps: Iterable[Step]) -> dict[str, Step]:
    given = {step.key: step for step in steps}
    if not any(step.after for step in given.values()):
        return given
    position = {key: index for index, key in enumerate(given)}
    sorter = TopologicalSorter({step.key: sorted(step.after) for step in given.values()})
    sorter.prepare()
    result: dict[str, Step] = {}
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=position.__getitem__)
        for key in ready:
            result[key] = given[key]
        sorter.done(*ready)
    return result


def _line(step: Step) -> str:
    parts = [f"{step.kind:9} {step.key} ({step.type})"]
    if step.changes:
        parts.append(f"changes {', '.join(sorted(step.changes))}")
    if step.unknown:
        parts.append(f"known later: {', '.join(sorted(step.unknown))}")
    if step.reason:
        parts.append(step.reason)
    if step.after:
        parts.append(f"after {', '.join(sorted(step.after))}")
    return "; ".join(parts)
