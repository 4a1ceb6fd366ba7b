"""Puts the native API together: version list, health, OpenAPI document and the routes."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from isotherm.api.native.application import RoutedApplication, wrapped
from isotherm.api.native.openapi import openapi_document
from isotherm.api.native.routes import ROUTES
from isotherm.api.web.addresses import base_url, own_path
from isotherm.api.web.bodies import json_response
from isotherm.usecases.services import Services

_MOUNT = "/orchestration"
"""Where the catalogue says the API is; it is also at the root."""


def build_application(services: Services) -> ASGIApp:
    """The ASGI application of the native API."""
    return wrapped(_NativeApi(services))


class _NativeApi:
    """Answers what needs no token itself and hands on the rest."""

    def __init__(self, services: Services) -> None:
        self._routed = RoutedApplication(services, ROUTES)
        self._openapi = openapi_document(ROUTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if f"{scope['path']}/".startswith(f"{_MOUNT}/"):
            scope = {**scope, "root_path": scope.get("root_path", "") + _MOUNT}
        response = self._open_to_all(Request(scope))
        await (response or self._routed)(scope, receive, send)

    def _open_to_all(self, request: Request) -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        match own_path(request.scope):
            case "" | "/":
                return json_response(_versions(base_url(request)), 300)
            case "/healthcheck":
                return json_response({"detailed": False, "reasons": []})
            case "/v1/openapi.json":
                return json_response(self._openapi)
        return None


def _versions(base: str) -> dict[str, Any]:
    links = [{"rel": "self", "href": f"{base}/v1/"}]
    return {"versions": [{"id": "v1.0", "status": "CURRENT", "links": links}]}
