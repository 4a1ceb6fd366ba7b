"""Removal steps: dependants first, and after everything that stops using the object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from isotherm.planning.plan import Kind, Step, removal_key
from isotherm.planning.recorded import Recorded


def removal_steps(
    desired: Sequence[Step], edges: Mapping[str, frozenset[str]], rows: Sequence[Recorded]
) -> list[Step]:
    """Steps that remove leftovers, undesired rows, and (if it comes to that) replaced ones.

    ``edges`` names every desired resource, also those whose steps have nothing to do.
    """
    by_name = {step.name: step for step in desired}
    kinds = {
        row.id: kind
        for row in rows
        if (kind := _kind(row, edges, by_name.get(row.name))) is not None
    }
    used_by: defaultdict[str, list[Recorded]] = defaultdict(list)
    for row in rows:
        for used in row.dependencies:
            used_by[used].append(row)
    users = _users(edges)
    steps = []
    for row in rows:
        if row.id not in kinds:
            continue
        after = {removal_key(user.id) for user in used_by[row.id] if user.id in kinds}
        after |= {user.name for user in used_by[row.id] if user.name in by_name}
        after |= {name for name in users.get(row.name, ()) if name in by_name}
        if row.name in by_name:
            after.add(row.name)
        after.discard(removal_key(row.id))
        key = removal_key(row.id)
        steps.append(Step(key, kinds[row.id], row.name, row.type, frozenset(after), row.id))
    return _without_circles(steps)


def _kind(row: Recorded, edges: Mapping[str, frozenset[str]], step: Step | None) -> Kind | None:
    if row.name not in edges:
        return Kind.DELETE
    if row.current:
        return Kind.CLEAN_UP if step is not None else None
    return Kind.CLEAN_UP if step is not None and step.kind is Kind.REVERT else Kind.DELETE


def _users(edges: Mapping[str, frozenset[str]]) -> Mapping[str, list[str]]:
    users: defaultdict[str, list[str]] = defaultdict(list)
    for name, used in edges.items():
        for each in used:
            users[each].append(name)
    return users


def _without_circles(steps: list[Step]) -> list[Step]:
    """Drop edges among removals that close a circle.

    Recorded dependencies come from several templates once traversals were overtaken,
    so together they may contradict each other; then the younger row goes first.
    """
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
