"""Serves a table of actions to clients of AWS: signature, policy, arguments, handler, answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from isotherm.api.aws.authentication import authenticate
from isotherm.api.aws.compression import unpacked
from isotherm.api.aws.description import Description
from isotherm.api.aws.elements import Elements
from isotherm.api.aws.faults import (
    ApiNotImplemented,
    InvalidAction,
    InvalidParameterValue,
    MalformedQueryString,
    MissingAction,
    ValidationError,
    shown,
)
from isotherm.api.aws.query_protocol import json_answer, xml_answer, xml_fault
from isotherm.api.aws.reading import read_form
from isotherm.api.aws.signatures import Sent, is_about_signature
from isotherm.api.web.bodies import read_bytes
from isotherm.api.web.faults import Faults
from isotherm.api.web.request_ids import RequestIds
from isotherm.api.web.request_log import RequestLog
from isotherm.api.web.turns import Turns
from isotherm.core.tracing import trace, traced
from isotherm.ports.cloud import Caller
from isotherm.usecases.repeated_requests import once
from isotherm.usecases.services import Services

_FRAME = frozenset({"Action", "Version", "ContentType"})
"""Parameters that say how the others are to be read."""
_STRAY_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_TOKEN = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}")
_ESCAPED = 3
"""How much longer a form may be than the JSON that says the same: it escapes nearly everything."""


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One authenticated call; ``arguments`` are as the service's description has them."""

    services: Services
    caller: Caller
    arguments: Mapping[str, Any]


Handler = Callable[[AwsCall], Awaitable[Mapping[str, Any] | None]]
"""Gives the members of the result by name; those that are None are left out."""


@dataclass(frozen=True, slots=True)
class Action:
    """``rule`` is the name of its policy. ``offers``: the parameters that have an effect, where
    that is not all; the others are refused. With ``token`` as a parameter of its request, an
    action that comes again with the same is not done again."""

    name: str
    rule: str
    handler: Handler
    offers: tuple[str, ...] | None = None
    token: str = ""


class AwsDoor:
    """An ASGI application; ``actions`` are what the description's operations do here."""

    def __init__(
        self, services: Services, description: Description, actions: Iterable[Action]
    ) -> None:
        self._services = services
        self._description = description
        self._elements = Elements(description)
        self._actions = {each.name: each for each in actions}
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.respond(Request(scope, receive))
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """As JSON for who asks for that; faults are always XML."""
        sent = await self.read(request)
        given = {
            name: each
            for name, each in sent.parameters.items()
            if name not in _FRAME and not is_about_signature(name)
        }
        name, result = await self.answer(
            sent,
            sent.parameters.get("Action"),
            lambda operation: read_form(self._description, operation, given),
        )
        if sent.parameters.get("ContentType") == "JSON":
            return json_answer(self._description, name, result)
        return xml_answer(self._elements, name, result, _request_id())

    async def read(self, request: Request, *, form: bool = True) -> Sent:
        """The request as it was signed; with ``form``, its body has parameters. Raises AwsFault,
        RequestLimitExceeded."""
        _require_query(request.scope["query_string"])
        limit = _ESCAPED * self._services.settings.max_json_body_size
        body = await read_bytes(request, limit, "body")
        content = unpacked(body, request.headers.get("content-encoding", ""), limit)
        parameters = dict(request.query_params)
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if form and request.method == "POST" and kind in ("", "application/x-www-form-urlencoded"):
            parameters |= _form(content)
        raw = request.scope.get("raw_path") or request.url.path.encode()
        headers = {name: value for name, value in request.headers.items() if name != "cookie"}
        path = raw.partition(b"?")[0].decode("latin-1")
        query = request.scope["query_string"].decode("ascii")
        return Sent(request.method, path, query, headers, parameters, body, content)

    async def answer(
        self, sent: Sent, name: str | None, read: Callable[[str], Mapping[str, Any]]
    ) -> tuple[str, Mapping[str, Any]]:
        """The operation of that name and its result; ``read`` gives its arguments."""
        caller = await authenticate(self._services, sent)
        trace(user_id=caller.user_id, project_id=caller.project_id)
        action = self._find(name)
        self._services.policy.require(action.rule, caller, caller.project_id)
        arguments = read(action.name)
        _require_offered(action, arguments)
        async with self._turns.of(caller.project_id):
            result = await self._call(action, AwsCall(self._services, caller, arguments))
        return action.name, result or {}

    async def _call(self, action: Action, call: AwsCall) -> Mapping[str, Any] | None:
        token = call.arguments.get(action.token) if action.token else None
        if not token:
            return await action.handler(call)
        if not _TOKEN.fullmatch(token):
            raise ValidationError(f"{action.token} has letters, digits and -, 128 at most.")
        trace(client_token=token)
        request = action.name, call.arguments
        return await once(
            call.services, call.caller, request, lambda: action.handler(call), token=token
        )

    def _find(self, name: str | None) -> Action:
        if not name:
            raise MissingAction("The request names no action.")
        action = self._actions.get(name)
        if action is None and name in self._description.absent:
            raise ApiNotImplemented(f"{name} is not supported yet.")
        if action is None:
            raise InvalidAction(f"There is no action {name[:80]} here.")
        return action


def _require_offered(action: Action, arguments: Mapping[str, Any]) -> None:
    """Refuse what would have no effect."""
    for name, value in arguments.items():
        if action.offers is not None and name not in action.offers and value not in ([], False, ""):
            raise InvalidParameterValue(f"{name} is not supported yet.")


def _require_query(query: bytes) -> None:
    """Raises MalformedQueryString."""
    try:
        unquote(query.decode("ascii"), errors="strict")
        well_formed = _STRAY_PERCENT.search(query) is None
    except UnicodeError:
        well_formed = False
    if not well_formed:
        raise MalformedQueryString("The query has something that stands for no character.")


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=10_000
        )
    except ValueError:
        raise InvalidParameterValue("The body is no form.") from None
    return dict(pairs)


def with_faults(app: ASGIApp) -> ASGIApp:
    """``app`` with request ids, a line in the log, and faults in the form of AWS."""
    return RequestIds(RequestLog(Faults(app, _fault)))


def _fault(error: Exception) -> Response:
    return xml_fault(shown(error), _request_id())


def _request_id() -> str:
    return traced().get("request_id", "")
