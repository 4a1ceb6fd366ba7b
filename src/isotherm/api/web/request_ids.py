"""Request ids: one for each request, and the one its caller passes along."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

RESPONSE_HEADER = b"x-openstack-request-id"
_GLOBAL_HEADER = b"x-openstack-request-id"
_FORM = re.compile(rb"req-[0-9a-fA-F-]{36}")

request_id: ContextVar[str] = ContextVar("request_id", default="")
global_request_id: ContextVar[str] = ContextVar("global_request_id", default="")


class RequestIds:
    """Gives every request an id, answers with it, and keeps the caller's own for the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = f"req-{uuid.uuid4()}"
        request_id.set(own)
        global_request_id.set(_from_caller(scope))
        header = (RESPONSE_HEADER, own.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        await self._app(scope, receive, send_with_id)


def _from_caller(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == _GLOBAL_HEADER and _FORM.fullmatch(value):
            return str(value.decode())
    return ""
