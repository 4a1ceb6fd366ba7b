"""A cloud in memory behind a ``Connection``: keeps objects, records calls, fails on demand."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

from isotherm.core.errors import Gone, RemoteError
from isotherm.kit import services
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.connection import Connection, Reply, Request
from isotherm.kit.entity import Entity


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it was made; ``what`` is an entity's key, or ``METHOD path`` of ``call``."""

    verb: str
    what: str
    physical_id: str = ""
    body: Any = None
    parent: str = ""
    microversion: str = ""
    beside: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class RecordingCloud(Connection):
    """Objects keep the fields they were created with; nothing changes by itself: a test
    moves them with ``put``. Requests for objects of declared entities (and of ``entities``)
    are recorded by verb; others are a ``call``, as those are for which ``replies`` has
    something (``METHOD path``; of HEAD the headers). Replies of actions are what it says for
    ``ACTION``.
    """

    time: str = "2026-01-01T00:00:00Z"
    calls: list[Call] = field(default_factory=list)
    replies: dict[str, Any] = field(default_factory=dict)
    entities: tuple[Entity, ...] = ()
    _objects: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)
    _errors: dict[tuple[str, str], list[RemoteError]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    # -- the test's side ---------------------------------------------------------

    @property
    def api(self) -> CloudApi:
        return CloudApi(self)

    def put(
        self, entity: Entity, physical_id: str, *, parent: str = "", **fields: Any
    ) -> dict[str, Any]:
        """Create an object, or change the fields of one that exists."""
        if entity not in self.entities:
            self.entities = (entity, *self.entities)
        collection = self._collection(entity, parent)
        remote = collection.setdefault(physical_id, {entity.id_field: physical_id})
        remote.update(fields)
        return remote

    def remove(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        self._collection(entity, parent).pop(physical_id, None)

    def objects(self, entity: Entity, *, parent: str = "") -> dict[str, dict[str, Any]]:
        return self._collection(entity, parent)

    def fail(self, verb: str, what: str, *errors: RemoteError) -> None:
        """Answer the next calls of this kind with these errors, one each."""
        self._errors.setdefault((verb, what), []).extend(errors)

    def made(self, verb: str = "", what: str = "") -> list[Call]:
        """The recorded calls of one kind, or of all kinds but reads."""
        return [
            each
            for each in self.calls
            if (each.verb == verb if verb else each.verb not in ("show", "list"))
            and (not what or each.what == what)
        ]

    # -- the port's side -----------------------------------------------------------

    async def send(self, request: Request) -> Reply:
        path, _, query = request.path.partition("?")
        what = f"{request.method} {request.path}"
        place = None if self._told_of(what) else self._place(request.service, path)
        if place is None or not place.takes(request, query):
            self._record("call", what, body=request.body, microversion=request.microversion)
            told = copy.deepcopy(self.replies.get(what))
            return Reply(None, told or {}) if request.method == "HEAD" else Reply(told)
        answer = {"GET": self._read, "POST": self._post, "DELETE": self._delete}
        return Reply(answer.get(request.method, self._change)(place, request, query))

    async def address(self, service: str) -> str:
        return f"http://cloud/{service}"

    def _told_of(self, what: str) -> bool:
        return what in self.replies or bool(self._errors.get(("call", what)))

    def _place(self, service: str, path: str) -> _Place | None:
        for entity in (*self.entities, *_declared()):
            if entity.service != service:
                continue
            if path == entity.list_path:
                return _Place(entity)
            if found := _pattern(entity.path).fullmatch(path):
                parts = {name: unquote(each or "") for name, each in found.groupdict("").items()}
                return _Place(entity, **parts)
        return None

    def _read(self, place: _Place, request: Request, query: str) -> Any:
        entity, what = place.entity, place.what
        if place.physical_id:
            self._record("show", what, place.physical_id, parent=place.parent)
            return place.wrapped(self._existing(place))
        filters = parse_qs(query)
        told = {name: each if len(each) > 1 else each[0] for name, each in filters.items()}
        self._record("list", what, body=told, parent=place.parent)
        found = self._collection(entity, place.parent).values()
        return {entity.plural: [copy.deepcopy(each) for each in found if _meets(each, filters)]}

    def _post(self, place: _Place, request: Request, query: str) -> Any:
        entity, what, parent = place.entity, place.what, place.parent
        if place.action:
            ((action, arguments),) = request.body.items()
            self._record(
                "act", action, place.physical_id, arguments, microversion=request.microversion
            )
            return copy.deepcopy(self.replies.get(action))
        body = request.body.get(entity.key, request.body)
        beside = {name: each for name, each in request.body.items() if name != entity.key}
        self._record(
            "create",
            what,
            body=body,
            parent=parent,
            microversion=request.microversion,
            beside=beside if entity.key else {},
        )
        physical_id = str(body.get(entity.id_field) or self._next_id(what))
        fields = {**copy.deepcopy(dict(body)), "created_at": self.time}
        fields[entity.id_field] = physical_id
        return place.wrapped(self.put(entity, physical_id, parent=parent, **fields))

    def _change(self, place: _Place, request: Request, query: str) -> Any:
        body = request.body.get(place.entity.key, request.body) if request.body else None
        self._record("update", place.what, place.physical_id, body, place.parent)
        remote = self._existing(place)
        remote.update(copy.deepcopy(dict(body or {})))
        return place.wrapped(remote)

    def _delete(self, place: _Place, request: Request, query: str) -> Any:
        self._record("delete", place.what, place.physical_id, parent=place.parent)
        self._existing(place)
        self.remove(place.entity, place.physical_id, parent=place.parent)

    # -- inside ------------------------------------------------------------------

    def _collection(self, entity: Entity, parent: str) -> dict[str, dict[str, Any]]:
        path = entity.path.replace("{parent}", parent)
        return self._objects.setdefault((entity.service, path), {})

    def _existing(self, place: _Place) -> dict[str, Any]:
        try:
            return self._collection(place.entity, place.parent)[place.physical_id]
        except KeyError:
            text = f"{place.entity.operation} {place.physical_id} could not be found"
            raise Gone(text, status=404) from None

    def _record(
        self,
        verb: str,
        what: str,
        physical_id: str = "",
        body: Any = None,
        parent: str = "",
        **more: Any,
    ) -> None:
        self.calls.append(Call(verb, what, physical_id, copy.deepcopy(body), parent, **more))
        if waiting := self._errors.get((verb, what)):
            raise waiting.pop(0)

    def _next_id(self, what: str) -> str:
        self._numbers[what] = self._numbers.get(what, 0) + 1
        return f"{what}-{self._numbers[what]}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a path leads: to all objects of an entity, to one, or to its actions."""

    entity: Entity
    parent: str = ""
    physical_id: str = ""
    action: str = ""

    @property
    def what(self) -> str:
        return self.entity.key or self.entity.plural

    def takes(self, request: Request, query: str) -> bool:
        """Whether it is an entity's own request: only listings have queries, bodies are maps."""
        if query and (request.method != "GET" or self.physical_id):
            return False
        return request.body is None or isinstance(request.body, Mapping)

    def wrapped(self, remote: Mapping[str, Any]) -> dict[str, Any]:
        shown = copy.deepcopy(dict(remote))
        return {self.entity.key: shown} if self.entity.key else shown


@cache
def _declared() -> tuple[Entity, ...]:
    modules = (getattr(services, name) for name in services.__all__)
    return tuple(
        each for module in modules for each in vars(module).values() if isinstance(each, Entity)
    )


@cache
def _pattern(path: str) -> re.Pattern[str]:
    collection = re.escape(path).replace(r"\{parent\}", "(?P<parent>[^/]+)")
    return re.compile(f"{collection}(/(?P<physical_id>[^/]+)(?P<action>/action)?)?")


def _meets(remote: Mapping[str, Any], filters: Mapping[str, list[str]]) -> bool:
    return all(
        any(_matches(remote.get(name, ""), each) for each in wanted)
        for name, wanted in filters.items()
    )


def _matches(value: Any, wanted: str) -> bool:
    """By parts, as some services do; by a pattern where it is one. ``None`` is no filter."""
    if wanted == "None":
        return True
    if wanted.startswith("^"):
        return re.search(wanted, str(value)) is not None
    return wanted.lower() in str(value).lower()
