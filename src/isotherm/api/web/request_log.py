"""One line in the log for each request that was answered."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("isotherm.requests")


class RequestLog:
    """Who asked stands in what the line is traced with."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        # 499 is nginx's word for a client that left before its answer.
        status = 499

        async def noticing_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noticing_send)
        finally:
            fields = {
                "method": scope["method"],
                "path": _path(scope),
                "status": status,
                "ms": round((time.perf_counter() - begun) * 1000),
            }
            line = "{method} {path} {status} {ms} ms".format(**fields)
            _log.info(line, extra={"fields": fields})


def _path(scope: Scope) -> str:
    """As it was sent, in ASCII; the query, which may name anything, is left out."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("ascii", "backslashreplace")
    return raw.decode("ascii", "backslashreplace")
