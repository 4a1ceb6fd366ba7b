"""The cloud as one project's delegate, or one caller, reaches it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from isotherm.cloud.endpoints import described, knows_microversions, microversion_headers
from isotherm.cloud.sessions import Session
from isotherm.cloud.transport import Exchange, Transport
from isotherm.core.errors import Denied
from isotherm.kit.connection import Connection, Reply, Request

Negotiate = Callable[[str, str], Awaitable[str]]
"""From service and wanted microversion to the one to send."""


class ProjectConnection(Connection):
    """Adds what every request needs: endpoint, token, microversion. Cheap to make; all state
    is the session's and the transport's."""

    def __init__(self, session: Session, transport: Transport, negotiate: Negotiate) -> None:
        self._session = session
        self._transport = transport
        self._negotiate = negotiate

    async def send(self, request: Request) -> Reply:
        """With a new token once, if the present one is rejected."""
        base = (await self._session.catalogue()).base_url(request.service)
        prepared = Exchange(
            request.service,
            request.method,
            f"{base}/{request.path.lstrip('/')}",
            {
                **described(request.service).headers,
                **_content_type(request.body),
                **await self._microversion(request.service, request.microversion),
                **request.headers,
            },
            _content(request.body),
        )
        token = await self._session.token()
        try:
            return await self._transport.send(_signed(prepared, token))
        except Denied as error:
            if error.status != 401:
                raise
        token = await self._session.renew(token)
        return await self._transport.send(_signed(prepared, token))

    async def address(self, service: str) -> str:
        return (await self._session.catalogue()).public_url(service)

    async def _microversion(self, service: str, wanted: str) -> Mapping[str, str]:
        if not wanted or not knows_microversions(service):
            return {}
        return microversion_headers(service, await self._negotiate(service, wanted))


def _signed(exchange: Exchange, token: str) -> Exchange:
    return replace(exchange, headers={**exchange.headers, "X-Auth-Token": token})


def _content(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return msgspec.json.encode(body)


def _content_type(body: Any) -> Mapping[str, str]:
    if body is None:
        return {}
    binary = isinstance(body, bytes)
    return {"Content-Type": "application/octet-stream" if binary else "application/json"}
