"""What watches over a process asks of it: its health, and its figures."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isotherm.ports.store import StoreUnavailable
from isotherm.server.health import Health
from isotherm.server.metrics import CONTENT_TYPE, PrometheusMetrics
from isotherm.store import Figures, SqlStore

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FRESH_SECONDS = 5.0
_PATIENCE = 3.0


class StoreFigures:
    """Those of the database, asked for at most every few seconds however many watch."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._figures: Figures | None = None
        self._read_at = float("-inf")

    async def read(self) -> Figures | None:
        """None where the database does not answer soon."""
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            self._read_at = time.monotonic()
            try:
                async with asyncio.timeout(_PATIENCE):
                    self._figures = await self._store.figures()
            except (StoreUnavailable, TimeoutError):
                self._figures = None
        return self._figures


class Monitoring:
    """Answers ``/healthcheck`` and ``/metrics``, hands the rest on, and counts it. ``doors``
    are the first segments of paths by the name under which their requests are counted."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: PrometheusMetrics,
        health: Health,
        figures: StoreFigures,
        *,
        doors: dict[str, str],
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._health = health
        self._figures = figures
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = await self._own(Request(scope))
            await (response or self._counted)(scope, receive, send)

    async def _own(self, request: Request) -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        match request.url.path:
            # Also where the catalogue says that the API is: it is the same process.
            case "/healthcheck" | "/orchestration/healthcheck":
                reasons = [{"reason": each} for each in await self._health.reasons()]
                body = {"detailed": False, "reasons": reasons}
                return JSONResponse(body, 503 if reasons else 200)
            case "/metrics":
                self._metrics.show(await self._figures.read())
                return Response(self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})
        return None

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Whatever a client calls its method or its path must not become a series of its own.
        method = scope["method"] if scope["method"] in _METHODS else "other"
        door = self._doors.get(scope["path"].split("/", 2)[1], "other")
        begun = time.perf_counter()

        async def counting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = time.perf_counter() - begun
                self._metrics.served(door, method, message["status"], seconds)
            await send(message)

        await self._app(scope, receive, counting_send)


async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    """The application of a process that has no other door."""
    body = {"error": {"code": 404, "message": "This process answers /healthcheck and /metrics."}}
    await JSONResponse(body, 404)(scope, receive, send)
