"""Puts the CloudFormation door together: versions, signed signals and the actions."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from isotherm.api.aws.description import load_description
from isotherm.api.aws.door import AwsDoor, with_faults
from isotherm.api.cfn.actions import ACTIONS
from isotherm.api.cfn.signals import Signals
from isotherm.api.web.addresses import base_url, own_path
from isotherm.api.web.bodies import json_response
from isotherm.usecases.services import Services

_MOUNT = "/cfn"
"""Where a service that has several doors has this one; it is also at the root."""


def build_cloudformation(services: Services) -> ASGIApp:
    """The ASGI application of the CloudFormation API."""
    return with_faults(_Door(services))


class _Door:
    def __init__(self, services: Services) -> None:
        self._actions = AwsDoor(services, load_description(__package__), ACTIONS)
        self._signals = Signals(services, self._actions)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if f"{scope['path']}/".startswith(f"{_MOUNT}/"):
            scope = {**scope, "root_path": scope.get("root_path", "") + _MOUNT}
        path = own_path(scope)
        if path in ("", "/"):
            app: ASGIApp = _versions
        else:
            app = self._signals if self._signals.serves(path) else self._actions
        await app(scope, receive, send)


async def _versions(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    links = [{"rel": "self", "href": f"{base_url(request)}/v1/"}]
    told = {"versions": [{"id": "v1.0", "status": "CURRENT", "links": links}]}
    await json_response(told, 300)(scope, receive, send)
