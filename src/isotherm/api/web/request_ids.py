"""Request ids: one for each request, and the one its caller passes along."""

from __future__ import annotations

import re
import uuid

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isotherm.core.tracing import tracing

_HEADER = b"x-openstack-request-id"
"""In a request the caller's own id, which goes from service to service; in an answer ours."""
_FORM = re.compile(rb"req-[0-9a-fA-F-]{36}")


class RequestIds:
    """Gives every request an id, answers with it, and keeps it with the caller's for the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = f"req-{uuid.uuid4()}"
        header = (_HEADER, own.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        with tracing(request_id=own, caller_request_id=_from_caller(scope)):
            await self._app(scope, receive, send_with_id)


def _from_caller(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == _HEADER and _FORM.fullmatch(value):
            return str(value.decode())
    return ""
