"""Routes as data, and the tree that finds one by path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from isotherm.api.native.call import Call
from isotherm.api.native.queries import Arity

Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path. ``{name}`` segments become path arguments; ``{name:prefix...}``,
    as the last segment, takes the rest of a path that goes on with the prefix. ``rule`` is the
    policy rule to pass first."""

    name: str
    method: str
    path: str
    handler: Handler
    rule: str
    success: int = 200
    query: Mapping[str, Arity] = field(default_factory=dict)
    strict: bool = False
    """Whether unknown query parameters are refused."""
    summary: str = ""


@dataclass(slots=True)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    argument: _Node | None = None
    rest: _Node | None = None
    prefix: str = ""
    routes: dict[str, Route] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The routes of a path by method, and its arguments in order."""

    routes: Mapping[str, Route]
    values: Sequence[str]


class Router:
    """Finds the routes of a path; literal segments win over arguments."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def match(self, path: str) -> Match | None:
        """``path`` is percent-encoded, so that an encoded slash stays inside its segment."""
        segments = [unquote(each) for each in path.split("/")[1:]]
        values: list[str] = []
        node = _walk(self._root, segments, 0, values)
        return Match(node.routes, values) if node is not None else None

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.path.split("/")[1:]:
            if segment.endswith("...}"):
                node.rest = node.rest or _Node()
                node.prefix = segment.partition(":")[2].removesuffix("...}")
                node = node.rest
            elif segment.startswith("{"):
                node.argument = node.argument or _Node()
                node = node.argument
            else:
                node = node.literal.setdefault(segment, _Node())
        node.routes[route.method] = route


def arguments(route: Route, values: Sequence[str]) -> dict[str, str]:
    """Path arguments by the names the route gives them."""
    return dict(zip(argument_names(route.path), values, strict=True))


def argument_names(path: str) -> list[str]:
    """The names in a path's template, in order."""
    segments = [each for each in path.split("/") if each.startswith("{")]
    return [each.strip("{}").partition(":")[0] for each in segments]


def _walk(node: _Node, segments: Sequence[str], at: int, values: list[str]) -> _Node | None:
    if at == len(segments):
        return node if node.routes else None
    segment = segments[at]
    if node.rest is not None and segment.startswith(node.prefix):
        values.append("/".join(segments[at:]))
        return node.rest
    if (child := node.literal.get(segment)) and (found := _walk(child, segments, at + 1, values)):
        return found
    if node.argument is not None and segment:
        values.append(segment)
        if found := _walk(node.argument, segments, at + 1, values):
            return found
        values.pop()
    return None
