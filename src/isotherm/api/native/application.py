"""Serves the table of routes: token, project in the path, policy, handler."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from isotherm.api.native.authentication import authenticate, challenge
from isotherm.api.native.call import Call
from isotherm.api.native.faults import MethodNotAllowed, NoSuchPath, fault_document
from isotherm.api.native.links import Links
from isotherm.api.native.queries import Query
from isotherm.api.native.routing import Match, Route, Router, arguments
from isotherm.api.web.addresses import base_url, own_path
from isotherm.api.web.bodies import json_response
from isotherm.api.web.faults import Faults
from isotherm.api.web.request_ids import RequestIds
from isotherm.api.web.request_log import RequestLog
from isotherm.api.web.turns import Turns
from isotherm.core.tracing import trace
from isotherm.ports.cloud import Caller, NotAuthenticated
from isotherm.usecases.refusals import WrongProject
from isotherm.usecases.services import Services

_PROJECT = "project_id"


class RoutedApplication:
    """Authenticates, finds the route, checks project and policy, calls the handler.

    Every path of the table starts with ``/v1/{project_id}``. A handler's answer is sent as
    JSON with the route's success code, unless it is a response already.
    """

    def __init__(self, services: Services, routes: Iterable[Route]) -> None:
        self._services = services
        self._router = Router(routes)
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        try:
            return await self._answer(request, await authenticate(self._services, request))
        except NotAuthenticated:
            # Also where the token turns out to be over while the request is worked on.
            return challenge(self._services)

    async def _answer(self, request: Request, caller: Caller) -> Response:
        trace(user_id=caller.user_id, project_id=caller.project_id)
        match = self._router.match(own_path(request.scope))
        if match is None:
            raise NoSuchPath
        route = match.routes.get(request.method)
        if route is None:
            return _without_route(request, match)
        async with self._turns.of(caller.project_id):
            return await self._call(request, caller, route, match)

    async def _call(self, request: Request, caller: Caller, route: Route, match: Match) -> Response:
        path = arguments(route, match.values)
        project = path[_PROJECT]
        everywhere = self._services.policy.is_administrator(caller)
        if project != caller.project_id and not everywhere:
            raise WrongProject
        self._services.policy.require(route.rule, caller)
        call = Call(
            services=self._services,
            caller=caller,
            request=request,
            path=path,
            query=Query(request.query_params, route.query, strict=route.strict),
            links=Links(f"{base_url(request)}/v1", project, everywhere=everywhere),
        )
        return _response(await route.handler(call), route.success)


def wrapped(app: ASGIApp) -> ASGIApp:
    """``app`` with request ids, a line in the log, and fault documents."""
    return RequestIds(RequestLog(Faults(app, fault_document)))


def _without_route(request: Request, match: Match) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ",".join(sorted(match.routes))})
    raise MethodNotAllowed


def _response(answer: Any, status: int) -> Response:
    if isinstance(answer, Response):
        return answer
    if status == 204:
        return Response(status_code=204)
    return json_response(answer, status)
