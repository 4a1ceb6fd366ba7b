"""The cloud as resource types talk to it: objects by their coordinates, over a connection."""

from __future__ import annotations

from collections.abc import Mapping, MutableSequence, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import isotherm.kit.services  # noqa: F401  (declares the finders)
from isotherm.core.errors import Gone
from isotherm.kit.connection import Connection, Reply, Request
from isotherm.kit.entity import Entity
from isotherm.kit.finder import find
from isotherm.kit.outcomes import Remote
from isotherm.kit.paging import Filter, next_query, queries
from isotherm.kit.place import HERE, Place

_NO_ID = frozenset({"", ".", ".."})
"""Would make the path of one object that of its collection."""


class CloudApi:
    """The cloud as one project's delegate, or one caller, sees it; cheap to make.

    Every method raises the ``RemoteError`` classes of ``core.errors`` and nothing else.
    ``parent`` fills ``{parent}`` in the entity's path.
    """

    def __init__(self, connection: Connection, place: Place = HERE) -> None:
        self.connection = connection
        self.place = place

    def at(self, place: Place) -> CloudApi:
        """The same in another place."""
        return CloudApi(self.connection, place)

    async def create(
        self,
        entity: Entity,
        body: Mapping[str, Any],
        *,
        parent: str = "",
        beside: Mapping[str, Any] | None = None,
    ) -> Remote:
        """POST; the created object. ``beside`` stands next to the wrapped object in the body."""
        wrapped = {**_wrapped(entity, body), **(beside or {})}
        return await self._one(entity, "POST", _collection(entity.path, parent), wrapped)

    async def show(self, entity: Entity, physical_id: str, *, parent: str = "") -> Remote:
        """GET one object; raises Gone."""
        return await self._one(entity, "GET", object_path(entity, physical_id, parent))

    async def look(self, entity: Entity, physical_id: str, *, parent: str = "") -> Remote | None:
        """GET one object; None where there is none (any more)."""
        try:
            return await self.show(entity, physical_id, parent=parent)
        except Gone:
            return None

    async def list(self, entity: Entity, *, parent: str = "", **filters: Filter) -> list[Remote]:
        """GET all objects (all pages) that meet the filters; of a sequence any value will do."""
        path = _collection(entity.list_path or entity.path, parent)
        found: list[Remote] = []
        for query in queries(filters):
            await self._collect(entity, path, query, found)
        return found

    async def update(
        self, entity: Entity, physical_id: str, body: Mapping[str, Any], *, parent: str = ""
    ) -> Remote:
        """PUT or PATCH, as the entity says; the changed object. None clears a field."""
        path = object_path(entity, physical_id, parent)
        if not entity.patch_type:
            return await self._one(entity, entity.update_method, path, _wrapped(entity, body))
        if None in body.values():
            # What is not there cannot be removed; an earlier attempt may have done it.
            there = await self.show(entity, physical_id, parent=parent)
            body = {n: each for n, each in body.items() if each is not None or n in there}
        return await self._one(entity, entity.update_method, path, _patch(body))

    async def delete(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        """DELETE; raises Gone where there is nothing (any more)."""
        await self._send(entity, "DELETE", object_path(entity, physical_id, parent))

    async def drop(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        """DELETE; nothing is fine, too."""
        with suppress(Gone):
            await self.delete(entity, physical_id, parent=parent)

    async def act(
        self, entity: Entity, physical_id: str, action: str, arguments: Any = None
    ) -> Any:
        """POST {action: arguments} to the object's ``/action``; the body of the reply."""
        path = f"{object_path(entity, physical_id)}/action"
        return (await self._send(entity, "POST", path, {action: arguments})).body

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
        """Any other request; ``body`` is sent as JSON, bytes as they are; the parsed reply,
        and of HEAD the headers."""
        request = Request(service, method, path, body, microversion, headers or {}, self.place)
        reply = await self.connection.send(request)
        return dict(reply.headers) if method == "HEAD" else reply.body

    async def address(self, service: str) -> str:
        """Where users of the project reach the service, without a slash at the end."""
        return await self.connection.address(service)

    async def find(self, finder: str, name_or_id: str) -> str:
        """The id of the object that the finder (``glance.image``) knows by this name or id.

        Raises Gone where there is none and Refused where a name is not unique.
        """
        return await find(self, finder, name_or_id)

    async def _one(self, entity: Entity, method: str, path: str, body: Any = None) -> Remote:
        reply = (await self._send(entity, method, path, body)).body
        remote = reply.get(entity.key, reply) if isinstance(reply, dict) else None
        return remote if isinstance(remote, dict) else {}

    async def _collect(
        self, entity: Entity, path: str, query: str, found: MutableSequence[Remote]
    ) -> None:
        """Append all pages. A link that leads back where we were ends the list."""
        seen: set[str] = set()
        while query not in seen:
            seen.add(query)
            page = (await self._send(entity, "GET", f"{path}?{query}" if query else path)).body
            found.extend(_objects(entity, page))
            if not (query := next_query(page, entity.plural)):
                return

    async def _send(self, entity: Entity, method: str, path: str, body: Any = None) -> Reply:
        headers = {"Content-Type": entity.patch_type} if isinstance(body, list) else {}
        return await self.connection.send(
            Request(entity.service, method, path, body, entity.microversion, headers, self.place)
        )


def object_path(entity: Entity, physical_id: str, parent: str = "") -> str:
    """Raises Gone where there is no id: the path would be that of all objects."""
    if entity.by_reference:
        physical_id = physical_id.rstrip("/").rpartition("/")[2]
    if physical_id in _NO_ID:
        raise Gone(f"There is no {entity.operation} without an id.")
    return f"{_collection(entity.path, parent)}/{quote(physical_id, safe='')}"


def _collection(path: str, parent: str) -> str:
    if "{parent}" not in path:
        return path
    if parent in _NO_ID:
        raise Gone("There is no object that this one could belong to.")
    return path.replace("{parent}", quote(parent, safe=""))


def _wrapped(entity: Entity, body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {entity.key: body} if entity.key and not entity.bare_requests else body


def _patch(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """As a JSON patch, removals last; what is added replaces what is there."""
    return [
        {"op": "remove", "path": f"/{name}"}
        if value is None
        else {"op": "add", "path": f"/{name}", "value": value}
        for name, value in sorted(body.items(), key=lambda each: each[1] is None)
    ]


def _objects(entity: Entity, page: Any) -> Sequence[Remote]:
    """The objects of one page; some services wrap each of them once more."""
    listed: Sequence[Remote] = page.get(entity.plural, ()) if isinstance(page, dict) else page
    if listed and entity.key and listed[0].keys() == {entity.key}:
        return [each[entity.key] for each in listed]
    return listed or ()
