"""Turns what use cases raise into fault documents; nothing else leaves the service as an error."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isotherm.api.web.bodies import json_response
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import Busy, Denied, Lost, RemoteError, RequestError
from isotherm.ports.store import StoreUnavailable

_log = logging.getLogger(__name__)

_EXPLANATIONS = {
    400: "The request is malformed or its content was refused.",
    403: "Access to this was denied.",
    404: "There is nothing here by this name.",
    405: "The method is not allowed here.",
    409: "The request is in conflict with the present state.",
    500: "The service failed in an unexpected way.",
    502: "The cloud refused what the service asked of it.",
    503: "Something the service depends on does not answer at the moment.",
}


class NoSuchPath(Exception):
    """No route has this path."""


class MethodNotAllowed(Exception):
    """The path exists, but not for this method."""


class Faults:
    """Answers with a fault document where the application raises."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noticing_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noticing_send)
        # The last line of defence: whatever happens, the client gets a fault document.
        except Exception as error:
            if started:
                raise
            status, body = fault_of(error)
            await json_response(body, status)(scope, receive, send)


def fault_of(error: Exception) -> tuple[int, dict[str, Any]]:
    """Status and body for an error; unexpected ones are logged and tell nothing of inside."""
    match error:
        case RequestError():
            return _fault(error.http_status, error.error_type, str(error))
        case InvalidDocument():
            # A document that names what does not exist fails its validation; 404 would mean
            # that the address is wrong.
            kind = error.diagnostics[0].error
            kind = "StackValidationFailed" if kind == "EntityNotFound" else kind
            return _fault(400, kind, "\n".join(str(each) for each in error.diagnostics))
        case NoSuchPath():
            return 404, {
                "message": "There is nothing at this address.",
                "code": "404 Not Found",
                "title": "Not Found",
            }
        case MethodNotAllowed():
            return _fault(405, "HTTPMethodNotAllowed", _EXPLANATIONS[405])
        case StoreUnavailable():
            return _fault(503, "ServiceUnavailable", "The database does not answer.")
        case RemoteError():
            return _fault(_remote_status(error), type(error).__name__, str(error))
    _log.error("Unexpected failure", exc_info=error)
    return _fault(500, "InternalError", "The service log has the details.")


def _remote_status(error: RemoteError) -> int:
    if isinstance(error, Busy | Lost):
        return 503
    return 403 if isinstance(error, Denied) else 502


def _fault(status: int, kind: str, message: str) -> tuple[int, dict[str, Any]]:
    return status, {
        "code": status,
        "title": HTTPStatus(status).phrase,
        "explanation": _EXPLANATIONS.get(status, HTTPStatus(status).phrase),
        "error": {"type": kind, "traceback": None, "message": message},
    }
