"""The form of the native API's faults, and those that only its addresses have."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from isotherm.api.web.bodies import json_response
from isotherm.api.web.faults import Fault, fault_of

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


def fault_document(error: Exception) -> Response:
    """The answer to a request that ended with ``error``."""
    match error:
        case NoSuchPath():
            message = "There is nothing at this address."
            body = {"message": message, "code": "404 Not Found", "title": "Not Found"}
            return json_response(body, 404)
        case MethodNotAllowed():
            return _document(Fault(405, "HTTPMethodNotAllowed", _EXPLANATIONS[405]))
    return _document(fault_of(error))


def _document(fault: Fault) -> Response:
    title = HTTPStatus(fault.status).phrase
    body = {
        "code": fault.status,
        "title": title,
        "explanation": _EXPLANATIONS.get(fault.status, title),
        "error": {"type": fault.kind, "traceback": None, "message": fault.message},
    }
    return json_response(body, fault.status)
