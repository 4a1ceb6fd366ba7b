"""What watches over a process asks of it: its health, and its figures."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isotherm.server.health import Health
from isotherm.server.metrics import CONTENT_TYPE, PrometheusMetrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Monitoring:
    """Answers ``/healthcheck`` and ``/metrics``, hands the rest on, and counts it."""

    def __init__(self, app: ASGIApp, metrics: PrometheusMetrics, health: Health) -> None:
        self._app = app
        self._metrics = metrics
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = await self._own(Request(scope))
            await (response or self._counted)(scope, receive, send)

    async def _own(self, request: Request) -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        match request.url.path:
            case "/healthcheck":
                reasons = [{"reason": each} for each in await self._health.reasons()]
                body = {"detailed": False, "reasons": reasons}
                return JSONResponse(body, 503 if reasons else 200)
            case "/metrics":
                return Response(self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})
        return None

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Whatever a client calls its method must not become a series of its own.
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def counting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.served(method, message["status"])
            await send(message)

        await self._app(scope, receive, counting_send)


async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    """The application of a process that has no other door."""
    body = {"error": {"code": 404, "message": "This process answers /healthcheck and /metrics."}}
    await JSONResponse(body, 404)(scope, receive, send)
