"""The cloud as one project's delegate, or one caller, reaches it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import msgspec

from isotherm.cloud.endpoints import described, knows_microversions, microversion_headers
from isotherm.cloud.places import Places
from isotherm.cloud.sessions import Session
from isotherm.cloud.transport import Exchange, Transport
from isotherm.core.errors import Denied, NoSuchService
from isotherm.kit.connection import Connection, Reply, Request
from isotherm.kit.place import HERE

Negotiate = Callable[[str, str], Awaitable[str]]
"""From service and wanted microversion to the one to send."""


class ProjectConnection(Connection):
    """Adds what every request needs: endpoint, token, microversion. Cheap to make; all state
    is the session's and the transport's."""

    def __init__(
        self,
        session: Session,
        transport: Transport,
        negotiate: Negotiate,
        places: Places | None = None,
    ) -> None:
        self._session = session
        self._transport = transport
        self._negotiate = negotiate
        self._places = places

    async def send(self, request: Request) -> Reply:
        """As whoever the session stands for; in other clouds as the account that is named."""
        if request.place == HERE or self._places is None:
            return await self._send(request, self._session, self._transport)
        session, transport = await self._places.reach(
            request.place, self._session, self._transport, self._read_secret
        )
        try:
            return await self._send(request, session, transport)
        except Denied:
            self._places.forget(request.place, self._session)
            raise

    async def _read_secret(self, secret_id: str) -> Any:
        path = f"/secrets/{quote(secret_id.rstrip('/').rpartition('/')[2], safe='')}/payload"
        request = Request("key-manager", "GET", path, headers={"Accept": "*/*"})
        return (await self._send(request, self._session, self._transport)).body

    async def _send(self, request: Request, session: Session, transport: Transport) -> Reply:
        """With a new token once, if the present one is rejected."""
        base = await _base_url(session, request)
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
        token = await session.token()
        try:
            return await transport.send(_signed(prepared, token))
        except Denied as error:
            if error.status != 401 or request.keeps_token:
                raise
        token = await session.renew(token)
        return await transport.send(_signed(prepared, token))

    async def address(self, service: str) -> str:
        return (await self._session.catalogue()).public_url(service)

    async def _microversion(self, service: str, wanted: str) -> Mapping[str, str]:
        if not wanted or not knows_microversions(service):
            return {}
        return microversion_headers(service, await self._negotiate(service, wanted))


async def _base_url(session: Session, request: Request) -> str:
    """Raises NoSuchService where the catalogue has no such service, nor a newer one."""
    service, region = request.service, request.place.region
    try:
        return (await session.catalogue()).base_url(service, region)
    except NoSuchService:
        return (await session.latest_catalogue()).base_url(service, region)


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
