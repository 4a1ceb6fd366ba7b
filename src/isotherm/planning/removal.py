"""Removal steps: dependants first, and all of them after everything that makes something.

Whatever goes wrong, or is called off, while something is still being made: what was there
before is there, and a roll-back finds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from isotherm.planning.plan import Kind, Plan, Step, ordered, removal_key
from isotherm.planning.recorded import Recorded

_MAY_LEAVE_ITS_ROW = frozenset({Kind.REPLACE, Kind.UNDECIDED, Kind.REVERT, Kind.FINISH})


def make_removal_plan(rows: Sequence[Recorded]) -> Plan:
    """The steps that remove every row of a stack."""
    return ordered(_in_order({row.id: Kind.DELETE for row in rows}, rows))


def make_clean_up_plan(
    rows: Sequence[Recorded], desired: Collection[str], untidy: Collection[str]
) -> Plan:
    """What follows when everything desired is there: remove the rows that nobody wants.

    ``desired`` are names, ``untidy`` the ids of nested stacks that have kept something.
    """
    kinds: dict[str, Kind] = {}
    for row in rows:
        if not (row.current and row.name in desired):
            kinds[row.id] = Kind.DELETE
        elif row.physical_id in untidy:
            kinds[row.id] = Kind.TIDY
    return ordered(_in_order(kinds, rows))


def foreseen_removals(
    desired: Sequence[Step], names: Collection[str], rows: Sequence[Recorded]
) -> list[Step]:
    """The removals that will follow ``desired``, as far as that can be known beforehand.

    ``names`` are all that are desired, those whose steps have nothing to do, too.
    """
    by_name = {step.name: step for step in desired}
    kinds = {
        row.id: kind
        for row in rows
        if (kind := _foreseen(row, names, by_name.get(row.name))) is not None
    }
    return _in_order(kinds, rows)


def _foreseen(row: Recorded, names: Collection[str], step: Step | None) -> Kind | None:
    if row.name not in names:
        return Kind.DELETE
    if row.current:
        may_go = step is not None and step.kind in _MAY_LEAVE_ITS_ROW
        return Kind.CLEAN_UP if may_go else None
    return Kind.CLEAN_UP if step is not None and step.kind is Kind.REVERT else Kind.DELETE


def still_used(row: Recorded, rows: Iterable[Recorded], desired: Collection[str]) -> set[str]:
    """Ids of what ``row`` used before and what is to go: it must not go before ``row`` has
    let go of it, inside of nested stacks, too."""
    going = {each.id for each in rows if not (each.current and each.name in desired)}
    return going & set(row.dependencies)


def _in_order(kinds: Mapping[str, Kind], rows: Sequence[Recorded]) -> list[Step]:
    """A step for each row that ``kinds`` names by its id, after those of all its users."""
    if not kinds:
        return []
    used_by: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.id in kinds:
            for used in row.dependencies:
                used_by[used].add(removal_key(row.id))
    steps = []
    for row in rows:
        if row.id in kinds:
            key = removal_key(row.id)
            after = frozenset(used_by[row.id] - {key})
            steps.append(Step(key, kinds[row.id], row.name, row.type, after, row.id))
    return _without_circles(steps)


def _without_circles(steps: list[Step]) -> list[Step]:
    """Drop edges among removals that close a circle.

    Recorded dependencies come from several templates once traversals were overtaken,
    so together they may contradict each other; then the younger row goes first.
    """
    if not any(step.after for step in steps):
        return steps
    keys = {step.key: index for index, step in enumerate(steps)}
    graph = {step.key: {k for k in step.after if k in keys} for step in steps}
    entangled = _entangled(graph)
    if not entangled:
        return steps
    return [
        replace(
            step,
            after=frozenset(
                k
                for k in step.after
                if k not in entangled or keys[k] > keys[step.key] or step.key not in entangled[k]
            ),
        )
        for step in steps
    ]


def _entangled(graph: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """For each key on or behind a circle, all that it waits for in the end."""
    waiting = {key: set(after) for key, after in graph.items()}
    dependants: defaultdict[str, list[str]] = defaultdict(list)
    for key, after in graph.items():
        for each in after:
            dependants[each].append(key)
    free = [key for key, after in waiting.items() if not after]
    while free:
        done = free.pop()
        del waiting[done]
        for key in dependants[done]:
            waiting[key].discard(done)
            if not waiting[key]:
                free.append(key)
    return {key: _reached(graph, key) for key in waiting}


def _reached(graph: Mapping[str, Collection[str]], start: str) -> set[str]:
    seen: set[str] = set()
    stack = list(graph[start])
    while stack:
        key = stack.pop()
        if key not in seen:
            seen.add(key)
            stack.extend(graph[key])
    return seen
