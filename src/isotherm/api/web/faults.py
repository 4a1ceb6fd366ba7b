"""Turns what use cases raise into faults; nothing else leaves the service as an error."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import Busy, Denied, Lost, RemoteError, RequestError
from isotherm.ports.store import StoreUnavailable

_log = logging.getLogger(__name__)


class Fault(NamedTuple):
    """What a client is told of an error; each door has its own form for it."""

    status: int
    kind: str
    message: str


class Faults:
    """Answers where the application raises, in the form that ``answer`` gives."""

    def __init__(self, app: ASGIApp, answer: Callable[[Exception], Response]) -> None:
        self._app, self._answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noticing_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noticing_send)
        # The last line of defence: whatever happens, the client gets an answer.
        except Exception as error:
            if started:
                raise
            await self._answer(error)(scope, receive, send)


def fault_of(error: Exception) -> Fault:
    """What to tell of an error; unexpected ones are logged and tell nothing of inside."""
    match error:
        case RequestError():
            return Fault(error.http_status, error.error_type, str(error))
        case InvalidDocument():
            # A document that names what does not exist fails its validation; 404 would mean
            # that the address is wrong.
            kind = error.diagnostics[0].error
            kind = "StackValidationFailed" if kind == "EntityNotFound" else kind
            return Fault(400, kind, "\n".join(str(each) for each in error.diagnostics))
        case StoreUnavailable():
            return Fault(503, "ServiceUnavailable", f"The service cannot do this now: {error}.")
        case RemoteError():
            return Fault(_remote_status(error), type(error).__name__, str(error))
    _log.error("Unexpected failure", exc_info=error)
    return Fault(500, "InternalError", "The service log has the details.")


def _remote_status(error: RemoteError) -> int:
    if isinstance(error, Busy | Lost):
        return 503
    return 403 if isinstance(error, Denied) else 502
