"""Signals to addresses of their own: /v1/waitcondition/ARN and /v1/signal/ARN."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from isotherm.api.aws.authentication import authenticate
from isotherm.api.aws.door import AwsDoor
from isotherm.api.aws.faults import (
    InvalidAction,
    InvalidParameterValue,
)
from isotherm.api.aws.signatures import Sent
from isotherm.api.web.addresses import base_url, own_path
from isotherm.api.web.bodies import details_in, json_response
from isotherm.core.arns import Arn, parse_arn
from isotherm.core.errors import RemoteError
from isotherm.core.tracing import trace
from isotherm.kit.signed_addresses import SIGNATURE, Purpose
from isotherm.ports.cloud import NotAuthenticated
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services
from isotherm.usecases.signals import signal_resource
from isotherm.usecases.signed_signals import SignedCall, signal_by_address


class _Address(NamedTuple):
    purpose: Purpose
    arn: str


class Signals:
    """An ASGI application. ``door`` reads requests."""

    def __init__(self, services: Services, door: AwsDoor) -> None:
        self._services = services
        self._door = door

    def serves(self, path: str) -> bool:
        return _address(path) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        address = _address(own_path(request.scope))
        assert address is not None
        if request.method != address.purpose.verb:
            raise InvalidAction(f"This address takes {address.purpose.verb} alone.")
        arn = parse_arn(address.arn)
        if arn is None or not arn.resource:
            raise InvalidParameterValue("The address names no resource of a stack.")
        sent = await self._door.read(request, form=False)
        details = _details(sent.content)
        if SIGNATURE in sent.parameters and await self._by_address(request, address, arn, sent):
            return _told(arn)
        caller = await authenticate(self._services, sent)
        trace(user_id=caller.user_id, project_id=caller.project_id)
        self._services.policy.require("resource:signal", caller, caller.project_id)
        stack = arn.stack_name, arn.stack_id
        await signal_resource(self._services, caller, stack, arn.resource, details)
        return _told(arn)

    async def _by_address(self, request: Request, address: _Address, arn: Arn, sent: Sent) -> bool:
        """Whether the address itself was signed for the resource, and so has signalled it."""
        bases = [f"{base_url(request)}/v1"]
        with suppress(RemoteError):
            bases.append((await self._services.cloud.cloudformation()).rstrip("/"))
        below = f"/{address.purpose.path}/{quote(address.arn, safe='/')}"
        call = SignedCall(
            arn=arn,
            purpose=address.purpose,
            urls=[f"{base}{below}" for base in bases],
            parameters=sent.parameters,
        )
        try:
            await signal_by_address(self._services, call, _details(sent.content))
        except NotAuthenticated:
            return False
        return True


def _address(path: str) -> _Address | None:
    for purpose in Purpose:
        prefix = f"/v1/{purpose.path}/"
        if path.startswith(prefix):
            return _Address(purpose, unquote(path.removeprefix(prefix)).rstrip("/"))
    return None


def _details(body: bytes) -> Mapping[str, Any] | None:
    """What the signal tells, whatever the header calls it. Raises AwsFault."""
    try:
        return details_in(body)
    except BadRequest as error:
        raise InvalidParameterValue(str(error)) from None


def _told(arn: Arn) -> Response:
    return json_response({"resource": arn.resource})
