"""Finds circular dependencies."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping


def circles(edges: Mapping[str, Collection[str]]) -> list[list[str]]:
    """One circle for each knot of mutually dependent names, as a walk ``[a, b, c, a]``:
    of several the same one every time, in whatever order the edges come.
    """
    in_order = {name: sorted(targets) for name, targets in edges.items()}
    return [_shortest_circle(in_order, knot) for knot in _knots(in_order)]


def _knots(edges: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Strongly connected components that hold a circle (Tarjan's algorithm, without recursion)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_names: dict[str, None] = {}
    found: list[list[str]] = []
    for start in edges:
        if start in order:
            continue
        work = [(start, iter(edges[start]))]
        order[start] = lowest[start] = len(order)
        open_names[start] = None
        while work:
            name, rest = work[-1]
            target = next((each for each in rest if each in edges), None)
            if target is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[name])
                if lowest[name] == order[name]:
                    knot = _taken(open_names, name)
                    if len(knot) > 1 or name in edges[name]:
                        found.append(knot)
            elif target not in order:
                order[target] = lowest[target] = len(order)
                open_names[target] = None
                work.append((target, iter(edges[target])))
            elif target in open_names:
                lowest[name] = min(lowest[name], order[target])
    return found


def _taken(open_names: dict[str, None], last: str) -> list[str]:
    knot: list[str] = []
    while not knot or knot[-1] != last:
        name, _ = open_names.popitem()
        knot.append(name)
    return knot


def _shortest_circle(edges: Mapping[str, Collection[str]], knot: list[str]) -> list[str]:
    inside = set(knot)
    start = min(knot)
    came_from: dict[str, str] = {}
    waiting = deque([start])
    while True:  # A knot always holds a circle.
        name = waiting.popleft()
        for target in edges[name]:
            if target == start:
                return _walk_back(came_from, start, name)
            if target in inside and target not in came_from:
                came_from[target] = name
                waiting.append(target)


def _walk_back(came_from: Mapping[str, str], start: str, last: str) -> list[str]:
    circle = [start]
    name = last
    while name != start:
        circle.append(name)
        name = came_from[name]
    return [start, *reversed(circle)] if len(circle) > 1 else [start, start]
