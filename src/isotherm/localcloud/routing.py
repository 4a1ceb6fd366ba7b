"""Routes of a service, as a tree of path segments that is built once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from isotherm.localcloud.exchange import Call, Fault

S = TypeVar("S")
"""The state of the service that the routes are of."""
Handler = Callable[[S, Call], object]
# What a JSON request may weigh; routes that take data say more.
DEFAULT_BODY_LIMIT = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. `operation` is `<entity>.<verb>`, without the service type."""

    method: str
    path: str
    operation: str
    handler: Callable[[Any, Call], object]
    status: int = 200
    open: bool = False
    admin: bool = False
    body_limit: int = DEFAULT_BODY_LIMIT
    action: str | None = None


class Routes(Generic[S]):
    """Collects a service's routes.

    Paths are relative to the service's mount: `/v2.1/servers/{server_id}`; the last segment
    may be `{name:path}`, which takes the rest. Every path is registered under each prefix.
    Keywords of every verb: `status` of the reply, `open` (no token needed), `admin` (403
    without the admin role), `body_limit` in bytes.
    """

    def __init__(self, *prefixes: str) -> None:
        self._prefixes = prefixes or ("",)
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def get(self, path: str, operation: str, **options: Any) -> Callable[[Handler[S]], Handler[S]]:
        return self._add("GET", path, operation, options)

    def head(self, path: str, operation: str, **options: Any) -> Callable[[Handler[S]], Handler[S]]:
        return self._add("HEAD", path, operation, options)

    def post(self, path: str, operation: str, **options: Any) -> Callable[[Handler[S]], Handler[S]]:
        return self._add("POST", path, operation, options)

    def put(self, path: str, operation: str, **options: Any) -> Callable[[Handler[S]], Handler[S]]:
        return self._add("PUT", path, operation, options)

    def patch(
        self, path: str, operation: str, **options: Any
    ) -> Callable[[Handler[S]], Handler[S]]:
        return self._add("PATCH", path, operation, options)

    def delete(
        self, path: str, operation: str, **options: Any
    ) -> Callable[[Handler[S]], Handler[S]]:
        options.setdefault("status", 204)
        return self._add("DELETE", path, operation, options)

    def action(
        self, path: str, name: str, operation: str, **options: Any
    ) -> Callable[[Handler[S]], Handler[S]]:
        """A POST that is told apart from others of its path by the body's only key."""
        options.setdefault("status", 202)
        return self._add("POST", path, operation, {**options, "action": name})

    def _add(
        self, method: str, path: str, operation: str, options: dict[str, Any]
    ) -> Callable[[Handler[S]], Handler[S]]:
        def register(handler: Handler[S]) -> Handler[S]:
            for prefix in self._prefixes:
                route = Route(method, prefix + path, operation, handler, **options)
                self._routes.append(route)
            return handler

        return register


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    rest: "_Node | None" = None
    methods: dict[str, "Route | dict[str, Route]"] = field(default_factory=dict)


class RouteTree:
    """Finds the route of a request; a literal segment beats a parameter."""

    def __init__(self, routes: Iterator[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._insert(route)

    def match(self, method: str, path: str) -> tuple["Route | dict[str, Route]", dict[str, str]]:
        """The route, or its actions by name, and the path's parameters. Raises Fault 404, 405."""
        segments = path.strip("/").split("/") if path.strip("/") else []
        found = _descend(self._root, segments, ())
        if found is None:
            raise Fault(404, "The resource could not be found.")
        node, values = found
        route = node.methods.get(method)
        if route is None and method == "HEAD":
            route = node.methods.get("GET")
        if route is None:
            allowed = ", ".join(sorted(node.methods))
            raise Fault(405, "Method not allowed for this resource.", headers={"Allow": allowed})
        return route, dict(zip(_names(route), values, strict=True))

    def _insert(self, route: Route) -> None:
        node = self._root
        for segment in filter(None, route.path.split("/")):
            node = _child(node, segment)
        if route.action is None:
            if route.method in node.methods:
                raise ValueError(f"{route.method} {route.path} is registered twice")
            node.methods[route.method] = route
            return
        actions = node.methods.setdefault(route.method, {})
        if not isinstance(actions, dict) or route.action in actions:
            raise ValueError(f"{route.action} of {route.path} is registered twice")
        actions[route.action] = route


def _child(node: _Node, segment: str) -> _Node:
    if not segment.startswith("{"):
        return node.literals.setdefault(segment, _Node())
    if segment.endswith(":path}"):
        node.rest = node.rest or _Node()
        return node.rest
    node.parameter = node.parameter or _Node()
    return node.parameter


def _descend(
    node: _Node, segments: list[str], values: tuple[str, ...]
) -> tuple[_Node, tuple[str, ...]] | None:
    if not segments:
        return (node, values) if node.methods else None
    head, tail = segments[0], segments[1:]
    literal = node.literals.get(head)
    if literal is not None and (found := _descend(literal, tail, values)):
        return found
    if node.parameter is not None and (found := _descend(node.parameter, tail, (*values, head))):
        return found
    return (node.rest, (*values, "/".join(segments))) if node.rest is not None else None


def _names(route: "Route | dict[str, Route]") -> list[str]:
    path = next(iter(route.values())).path if isinstance(route, dict) else route.path
    return [s[1:-1].removesuffix(":path") for s in path.split("/") if s.startswith("{")]
