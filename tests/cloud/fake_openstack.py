"""A small HTTP cloud that does what a test tells it: for what real clouds do only rarely."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from aiohttp import web

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]

LIFE = timedelta(hours=1)


def answer(status: int, body: Any = None, **headers: str) -> Behaviour:
    """JSON, text or bytes; ``Retry_After`` stands for the header ``Retry-After``."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}

    async def behave(_: web.Request) -> web.StreamResponse:
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=named)
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, headers=named)
        if body is None:
            return web.Response(status=status, headers=named)
        return web.json_response(body, status=status, headers=named)

    return behave


async def hang(_: web.Request) -> NoReturn:
    """Never answers."""
    await asyncio.Event().wait()
    raise AssertionError


async def reset(request: web.Request) -> web.StreamResponse:
    """Reads the request and drops the connection."""
    await request.read()
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@dataclass
class FakeOpenStack:
    """``script`` holds behaviours by ``METHOD /path``; the last one of each stays."""

    url: str = ""
    script: defaultdict[str, deque[Behaviour]] = field(default_factory=lambda: defaultdict(deque))
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    """Valid tokens and their users."""
    log_ins: list[dict[str, Any]] = field(default_factory=list)
    catalogue: dict[str, str] = field(default_factory=dict)
    """Endpoints (paths here, or URLs) by service type."""
    running: int = 0
    most_running: int = 0

    def on(self, operation: str, *behaviours: Behaviour) -> None:
        self.script[operation] = deque(behaviours)

    def seen(self, operation: str) -> list[tuple[dict[str, str], bytes]]:
        """Headers and body of each request of this kind; the operation may have a query."""
        return [
            (headers, body)
            for method, path, headers, body in self.requests
            if operation in (f"{method} {path}", f"{method} {path.partition('?')[0]}")
        ]

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.requests if not path.startswith("/v3/")]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {key.lower(): value for key, value in request.headers.items()}
        self.requests.append((request.method, request.path_qs, headers, body))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            return await self._behaviour(request)(request)
        finally:
            self.running -= 1

    def _behaviour(self, request: web.Request) -> Behaviour:
        operation = f"{request.method} {request.path}"
        planned = self.script.get(operation)
        if planned:
            return planned.popleft() if len(planned) > 1 else planned[0]
        if operation == "POST /v3/auth/tokens":
            return self._log_in
        if operation == "GET /v3/auth/tokens":
            return self._describe
        return answer(404, {"itemNotFound": {"code": 404, "message": f"No {request.path}."}})

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        wanted = await request.json()
        self.log_ins.append(wanted)
        token = f"service-token-{len(self.log_ins)}"
        self.tokens[token] = "service"
        return web.json_response(
            self.description("service"), status=201, headers={"X-Subject-Token": token}
        )

    async def _describe(self, request: web.Request) -> web.StreamResponse:
        if request.headers["X-Auth-Token"] not in self.tokens:
            return web.json_response({"error": {"message": "Who are you?"}}, status=401)
        user = self.tokens.get(request.headers["X-Subject-Token"])
        if user is None:
            return web.json_response({"error": {"message": "No such token."}}, status=404)
        return web.json_response(self.description(user))

    def description(self, user: str) -> dict[str, Any]:
        now = datetime.now(UTC)
        form = "%Y-%m-%dT%H:%M:%S.000000Z"
        domain = {"id": "default", "name": "Default"}
        roles = ["member"] if user != "root" else ["member", "admin"]
        return {
            "token": {
                "methods": ["password"],
                "user": {"id": f"{user}-id", "name": user, "domain": domain},
                "project": {"id": f"{user}-project", "name": user, "domain": domain},
                "roles": [{"id": name, "name": name} for name in roles],
                "issued_at": now.strftime(form),
                "expires_at": (now + LIFE).strftime(form),
                "catalog": [self._service(kind, path) for kind, path in self.catalogue.items()],
            }
        }

    def _service(self, kind: str, path: str) -> dict[str, Any]:
        endpoint = {
            "id": f"{kind}-endpoint",
            "interface": "public",
            "region": "here",
            "region_id": "here",
            "url": path if path.startswith("http") else self.url + path,
        }
        return {"id": kind, "type": kind, "name": kind, "endpoints": [endpoint]}
