"""Tokens: who sends a request, or why nobody does."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from isotherm.api.web.bodies import json_response
from isotherm.ports.cloud import Caller, NotAuthenticated
from isotherm.usecases.services import Services

_HEADER = "x-auth-token"


async def authenticate(services: Services, request: Request) -> Caller:
    """Raises NotAuthenticated, or RemoteError where identity does not answer."""
    token = request.headers.get(_HEADER)
    if not token:
        raise NotAuthenticated
    return await services.cloud.authenticate(token)


def challenge(services: Services) -> Response:
    """The answer to a request without a valid token: where to get one."""
    body = {
        "error": {
            "code": 401,
            "title": "Unauthorized",
            "message": "The request you have made requires authentication.",
        }
    }
    where = f'Keystone uri="{services.settings.auth_url}"'
    return json_response(body, 401, {"WWW-Authenticate": where})
