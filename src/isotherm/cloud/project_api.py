"""The cloud as one project's delegate, or one caller, sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableSequence, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from isotherm.cloud.endpoints import knows_microversions, microversion_headers
from isotherm.cloud.finders import find
from isotherm.cloud.paging import next_query, queries
from isotherm.cloud.sessions import Session
from isotherm.cloud.transport import Reply, Request, Transport
from isotherm.core.errors import Denied, Gone
from isotherm.kit.context import CloudApi, Filter
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Remote

Negotiate = Callable[[str, str], Awaitable[str]]
"""From service and wanted microversion to the one to send."""

_NO_ID = frozenset({"", ".", ".."})
"""Would make the path of one object that of its collection."""


class ProjectApi(CloudApi):
    """See ``CloudApi``. Cheap to make; all state is the session's and the transport's."""

    def __init__(self, session: Session, transport: Transport, negotiate: Negotiate) -> None:
        self._session = session
        self._transport = transport
        self._negotiate = negotiate

    async def create(self, entity: Entity, body: Mapping[str, Any], *, parent: str = "") -> Remote:
        return await self._one(entity, "POST", _collection(entity.path, parent), body)

    async def show(self, entity: Entity, physical_id: str, *, parent: str = "") -> Remote:
        return await self._one(entity, "GET", _object(entity, physical_id, parent))

    async def list(self, entity: Entity, *, parent: str = "", **filters: Filter) -> list[Remote]:
        path = _collection(entity.list_path or entity.path, parent)
        found: list[Remote] = []
        for query in queries(filters):
            await self._collect(entity, path, query, found)
        return found

    async def update(
        self, entity: Entity, physical_id: str, body: Mapping[str, Any], *, parent: str = ""
    ) -> Remote:
        path = _object(entity, physical_id, parent)
        return await self._one(entity, entity.update_method, path, body)

    async def delete(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        path = _object(entity, physical_id, parent)
        await self.call(entity.service, "DELETE", path, microversion=entity.microversion)

    async def act(
        self, entity: Entity, physical_id: str, action: str, arguments: Any = None
    ) -> Any:
        path = f"{_object(entity, physical_id, '')}/action"
        body = {action: arguments}
        return await self.call(entity.service, "POST", path, body, microversion=entity.microversion)

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        microversion: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """As in the protocol; ``path`` is quoted already, a query may follow it. The reply
        to HEAD is its headers."""
        reply = await self._send(
            service,
            method,
            path,
            _content(body),
            {
                **_content_type(body),
                **await self._microversion(service, microversion),
                **(headers or {}),
            },
        )
        return dict(reply.headers) if method == "HEAD" else reply.data()

    async def find(self, finder: str, name_or_id: str) -> str:
        return await find(self, finder, name_or_id)

    async def _one(
        self, entity: Entity, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Remote:
        wrapped = {entity.key: body} if entity.key and body is not None else body
        reply = await self.call(
            entity.service, method, path, wrapped, microversion=entity.microversion
        )
        remote = reply.get(entity.key, reply) if isinstance(reply, dict) else None
        return remote if isinstance(remote, dict) else {}

    async def _collect(
        self, entity: Entity, path: str, query: str, found: MutableSequence[Remote]
    ) -> None:
        """Append all pages. A link that leads back where we were ends the list."""
        seen: set[str] = set()
        while query not in seen:
            seen.add(query)
            page = await self.call(
                entity.service,
                "GET",
                f"{path}?{query}" if query else path,
                microversion=entity.microversion,
            )
            found.extend(_objects(entity, page))
            if not (query := next_query(page, entity.plural)):
                return

    async def _send(
        self,
        service: str,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
    ) -> Reply:
        """With a new token once, if the present one is rejected."""
        base = (await self._session.catalogue()).base_url(service)
        url = f"{base}/{path.lstrip('/')}"
        token = await self._session.token()
        try:
            return await self._transport.send(
                Request(service, method, url, {**headers, "X-Auth-Token": token}, content)
            )
        except Denied as error:
            if error.status != 401:
                raise
        token = await self._session.renew(token)
        return await self._transport.send(
            Request(service, method, url, {**headers, "X-Auth-Token": token}, content)
        )

    async def _microversion(self, service: str, wanted: str) -> Mapping[str, str]:
        if not wanted or not knows_microversions(service):
            return {}
        return microversion_headers(service, await self._negotiate(service, wanted))


def _collection(path: str, parent: str) -> str:
    if "{parent}" not in path:
        return path
    if parent in _NO_ID:
        raise Gone("There is no object that this one could belong to.")
    return path.replace("{parent}", quote(parent, safe=""))


def _object(entity: Entity, physical_id: str, parent: str) -> str:
    if physical_id in _NO_ID:
        raise Gone(f"There is no {entity.operation} without an id.")
    return f"{_collection(entity.path, parent)}/{quote(physical_id, safe='')}"


def _objects(entity: Entity, page: Any) -> Sequence[Remote]:
    """The objects of one page; some services wrap each of them once more."""
    listed: Sequence[Remote] = page.get(entity.plural, ()) if isinstance(page, dict) else page
    if listed and entity.key and listed[0].keys() == {entity.key}:
        return [each[entity.key] for each in listed]
    return listed or ()


def _content(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return msgspec.json.encode(body)


def _content_type(body: Any) -> Mapping[str, str]:
    if body is None:
        return {}
    binary = isinstance(body, bytes)
    return {"Content-Type": "application/octet-stream" if binary else "application/json"}
